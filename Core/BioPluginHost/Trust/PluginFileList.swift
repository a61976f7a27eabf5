// SPDX-License-Identifier: Apache-2.0

package import BioCrypto
import BioDocument
package import BioPackage

/// `plugin.files`: every file of a plugin with its digest. This text, byte for byte, is what is signed
/// (docs/reference/plugin-trust.md). There is one text for one content: whatever else parses is refused.
package struct PluginFileList: Hashable, Sendable {
    package struct Entry: Hashable, Sendable {
        /// Relative to the plugin's directory.
        package let path: String
        package let size: Int64
        /// BLAKE2b-256.
        package let digest: Digest
        package let isExecutable: Bool

        package init(path: String, size: Int64, digest: Digest, isExecutable: Bool) {
            self.path = path
            self.size = size
            self.digest = digest
            self.isExecutable = isExecutable
        }
    }

    package let id: String
    package let version: String
    package let target: PackageTarget
    /// In byte order of their paths.
    package let entries: [Entry]

    package static let fileName = "plugin.files"
    /// Also what tells a signature over it from those over packages, which sign 64 hexadecimal digits.
    static let magic = "BIO-PLUGIN-FILES-1"
    static let largest = 1 << 20
    static let mostFiles = 4096
    static let mostBytes: Int64 = 1 << 30
    /// What is made beside the files of a plugin, and proves itself.
    static let unlisted: Set<String> = [fileName, PluginSignature.fileName, PluginDescription.fileName]

    /// Why a text is no list of files, and where; line 0 for what concerns the whole.
    package struct Refusal: Error, Hashable, Sendable, CustomStringConvertible {
        package let line: Int
        package let text: String
        package var description: String {
            line == 0 ? "\(PluginFileList.fileName): \(text)" : "\(PluginFileList.fileName):\(line): \(text)"
        }
    }

    /// A list of `entries` in any order.
    package init(id: String, version: String, target: PackageTarget, entries: [Entry]) throws(Refusal) {
        self.id = id
        self.version = version
        self.target = target
        self.entries = entries.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
        if let wrong = PluginDescription.wrongID(id) { throw Refusal(line: 2, text: "the id \(id.quoted) \(wrong)") }
        guard !version.isEmpty, !Self.holdsControls(version) else {
            throw Refusal(line: 3, text: "\(version.quoted) is no version")
        }
        if let wrong = Self.wrong(self.entries) { throw Refusal(line: 0, text: wrong) }
    }

    package var text: String {
        var text = "\(Self.magic)\nid \(id)\nversion \(version)\ntarget \(target)\n"
        for entry in entries {
            text += "file \(entry.digest.hex) \(entry.size) \(entry.isExecutable ? "x" : "-") \(entry.path)\n"
        }
        return text
    }

    package var digest: Digest { .blake2b256(of: Array(text.utf8)) }

    package subscript(path: String) -> Entry? { entries.first { $0.path.hasSameBytes(as: path) } }

    /// Whether there is more than manifest and library.
    package func holdsMore(than library: String) -> Bool {
        entries.contains { $0.path != library && $0.path != PluginManifest.fileName }
    }

    package init(parsing bytes: [UInt8]) throws(Refusal) {
        guard bytes.count <= Self.largest, let text = String(validating: bytes, as: UTF8.self) else {
            throw Refusal(line: 0, text: "it is no text of at most \(Self.largest) bytes")
        }
        // By bytes: a line end and a mark that follows it are one character.
        let lines = text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false).map { Substring($0) }
        func field(_ index: Int, _ name: String) throws(Refusal) -> String {
            guard index < lines.count, lines[index].hasPrefix("\(name) ") else {
                throw Refusal(line: index + 1, text: "'\(name)' is missing")
            }
            return String(lines[index].dropFirst(name.count + 1))
        }
        guard lines.first.map({ $0 == Self.magic }) == true else {
            throw Refusal(line: 1, text: "it does not begin with '\(Self.magic)'")
        }
        let id = try field(1, "id")
        let version = try field(2, "version")
        guard let target = try? PackageTarget(parsing: try field(3, "target")) else {
            throw Refusal(line: 4, text: "there is no target")
        }
        guard lines.count - 5 <= Self.mostFiles else {
            throw Refusal(line: 0, text: "it lists more than \(Self.mostFiles) files")
        }
        var entries: [Entry] = []
        for (index, line) in lines.enumerated().dropFirst(4).dropLast() {
            guard let entry = Self.entry(line) else { throw Refusal(line: index + 1, text: "it lists no file") }
            entries.append(entry)
        }
        try self.init(id: id, version: version, target: target, entries: entries)
        guard self.text.utf8.elementsEqual(bytes) else { throw Refusal(line: 0, text: "it is not in canonical form") }
    }

    private static func entry(_ line: Substring) -> Entry? {
        let words = line.utf8.split(separator: 0x20, maxSplits: 4, omittingEmptySubsequences: false)
            .map { Substring($0) }
        guard words.count == 5, words[0] == "file", let digest = Digest(.blake2b256, hex: words[1]),
            let size = Int64(words[2]), words[3] == "x" || words[3] == "-"
        else { return nil }
        return Entry(path: String(words[4]), size: size, digest: digest, isExecutable: words[3] == "x")
    }

    /// What no list may hold; nil when it is sound.
    private static func wrong(_ entries: [Entry]) -> String? {
        if entries.count > mostFiles { return "it lists more than \(mostFiles) files" }
        var sum: Int64 = 0
        var files: Set<String> = []
        for entry in entries {
            if let wrong = wrongPath(entry.path) { return "the path \(entry.path.quoted) \(wrong)" }
            guard files.insert(entry.path).inserted else { return "the path \(entry.path.quoted) is there twice" }
            guard 0...mostBytes ~= entry.size, sum + entry.size <= mostBytes else {
                return "its files have more than \(mostBytes >> 20) MiB"
            }
            sum += entry.size
        }
        for entry in entries {
            let parts = entry.path.split(separator: "/").dropLast()
            for count in parts.indices where files.contains(parts[...count].joined(separator: "/")) {
                return "the path \(entry.path.quoted) lies in a file"
            }
        }
        return nil
    }

    private static func holdsControls(_ text: String) -> Bool {
        text.unicodeScalars.contains { $0.properties.generalCategory == .control }
    }

    /// Why a file cannot have such a path; nil when it can. Names with a leading dot are the catalog's own.
    static func wrongPath(_ path: String) -> String? {
        if unlisted.contains(path) { return "is not the plugin's to give" }
        if path.utf8.count > 1024 { return "is too long" }
        if holdsControls(path) { return "holds control characters" }
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        if parts.count > 16 { return "is too deep" }
        if parts.contains(where: { $0.isEmpty || $0.utf8.count > 255 }) { return "is no relative path" }
        if parts.contains(where: { $0.utf8.first == UInt8(ascii: ".") }) { return "has a name with a leading dot" }
        return nil
    }
}
