// SPDX-License-Identifier: Apache-2.0

/// A package as a user names it: `origin/name[/version[/release]]`.
///
/// Every piece has passed `IdentPiece`, so each is a safe path component. A release is there only with a version.
package struct PackageIdent: Hashable, Sendable, CustomStringConvertible {
    package let origin: String
    package let name: String
    package let version: String?
    package let release: String?

    /// Why a text is no ident.
    package enum ParseError: Error, Hashable, Sendable {
        /// Not two, three or four pieces.
        case pieceCount(text: String, found: Int)
        case piece(IdentPiece, value: String, text: String, fault: IdentPiece.Fault)
        /// A valid ident without version or release where a fully qualified one is needed.
        case notQualified(text: String)
    }

    /// Reads an ident. Nothing is trimmed: white space is an error like any other bad character.
    package init(parsing text: some StringProtocol) throws(ParseError) {
        let pieces = text.utf8.split(separator: UInt8(ascii: "/"), maxSplits: 4, omittingEmptySubsequences: false)
        guard (2...4).contains(pieces.count) else {
            let slashes = text.utf8.count(where: { $0 == UInt8(ascii: "/") })
            throw .pieceCount(text: String(text), found: slashes + 1)
        }
        var checked: [String] = []
        for (bytes, piece) in zip(pieces, [IdentPiece.origin, .name, .version, .release]) {
            let value = String(decoding: bytes, as: UTF8.self)
            if let fault = piece.fault(in: value) {
                throw .piece(piece, value: value, text: String(text), fault: fault)
            }
            checked.append(value)
        }
        origin = checked[0]
        name = checked[1]
        version = checked.count > 2 ? checked[2] : nil
        release = checked.count > 3 ? checked[3] : nil
    }

    /// Pieces that passed already; a release needs a version.
    init(checkedOrigin origin: String, name: String, version: String?, release: String?) {
        assert(release == nil || version != nil, "a release needs a version")
        self.origin = origin
        self.name = name
        self.version = version
        self.release = release
    }

    /// Whether version and release are both there.
    package var isQualified: Bool { release != nil }

    /// The same package without version and release.
    package var unversioned: PackageIdent {
        PackageIdent(checkedOrigin: origin, name: name, version: nil, release: nil)
    }

    package var description: String {
        var text = "\(origin)/\(name)"
        if let version { text += "/\(version)" }
        if let release { text += "/\(release)" }
        return text
    }
}

extension PackageIdent.ParseError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .pieceCount(let text, let found):
            "\(text.quoted) is not a package ident: it has \(found) \(found == 1 ? "piece" : "pieces")"
        case .piece(let piece, let value, let text, let fault):
            "\(text.quoted) is not a package ident: the \(piece) \(value.quoted) \(fault)"
        case .notQualified(let text):
            "\(text.quoted) is not a fully qualified package ident"
        }
    }

    /// What the right form is.
    package var hint: String? {
        switch self {
        case .pieceCount: "an ident is origin/name, origin/name/version or origin/name/version/release"
        case .piece(.origin, _, _, .upperCase): "origins are written in lower case"
        case .piece: nil
        case .notQualified: "a fully qualified ident is origin/name/version/release"
        }
    }
}
