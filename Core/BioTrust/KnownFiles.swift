// SPDX-License-Identifier: Apache-2.0

import BioArchive
import BioCrypto
import BioExport
import BioOCI
import BioPackage
import BioSystem

/// What the layers of an image up to now have of packages: what every path of theirs must be.
struct KnownFiles {
    private var expected: [[UInt8]: PackageLayers.Member] = [:]
    /// The contents of all files.
    private var contents: Set<Digest> = []
    /// Packages of the layers, those without evidence too.
    private var idents: [QualifiedIdent: Standing] = [:]
    /// The paths of each known package, those of the directories above it too.
    private var members: [QualifiedIdent: [[UInt8]]] = [:]
    private var links = LinkedPaths()

    private enum Standing { case known, unknown }

    /// Packages that lie in this layer and in none below, by ident.
    func newIdents(in layer: LayerContents, _ paths: PackagePaths) -> [QualifiedIdent] {
        var found: Set<QualifiedIdent> = []
        var last: (prefix: [UInt8], ident: QualifiedIdent)?
        for entry in layer.members where !entry.member.isWish {
            let path = entry.member.path
            // Most come one after the other.
            if let last, path.starts(with: last.prefix),
                path.count == last.prefix.count || path[last.prefix.count] == 0x2F
            {
                continue
            }
            guard let ident = paths.ident(of: path) else { continue }
            found.insert(ident)
            let inner = paths.inner(path)
            last = (inner.isEmpty ? path : Array(path.dropLast(inner.count + 1)), ident)
        }
        return found.filter { idents[$0] == nil }.sorted()
    }

    mutating func add(_ package: VerifiedLayer.Package) throws {
        guard let evidence = package.evidence else {
            idents[package.ident] = .unknown
            return
        }
        idents[package.ident] = .known
        let entries = try evidence.expected()
        members[package.ident] = entries.map(\.member.path)
        for entry in entries {
            expected[entry.member.path] = entry
            if let digest = entry.digest { contents.insert(digest) }
        }
    }

    /// Holds every member of a layer, whose new packages have been added, against what is known.
    mutating func compare(_ layer: LayerContents, _ paths: PackagePaths, into result: inout VerifiedLayer) {
        let own = Set(result.packages.map(\.ident))
        var seen: Set<[UInt8]> = []
        for entry in layer.members {
            let path = entry.member.path
            if expected[path] != nil { seen.insert(path) }
            switch place(of: entry, own, paths) {
            case .fine: break
            case .wrong(let kind): result.add(LayerDifference(path: path, kind: kind))
            case .rest where own.isEmpty || result.layer.title.hasPrefix(Self.sharedTitle):
                links.note(entry.member)
                result.rest.add(entry, paths) { contents.contains($0) }
            case .rest: result.add(LayerDifference(path: path, kind: .added))
            }
        }
        for path in missing(own, seen) { result.add(LayerDifference(path: path, kind: .missing)) }
    }

    /// What a member is to the packages of the image.
    private enum Place {
        /// Theirs, or nothing is known of it.
        case fine
        case wrong(LayerDifference.Kind)
        /// It is none of theirs.
        case rest
    }

    private func place(of entry: LayerContents.Member, _ own: Set<QualifiedIdent>, _ paths: PackagePaths) -> Place {
        let path = entry.member.path
        let real = links.resolved(path)
        let isInPackages = paths.holdsPackages(real) && !idents.isEmpty
        if entry.member.isWish { return isInPackages ? .wrong(.hidden) : .rest }
        // Whoever unpacks it follows the link.
        if real != path && isInPackages { return .wrong(.added) }
        if let wanted = expected[path] {
            let aspects = entry.aspects(against: wanted)
            return aspects.isEmpty ? .fine : .wrong(.changed(aspects))
        }
        guard let ident = paths.ident(of: path) else {
            // Directories above packages are expected, unless nothing of them is known.
            let isAbove = entry.member.kind == .directory && paths.holdsPackages(path)
            return isAbove && !own.isEmpty ? .fine : .rest
        }
        if idents[ident] == .unknown, own.contains(ident) { return .fine }
        let isStatus = !own.contains(ident) && entry.member.kind == .file && Self.isHookStatus(paths.inner(path))
        return isStatus ? .rest : .wrong(.added)
    }

    /// What a layer of all packages and file trees is called (`PackageLayers`).
    private static let sharedTitle = "all packages and "

    /// What packages have that this layer should hold, by path bytes.
    private func missing(_ own: Set<QualifiedIdent>, _ seen: Set<[UInt8]>) -> [[UInt8]] {
        own.flatMap { members[$0] ?? [] }.filter { !seen.contains($0) }.sorted { $0.precedes($1) }
    }

    /// By which a supervisor knows that a package's install hook has run: an exporter may say so.
    private static func isHookStatus(_ inner: [UInt8]) -> Bool {
        HookStatusFile.allCases.contains { inner.elementsEqual($0.rawValue.utf8) }
    }
}
