// SPDX-License-Identifier: Apache-2.0

package import BioArchive
package import BioPackage

/// Sees to it that a payload holds one package and nothing beside it.
///
/// A payload's members are the directory `hab/pkgs/origin/name/version/release` (or `bio/…`, for macOS `opt/hab/…`),
/// what is in it, and at most the directories above. Members are given in archive order; the first one deep enough
/// tells the package.
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

    private let path: String
    /// The package, once a member told it.
    package private(set) var ident: QualifiedIdent?
    /// The package's directory, once known.
    private var prefix: [ArraySlice<UInt8>] = []
    /// The same as bytes, with a closing slash.
    private var start: [UInt8]?
    /// Directories seen above the package before it was known.
    private var early: [[ArraySlice<UInt8>]] = []

    /// `path` is the artifact's, for errors.
    package init(path: String) {
        self.path = path
    }

    /// Where `member` is; throws when that is nowhere a member may be.
    package mutating func place(_ member: TarMember) throws(HartError) -> Place {
        if let relative = relative(member.path) { return .inside(relative) }
        let components = member.path.split(separator: Self.slash, omittingEmptySubsequences: false)
        if components.count < Self.depth(of: components) {
            try placeAbove(components, member)
            return .above
        }
        if prefix.isEmpty { try learn(components, member) }
        guard components.starts(with: prefix) else { throw .memberOutsidePrefix(path: path, member: member.path) }
        if let relative = relative(member.path) { return .inside(relative) }
        try requireDirectory(member)
        return .root
    }

    /// What `pkgs` lies in, as in `hab` or `opt/hab`; empty before the package is known.
    package var rootDirectory: String {
        String(decoding: Array(prefix.dropLast(5).joined(separator: [Self.slash])), as: UTF8.self)
    }

    /// The package's directory, as in `hab/pkgs/core/redis/4.0/20180101000000`; empty before the package is known.
    package var ownDirectory: [UInt8] { Array(prefix.joined(separator: [Self.slash])) }

    /// Components that the directory of a package has below this root: the root's own, `pkgs` and the four pieces.
    private static func depth(of components: [ArraySlice<UInt8>]) -> Int {
        components[0].elementsEqual("opt".utf8) ? 7 : 6
    }

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
            // Fewer directories than this lie above a package; more are another package's.
            if early.count >= Self.depth(of: components) { throw .memberOutsidePrefix(path: path, member: member.path) }
        } else if !prefix.starts(with: components) {
            throw .memberOutsidePrefix(path: path, member: member.path)
        }
    }

    private mutating func learn(_ components: [ArraySlice<UInt8>], _ member: TarMember) throws(HartError) {
        let own = components[..<Self.depth(of: components)]
        let root = own.dropLast(5)
        guard Flavour.readableRoots.contains(where: { $0.elementsEqual(root) { $1.elementsEqual($0.utf8) } }),
            own[root.count].elementsEqual("pkgs".utf8)
        else { throw .memberOutsidePrefix(path: path, member: member.path) }
        do throws(PackageIdent.ParseError) {
            let text = own.suffix(4).joined(separator: [Self.slash])
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
