// SPDX-License-Identifier: Apache-2.0

package import BioCrypto
import BioDocument
import BioExport
package import BioPackage
import BioSystem
import Glibc

/// What `plugin.toml` says of a plugin (docs/reference/plugins.md): read without opening the library.
package struct PluginManifest: Hashable, Sendable {
    package let id: String
    package let name: String
    package let version: String
    package let summary: String
    package let license: String
    /// File name of the library, beside the manifest.
    package let library: String
    package let target: PackageTarget
    package let formats: [String]
    package let abiBuilt: ABIVersion
    package let abiNeeded: ABIVersion
    /// Programs of the machine that it may have run; the key may be missing.
    package let tools: [String]
    package let kind: Kind
    /// Whether a native plugin starts processes of its own; the bridge of kind `exec` does in any case.
    package let processes: Bool
    /// BLAKE2b-256 of the manifest's text.
    package let digest: Digest

    package enum Kind: String, Hashable, Sendable, CaseIterable {
        /// A library that does its work itself.
        case native
        /// The bridge to a script or program beside the manifest.
        case exec
    }

    /// Whether it may start processes of its own.
    package var startsProcesses: Bool { processes || kind == .exec }

    package static let fileName = "plugin.toml"
    package static let currentRevision = 1
    static let largest = 64 * 1024

    /// Why a manifest was refused, and where.
    package struct Refusal: Error, Hashable, Sendable, CustomStringConvertible {
        package let path: String
        package let text: String
        package var description: String { "\(path): \(text)" }
    }

    /// Reads the manifest in `directory`.
    package static func read(in directory: String) throws(Refusal) -> PluginManifest {
        let path = "\(directory)/\(fileName)"
        let bytes: [UInt8]
        do {
            bytes = try FileDescriptor.open(path, O_RDONLY | O_NONBLOCK).readToEnd(limit: largest)
        } catch let error as SystemError {
            throw Refusal(path: path, text: "\(error.errno)")
        } catch { throw Refusal(path: path, text: "\(error)") }
        return try PluginManifest(parsing: bytes, path: path)
    }

    /// Reads the text of a manifest; `path` is for errors.
    package init(parsing bytes: [UInt8], path: String) throws(Refusal) {
        let document: TOMLDocument
        do throws(DocumentError) { document = try TOMLDocument(parsing: bytes) } catch {
            throw Refusal(path: "\(path):\(error.position.line)", text: error.problem.sentence)
        }
        try self.init(document, digest: .blake2b256(of: bytes), path: path)
    }

    private init(_ document: TOMLDocument, digest: Digest, path: String) throws(Refusal) {
        self.digest = digest
        let fields = ManifestFields(document: document, path: path)
        guard case let revision = try fields.integer("manifest"), revision == Self.currentRevision else {
            throw fields.refusal("manifest", "the manifest's revision is not \(Self.currentRevision)")
        }
        id = try fields.text("id")
        if let wrong = PluginDescription.wrongID(id) { throw fields.refusal("id", "the id '\(id)' \(wrong)") }
        name = try fields.text("name")
        version = try fields.text("version")
        summary = try fields.text("summary")
        license = try fields.text("license")
        library = try fields.text("library")
        guard !library.contains("/"), !library.hasPrefix("."), library.hasSuffix(".so") else {
            throw fields.refusal("library", "'\(library)' is no file name of a library beside the manifest")
        }
        let targetName = try fields.text("target")
        guard let target = try? PackageTarget(parsing: targetName) else {
            throw fields.refusal("target", "'\(targetName)' is no target")
        }
        self.target = target
        formats = try fields.texts("formats")
        for format in formats where !FormatDescription.isWord(format) {
            throw fields.refusal("formats", "\(format.quoted) is no format name")
        }
        guard !formats.isEmpty else { throw fields.refusal("formats", "there is no format") }
        tools = document.value["tools"] == nil ? [] : try fields.texts("tools")
        for tool in tools where !ToolBox.isName(tool) {
            throw fields.refusal("tools", "\(tool.quoted) is no name of a program")
        }
        let kindName = document.value["kind"] == nil ? Kind.native.rawValue : try fields.text("kind")
        guard let kind = Kind(rawValue: kindName) else {
            throw fields.refusal("kind", "the kind \(kindName.quoted) is not known, 'native' and 'exec' are")
        }
        self.kind = kind
        if kind == .exec { try fields.command() }
        processes = document.value["processes"] == nil ? false : try fields.flag("processes")
        abiBuilt = try fields.abi("built")
        abiNeeded = try fields.abi("needed")
    }
}

/// Typed reading of a manifest's keys, with the line in every refusal.
private struct ManifestFields {
    let document: TOMLDocument
    let path: String

    func refusal(_ key: String, _ text: String) -> PluginManifest.Refusal {
        PluginManifest.Refusal(path: "\(path):\(document.position(of: .key(key)).line)", text: text)
    }

    private func value(_ key: String) throws(PluginManifest.Refusal) -> DocumentValue {
        guard let value = document.value[key] else { throw refusal(key, "the key '\(key)' is missing") }
        return value
    }

    func text(_ key: String) throws(PluginManifest.Refusal) -> String {
        guard let text = try value(key).string, !text.isEmpty else {
            throw refusal(key, "'\(key)' is not a text with something in it")
        }
        // It is shown on terminals.
        guard !text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) else {
            throw refusal(key, "'\(key)' holds control characters")
        }
        return text
    }

    func integer(_ key: String) throws(PluginManifest.Refusal) -> Int {
        guard let number = try value(key).int else { throw refusal(key, "'\(key)' is no whole number") }
        return number
    }

    func flag(_ key: String) throws(PluginManifest.Refusal) -> Bool {
        guard let flag = try value(key).bool else { throw refusal(key, "'\(key)' is neither true nor false") }
        return flag
    }

    func texts(_ key: String) throws(PluginManifest.Refusal) -> [String] {
        guard let items = try value(key).array else { throw refusal(key, "'\(key)' is no list") }
        return try items.map { (item) throws(PluginManifest.Refusal) in
            guard let text = item.string else { throw refusal(key, "'\(key)' holds something that is no text") }
            return text
        }
    }

    /// `[exec] command`, which the bridge reads for itself.
    func command() throws(PluginManifest.Refusal) {
        let words = document.value["exec"]?["command"]?.array ?? []
        guard let program = words.first?.string, !program.isEmpty, words.allSatisfy({ $0.string != nil }) else {
            throw refusal("exec", "'exec.command' is no list of a program and its arguments")
        }
    }

    func abi(_ key: String) throws(PluginManifest.Refusal) -> ABIVersion {
        guard let text = try value("abi")[key]?.string, let version = ABIVersion(parsing: text) else {
            throw refusal("abi", "'abi.\(key)' is no version such as \"1.0\"")
        }
        return version
    }
}
