// SPDX-License-Identifier: Apache-2.0

/// Which key a file of a key ring holds, without the key itself.
package struct KeyFile: Hashable, Sendable {
    package let kind: KeyKind
    package let name: KeyName
    package let path: String

    package init(kind: KeyKind, name: KeyName, path: String) {
        self.kind = kind
        self.name = name
        self.path = path
    }

    /// `name-revision.extension`.
    package static func fileName(_ name: KeyName, _ kind: KeyKind) -> String { "\(name).\(kind.fileExtension)" }

    /// Takes a file name of a key ring apart (`\A(.+)-(\d{14})\.([a-z]+(\.[a-z]+)?)\z`, and one of the extensions that
    /// keys have); nil for any other name.
    package static func parse(fileName: [UInt8]) -> (name: KeyName, fileExtension: String)? {
        guard let text = String(validating: fileName, as: UTF8.self) else { return nil }
        for fileExtension in ["pub", "sig.key", "box.key", "sym.key"] where text.utf8.count > fileExtension.utf8.count {
            let stem = text.dropLast(fileExtension.count)
            guard text.hasSuffix(fileExtension), stem.utf8.last == UInt8(ascii: ".") else { continue }
            if let name = try? KeyName(parsing: stem.dropLast()) { return (name, fileExtension) }
        }
        return nil
    }
}
