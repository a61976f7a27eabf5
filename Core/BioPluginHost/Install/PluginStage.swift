// SPDX-License-Identifier: Apache-2.0

import BioPackage
import BioSystem
import Glibc

/// An empty directory beside a plugin's place, being filled with what a source holds.
struct PluginStage: ~Copyable {
    let directory: String
    private let source: String
    private let stage: TemporaryDirectory
    private var tree: PluginTree
    private var entries: [PluginFileList.Entry] = []
    private var bytes: Int64 = 0

    static let prefix = ".installing-"

    /// In `place`, on whose file system it can be renamed to where it belongs.
    init(in place: String, source: String) throws(SystemError) {
        let stage = try TemporaryDirectory(in: place, prefix: Self.prefix)
        let directory = "\(stage.path)/plugin"
        try Directory.create(directory)
        guard chmod(directory, 0o755) == 0 else { throw SystemError("set the mode of", directory) }
        tree = try PluginTree(directory)
        self.directory = directory
        self.source = source
        self.stage = stage
    }

    /// Writes one file. `path` is hostile; `next` gives its blocks.
    mutating func add(_ path: [UInt8], isExecutable: Bool, next: () throws -> UnsafeRawBufferPointer?) throws {
        guard let text = String(validating: path, as: UTF8.self) else {
            throw stranger(String(decoding: path, as: UTF8.self), "has a name that is not UTF-8")
        }
        if !PluginFileList.unlisted.contains(text), let wrong = PluginFileList.wrongPath(text) {
            throw stranger(text, wrong)
        }
        guard entries.count < PluginFileList.mostFiles else { throw stranger(text, "is one file too many") }
        do {
            let entry = try tree.write(
                text, isExecutable: isExecutable, limit: PluginFileList.mostBytes - bytes, next: next)
            bytes += entry.size
            entries.append(entry)
        } catch let error as SystemError {
            switch error.errno {
            case .exists, .notDirectory: throw stranger(text, "is there twice, or lies in a file")
            case _ where error.errno.rawValue == EFBIG: throw PluginInstallError.tooLarge(source: source)
            default: throw error
            }
        }
    }

    func stranger(_ path: String, _ why: String) -> PluginInstallError {
        .stranger(source: source, path: path, why: why)
    }

    /// The directory in the stage that holds `plugin.toml`: the stage itself, or the only one in it.
    func base(_ source: String) throws(PluginInstallError) -> String {
        if entries.contains(where: { $0.path == PluginManifest.fileName }) { return "" }
        let tops = Set(entries.compactMap { $0.path.split(separator: "/").first.map { String($0) } })
        let plugins = tops.filter { top in entries.contains { $0.path == "\(top)/\(PluginManifest.fileName)" } }
        if plugins.count > 1 { throw .severalPlugins(source: source, plugins.sorted()) }
        guard let base = plugins.first else { throw .noPlugin(source: source) }
        if let other = entries.first(where: { !$0.path.hasPrefix("\(base)/") }) {
            throw stranger(other.path, "lies beside the plugin '\(base)'")
        }
        return base
    }

    /// What a list of the plugin in `base` holds.
    func entries(in base: String) -> [PluginFileList.Entry] {
        let skipped = base.isEmpty ? 0 : base.utf8.count + 1
        return entries.compactMap { entry in
            let path = String(decoding: entry.path.utf8.dropFirst(skipped), as: UTF8.self)
            if PluginFileList.unlisted.contains(path) { return nil }
            return .init(path: path, size: entry.size, digest: entry.digest, isExecutable: entry.isExecutable)
        }
    }

    /// What removes all of it.
    consuming func end() -> TemporaryDirectory { stage }
}
