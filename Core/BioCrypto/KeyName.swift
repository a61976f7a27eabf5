// SPDX-License-Identifier: Apache-2.0

import BioPackage

/// The name and revision of a key, `name-YYYYMMDDhhmmss`, as the HART header and key files write it.
///
/// Names are origins, users, rings, or `service.group@org`; here they are whatever is safe as a file name.
package struct KeyName: Hashable, Sendable, CustomStringConvertible {
    package let name: String
    /// 14 digits, by convention the UTC time of generation.
    package let revision: String

    /// Why a text is no key name.
    package enum ParseError: Error, Hashable, Sendable, CustomStringConvertible {
        /// No dash followed by 14 digits at the end.
        case noRevision(text: String)
        /// The part before the revision is empty, begins with a dot, is too long, or has other than printable ASCII
        /// characters without slash.
        case badName(text: String)
        /// Not 14 digits.
        case badRevision(text: String)

        package var description: String {
            switch self {
            case .noRevision(let text): "\(text.quoted) is not a key name: no dash and 14 digits at its end"
            case .badName(let text):
                "\(text.quoted) is not a key name: the part before the revision cannot be a file name"
            case .badRevision(let text): "\(text.quoted) is not a revision: it needs 14 digits (YYYYMMDDhhmmss)"
            }
        }
    }

    private static let revisionLength = 14
    /// What leaves room for `-`, revision and the longest extension in a file name of 255 bytes.
    private static let nameLimit = 231

    /// Reads `name-revision`; the last dash parts the two.
    package init(parsing text: some StringProtocol) throws(ParseError) {
        let text = Substring(text)
        guard let dash = text.utf8.lastIndex(of: UInt8(ascii: "-")) else { throw .noRevision(text: String(text)) }
        let revision = text[text.utf8.index(after: dash)...]
        guard Self.isRevision(revision) else { throw .noRevision(text: String(text)) }
        guard Self.isName(text[..<dash]) else { throw .badName(text: String(text)) }
        name = String(text[..<dash])
        self.revision = String(revision)
    }

    /// A name from its two parts.
    package init(name: String, revision: String) throws(ParseError) {
        guard Self.isRevision(revision) else { throw .badRevision(text: revision) }
        guard Self.isName(name) else { throw .badName(text: name) }
        self.name = name
        self.revision = revision
    }

    private static func isRevision(_ text: some StringProtocol) -> Bool {
        text.utf8.count == revisionLength && text.utf8.allSatisfy { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }
    }

    private static func isName(_ text: some StringProtocol) -> Bool {
        guard let first = text.utf8.first, first != UInt8(ascii: "."), text.utf8.count <= nameLimit else {
            return false
        }
        return text.utf8.allSatisfy { 0x21...0x7E ~= $0 && $0 != UInt8(ascii: "/") }
    }

    package var description: String { "\(name)-\(revision)" }
}
