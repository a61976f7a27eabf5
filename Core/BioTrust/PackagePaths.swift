// SPDX-License-Identifier: Apache-2.0

package import BioPackage

/// Which package a path of an image belongs to: `hab/pkgs/ORIGIN/NAME/VERSION/RELEASE` and all below.
package struct PackagePaths: Hashable, Sendable {
    private static let slash = UInt8(ascii: "/")
    /// `hab/pkgs/`
    private let root: [UInt8]
    /// Those of the flavours that keep their packages elsewhere.
    private let otherRoots: Set<[UInt8]>

    package init(_ flavour: Flavour) {
        func root(_ flavour: Flavour) -> [UInt8] { Array("\(flavour.rootDirectory)/pkgs/".utf8) }
        self.root = root(flavour)
        otherRoots = Set(Flavour.all.map(root)).subtracting([root(flavour)])
    }

    /// The package whose directory `path` is or lies in; nil when there is none. Packages of other flavours are none.
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

    /// The directories that the package's own lies in, from the top.
    package func directories(above ident: QualifiedIdent) -> [[UInt8]] {
        let path = root + Array("\(ident)".utf8)
        return path.indices.filter { path[$0] == Self.slash }.map { Array(path[..<$0]) }
    }

    /// Whether packages of some flavour lie at `path`, above or below: what is there is the packages' affair.
    package func holdsPackages(_ path: [UInt8]) -> Bool {
        if path.isEmpty { return true }
        let below = path + [Self.slash]
        return ([root] + otherRoots).contains { $0.starts(with: below) || below.starts(with: $0) }
    }

    /// Whether `path` lies where another flavour keeps packages.
    package func isOfOtherFlavour(_ path: [UInt8]) -> Bool { otherRoots.contains { path.starts(with: $0) } }
}
