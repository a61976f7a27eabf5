// SPDX-License-Identifier: Apache-2.0

/// One of the four pieces of an ident, with the characters it may hold.
///
/// Upstream's parser takes any text between slashes; since every piece becomes a path component, this one does not.
package enum IdentPiece: String, Hashable, Sendable, CustomStringConvertible {
    case origin, name, version, release

    /// Why a text cannot be the piece.
    package enum Fault: Hashable, Sendable {
        case empty
        /// More than 255 bytes: no file system could hold it as one component.
        case tooLong
        case leadingDot
        /// An origin with an upper-case letter.
        case upperCase
        /// An origin that begins with `-` or `_`.
        case badStart
        case space
        /// NUL and the other control characters.
        case control
        case slash
        /// A byte beyond ASCII: two spellings of one letter would be two packages with equal names.
        case notASCII
        /// Any other character that the piece may not hold.
        case character(Character)
    }

    package static let byteLimit = 255

    /// What is wrong with `text` as this piece; nil when nothing is.
    ///
    /// Origin: `[a-z0-9][a-z0-9_-]*`. Name: `[A-Za-z0-9_-]+`. Version and release: printable ASCII without space and
    /// slash, not beginning with a dot (which also refuses `.` and `..`). At most 255 bytes each.
    package func fault(in text: some StringProtocol) -> Fault? {
        guard let first = text.utf8.first else { return .empty }
        if text.utf8.count > Self.byteLimit { return .tooLong }
        for byte in text.utf8 {
            if let fault = fault(byte: byte) { return fault }
        }
        if first == UInt8(ascii: ".") { return .leadingDot }
        if self == .origin && (first == UInt8(ascii: "-") || first == UInt8(ascii: "_")) { return .badStart }
        return nil
    }

    /// Whether `fault(in:)` finds nothing: the same rules once more, for the many idents that are as they should be.
    func accepts(_ bytes: some Collection<UInt8>) -> Bool {
        guard let first = bytes.first, bytes.count <= Self.byteLimit, first != UInt8(ascii: ".") else { return false }
        switch self {
        case .version, .release: return bytes.allSatisfy { 0x21...0x7E ~= $0 && $0 != UInt8(ascii: "/") }
        case .origin:
            return first != UInt8(ascii: "-") && first != UInt8(ascii: "_")
                && bytes.allSatisfy { Self.isNameByte($0) && !(UInt8(ascii: "A")...UInt8(ascii: "Z") ~= $0) }
        case .name: return bytes.allSatisfy(Self.isNameByte)
        }
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        let lower = byte | 0x20
        return UInt8(ascii: "a")...UInt8(ascii: "z") ~= lower || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
            || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")
    }

    private func fault(byte: UInt8) -> Fault? {
        switch byte {
        case UInt8(ascii: " "), 0x09...0x0D: return .space
        case 0..<0x20, 0x7F: return .control
        case 0x80...: return .notASCII
        case UInt8(ascii: "/"): return .slash
        default: break
        }
        switch self {
        case .version, .release: return nil
        case .origin:
            if UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte { return .upperCase }
        case .name:
            if UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte { return nil }
        }
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
            UInt8(ascii: "_"), UInt8(ascii: "-"):
            return nil
        case UInt8(ascii: "."):
            return .character(".")
        default:
            return .character(Character(UnicodeScalar(byte)))
        }
    }

    package var description: String { rawValue }
}

extension IdentPiece.Fault: CustomStringConvertible {
    /// What is wrong, as the end of a sentence: `the origin 'Core' of 'Core/x' has an upper-case letter`.
    package var description: String {
        switch self {
        case .empty: "is empty"
        case .tooLong: "is longer than \(IdentPiece.byteLimit) bytes"
        case .leadingDot: "begins with a dot"
        case .upperCase: "has an upper-case letter"
        case .badStart: "does not begin with a lower-case letter or a digit"
        case .space: "has white space"
        case .control: "has a control character"
        case .slash: "has a slash"
        case .notASCII: "has a character beyond ASCII"
        case .character(let character): "has the character '\(character)'"
        }
    }
}
