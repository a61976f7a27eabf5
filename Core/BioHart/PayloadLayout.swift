// SPDX-License-Identifier: Apache-2.0

package import BioArchive
package import BioPackage

/// Sees to it that a payload holds one package and nothing beside it.
///
/// A payload's members are the directory `hab/pkgs/origin/name/version/release` (or `bio/…`), what is in it, and at
/// most the directories above. Members are given in archive order; the first one deep enough tells the package.
package struct PayloadLayout: Hashable, Sendable {
    /// Where a member is.
    package enum Place: Hashable, Sendable {
        /// A directory above the package's own.
        case above
        /// The package's own directory.
        case root
        /// In it; the path from there.
        case inside([UInt8])
    }

    private static let slash = UInt8(ascii: "/")
    /// Components of the package's directory: root, `pkgs` and the four pieces.
    private static let depth = 6

    private let path: String
    private let roots: [String]
    /// The package, once a member told it.
    package private(set) var ident: QualifiedIdent?
    /// The package's directory, once known.
    private var prefix: [ArraySlice<UInt8>] = []
    /// The same as bytes, with a closing slash.
    private var start: [UInt8]?
    /// Directories seen above the package before it was known.
    private var early: [[ArraySlice<UInt8>]] = []

    /// `path` is the artifact's, for errors.
    package init(path: String, flavour: Flavour = .biome) {
        self.path = path
        roots = flavour.readableRoots
    }

    /// Where `member` is; throws when that is nowhere a member may be.
    package mutating func place(_ member: TarMember) throws(HartError) -> Place {
        if let relative = relative(member.path) { return .inside(relative) }
        let components = member.path.split(separator: Self.slash, omittingEmptySubsequences: false)
        if components.count < Self.depth {
            try placeAbove(components, member)
            return .above
        }
        if prefix.isEmpty { try learn(components, member) }
        guard components.starts(with: prefix) else { throw .memberOutsidePrefix(path: path, member: member.path) }
        if let relative = relative(member.path) { return .inside(relative) }
        try requireDirectory(member)
        return .root
    }

    /// The directory at the payload's top, `hab` or `bio`; empty before the package is known.
    package var rootDirectory: String { prefix.first.map { String(decoding: $0, as: UTF8.self) } ?? "" }

    /// The package, when all members were placed. A payload of no package lacks its IDENT.
    package func finish() throws(HartError) -> QualifiedIdent {
        guard let ident else { throw .metafileMissing(path: path, .ident) }
        return ident
    }

    /// The path from the package's directory, for what lies in it: nearly every member, so without taking it apart.
    private func relative(_ member: [UInt8]) -> [UInt8]? {
        guard let start, member.count > start.count, member.starts(with: start) else { return nil }
        return Array(member[start.count...])
    }

    private mutating func placeAbove(_ components: [ArraySlice<UInt8>], _ member: TarMember) throws(HartError) {
        try requireDirectory(member)
        if prefix.isEmpty {
            early.append(components)
            // Five directories lie above a package; more are another package's.
            if early.count >= Self.depth { throw .memberOutsidePrefix(path: path, member: member.path) }
        } else if !prefix.starts(with: components) {
            throw .memberOutsidePrefix(path: path, member: member.path)
        }
    }

    private mutating func learn(_ components: [ArraySlice<UInt8>], _ member: TarMember) throws(HartError) {
        guard roots.contains(where: { components[0].elementsEqual($0.utf8) }), components[1].elementsEqual("pkgs".utf8)
        else { throw .memberOutsidePrefix(path: path, member: member.path) }
        let own = components[..<Self.depth]
        do throws(PackageIdent.ParseError) {
            let text = own[2...].joined(separator: [Self.slash])
            ident = try QualifiedIdent(parsing: String(decoding: Array(text), as: UTF8.self))
        } catch { throw .badPrefix(path: path, error) }
        prefix = Array(own)
        start = Array(own.joined(separator: [Self.slash])) + [Self.slash]
        for directory in early where !prefix.starts(with: directory) {
            throw .memberOutsidePrefix(path: path, member: Array(directory.joined(separator: [Self.slash])))
        }
        early = []
    }

    private func requireDirectory(_ member: TarMember) throws(HartError) {
        guard member.kind == .directory else {
            throw .prefixKind(path: path, member: member.path, kind: member.kind.noun)
        }
    }
}
