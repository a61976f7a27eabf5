// SPDX-License-Identifier: Apache-2.0

package import BioPackage
import BioSystem
import CBioExport

/// What a new plugin is called, and what it is written in. Its words are checked: they go into sources and manifests.
package struct PluginProject: Hashable, Sendable {
    package enum Language: String, CaseIterable, Sendable {
        case c, cpp, rust, swift, zig, go, exec

        /// What is needed to build it.
        package var need: String {
            switch self {
            case .c: "a C compiler"
            case .cpp: "a C++17 compiler"
            case .rust: "Rust 1.63 or newer with cargo"
            case .swift: "Swift 6.3 or newer"
            case .zig: "Zig 0.13"
            case .go: "Go 1.19 or newer and a C compiler"
            case .exec: "no compiler: the format is made by a script"
            }
        }
    }

    package let language: Language
    package let name: String
    package let id: String
    package let format: String
    package let license: String
    package let target: PackageTarget

    /// `id` and `format` follow from the name when they are nil.
    package init(
        _ name: String, language: Language, id: String? = nil, format: String? = nil, license: String = "Apache-2.0",
        target: PackageTarget = .host
    ) throws(PluginProjectError) {
        let format = format ?? name
        let id = id ?? "org.example.\(name)"
        guard FormatDescription.isWord(name), name.utf8.count > 1 else { throw .name(name) }
        guard FormatDescription.isWord(format), format.utf8.count > 1 else { throw .format(format) }
        if let wrong = PluginDescription.wrongID(id) { throw .id(id, wrong) }
        guard Self.isExpression(license) else { throw .license(license) }
        self.language = language
        self.name = name
        self.id = id
        self.format = format
        self.license = license
        self.target = target
    }

    /// Characters of SPDX expressions: nothing that would end a text in a source.
    private static func isExpression(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= 128
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"):
                    true
                default: " .+-():".utf8.contains(byte)
                }
            }
    }

    /// What stands in the templates' files, and what becomes of it.
    var words: [(mark: String, word: String)] {
        let abi = "\(ABIVersion(rawValue: BIO_ABI_VERSION))"
        return [
            ("@NAME@", name), ("@ID@", id), ("@FORMAT@", format), ("@LICENSE@", license), ("@TARGET@", "\(target)"),
            ("@ABI@", abi), ("@SUMMARY@", "The packages of an export as a list"),
            // The templates themselves are Apache-2.0 like everything here; what is made of them is its author's.
            ("SPDX-License-Identifier: Apache-2.0", "SPDX-License-Identifier: \(license)"),
        ]
    }
}
