// SPDX-License-Identifier: Apache-2.0

package import BioPackage

/// Which package a path of an image belongs to: `hab/pkgs/ORIGIN/NAME/VERSION/RELEASE` and all below.
package struct PackagePaths: Hashable, Sendable {
    private static let slash = UInt8(ascii: "/")
    /// `hab/pkgs/`
    private let root: [UInt8]

    package init(_ flavour: Flavour) { root = Array("\(flavour.rootDirectory)/pkgs/".utf8) }

    /// The package whose directory `path` is or lies in; nil when there is none.
    package func ident(of path: [UInt8]) -> QualifiedIdent? {
        guard path.starts(with: root) else { return nil }
        let pieces = path[root.count...].split(
            separator: Self.slash, maxSplits: 4, omittingEmptySubsequences: false)
        guard pieces.count >= 4 else { return nil }
        let text = String(decoding: Array(pieces[..<4].joined(separator: [Self.slash])), as: UTF8.self)
        return try? QualifiedIdent(parsing: text)
    }

    /// The path within its package; empty for the package's directory.
    package func inner(_ path: [UInt8]) -> [UInt8] {
        let pieces = path.dropFirst(root.count).split(
            separator: Self.slash, maxSplits: 4, omittingEmptySubsequences: false)
        return pieces.count > 4 ? Array(pieces[4]) : []
    }

    /// Whether hiding `path`, with what is below, can hide a file of a package.
    package func holdsPackages(_ path: [UInt8]) -> Bool {
        if path.isEmpty { return true }
        let below = path + [Self.slash]
        return root.starts(with: below) || below.starts(with: root)
    }
}
