// SPDX-License-Identifier: Apache-2.0

import BioSystem
import CSystem
import Glibc

/// Makes a project's directory out of the templates and the SDK that are installed with this program: beside its place,
/// then renamed, so that it is there as a whole or not at all.
package struct ProjectDirectory {
    /// Holds `templates/`, `sdk/` and `LICENSE`.
    private let share: String
    private let project: PluginProject

    private static let largest = 16 << 20

    package init(_ project: PluginProject, share: String) {
        self.project = project
        self.share = share
    }

    /// Makes `directory`/NAME, and gives its path. `directory` is made when it is not there.
    package func make(in directory: String) throws(PluginProjectError) -> String {
        let path = "\(directory)/\(project.name)"
        let language = project.language.rawValue
        for folder in ["templates/common", "templates/\(language)", "sdk/\(language)"] {
            guard try status("\(share)/\(folder)")?.kind == .directory else { throw .noTemplates("\(share)/\(folder)") }
        }
        guard try status(path) == nil else { throw .exists(path) }
        do throws(SystemError) {
            try Directory.create(directory)
            let draft = try TemporaryDirectory(in: directory, prefix: ".\(project.name)-")
            try copy("\(share)/templates/common", to: draft.path, filledIn: true)
            try copy("\(share)/templates/\(language)", to: draft.path, filledIn: true)
            try copy("\(share)/sdk/\(language)", to: "\(draft.path)/sdk", filledIn: false)
            try writeLicense(to: draft.path)
            guard chmod(draft.path, 0o755) == 0 else { throw SystemError("change the mode of", draft.path) }
            if bio_rename_noreplace(AT_FDCWD, draft.path, AT_FDCWD, path) != 0 {
                throw SystemError("rename into", path)
            }
            _ = draft.keep()
        } catch {
            throw error.errno == .exists && error.path == path ? .exists(path) : .system(error)
        }
        return path
    }

    private func status(_ path: String) throws(PluginProjectError) -> FileStatus? {
        do throws(SystemError) { return try FileStatus.of(path) } catch { throw .system(error) }
    }

    /// Copies a tree over what is there; a template's marks become the project's words.
    private func copy(_ source: String, to place: String, filledIn: Bool) throws(SystemError) {
        try Directory.create(place)
        for bytes in try Directory.names(source) {
            let name = String(decoding: bytes, as: UTF8.self)
            // A template's own would be heeded by the project that it belongs to.
            let target = "\(place)/\(filledIn && name == "gitignore" ? ".gitignore" : name)"
            guard let status = try FileStatus.of("\(source)/\(name)") else { continue }
            if status.kind == .directory {
                try copy("\(source)/\(name)", to: target, filledIn: filledIn)
            } else {
                let contents = try Self.contents("\(source)/\(name)")
                try Self.write(filledIn ? filled(contents) : contents, to: target, mode: status.mode & 0o755 | 0o644)
            }
        }
    }

    private func filled(_ contents: [UInt8]) -> [UInt8] {
        var text = String(decoding: contents, as: UTF8.self)
        for (mark, word) in project.words { text = text.replacing(mark, with: word) }
        return Array(text.utf8)
    }

    private func writeLicense(to place: String) throws(SystemError) {
        let own = "SPDX-License-Identifier: \(project.license)\n\nThe text of the licence belongs here.\n"
        let text = project.license == "Apache-2.0" ? try Self.contents("\(share)/LICENSE") : Array(own.utf8)
        try Self.write(text, to: "\(place)/LICENSE", mode: 0o644)
        try Self.write(try Self.contents("\(share)/LICENSE"), to: "\(place)/sdk/LICENSE", mode: 0o644)
    }

    private static func contents(_ path: String) throws(SystemError) -> [UInt8] {
        let file = try FileDescriptor.open(path, O_RDONLY)
        do throws(Errno) { return try file.readToEnd(limit: largest) } catch { throw SystemError("read", path, error) }
    }

    /// Nobody sees the file before the whole project is there, so it is written as it is.
    private static func write(_ bytes: [UInt8], to path: String, mode: UInt32) throws(SystemError) {
        let file = try FileDescriptor.open(path, O_WRONLY | O_CREAT | O_TRUNC, mode: mode)
        do throws(Errno) {
            try file.writeAll(bytes)
            try file.setMode(mode)
        } catch { throw SystemError("write", path, error) }
    }
}
