// SPDX-License-Identifier: Apache-2.0

/// One release of a package: `origin/name/version/release`, all four there.
///
/// `Comparable` is the plain byte order of the four pieces, which is identity, not age; `IdentOrder` knows age.
package struct QualifiedIdent: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let origin: String
    package let name: String
    package let version: String
    package let release: String

    /// Reads an ident of four pieces; fewer are refused as `.notQualified`.
    package init(parsing text: some StringProtocol) throws(PackageIdent.ParseError) {
        if let ident = text.utf8.withContiguousStorageIfAvailable(Self.init(bytes:)), let ident {
            self = ident
            return
        }
        let ident = try PackageIdent(parsing: text)
        guard let qualified = QualifiedIdent(ident) else { throw .notQualified(text: String(text)) }
        self = qualified
    }

    /// The same of bytes; nil for what `init(parsing:)` has something against.
    init?(bytes: UnsafeBufferPointer<UInt8>) {
        func piece(_ piece: IdentPiece, from start: inout Int) -> String? {
            guard start <= bytes.count else { return nil }
            var end = start
            while end < bytes.count && bytes[end] != UInt8(ascii: "/") { end += 1 }
            let part = bytes[start..<end]
            start = end + 1
            return piece.accepts(part) ? String(decoding: UnsafeBufferPointer(rebasing: part), as: UTF8.self) : nil
        }
        var start = 0
        guard let origin = piece(.origin, from: &start), let name = piece(.name, from: &start),
            let version = piece(.version, from: &start), let release = piece(.release, from: &start),
            start == bytes.count + 1
        else { return nil }
        self.origin = origin
        self.name = name
        self.version = version
        self.release = release
    }

    /// `ident` if it has version and release.
    package init?(_ ident: PackageIdent) {
        guard let version = ident.version, let release = ident.release else { return nil }
        origin = ident.origin
        name = ident.name
        self.version = version
        self.release = release
    }

    package var ident: PackageIdent {
        PackageIdent(checkedOrigin: origin, name: name, version: version, release: release)
    }

    /// Whether this release is one that `wanted` names: equal in every piece that `wanted` has. Versions are compared
    /// as text here, as upstream does (`1.2` is not `1.2.0`).
    package func satisfies(_ wanted: PackageIdent) -> Bool {
        guard origin == wanted.origin, name == wanted.name else { return false }
        guard let wantedVersion = wanted.version else { return true }
        guard version == wantedVersion else { return false }
        guard let wantedRelease = wanted.release else { return true }
        return release == wantedRelease
    }

    /// The file name of the artifact, `origin-name-version-release-target.hart`. It cannot be read back: dashes occur
    /// in every piece.
    package func artifactFileName(for target: PackageTarget, flavour: Flavour = .biome) -> String {
        "\(origin)-\(name)-\(version)-\(release)-\(target).\(flavour.artifactExtension)"
    }

    /// The four directories below `pkgs`, outermost first.
    package var pathComponents: [String] { [origin, name, version, release] }

    package static func < (left: QualifiedIdent, right: QualifiedIdent) -> Bool {
        (left.origin, left.name, left.version, left.release) < (right.origin, right.name, right.version, right.release)
    }

    package var description: String { "\(origin)/\(name)/\(version)/\(release)" }
}
