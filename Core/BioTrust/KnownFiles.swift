// SPDX-License-Identifier: Apache-2.0

import BioArchive
import BioCrypto
import BioExport
import BioOCI
import BioPackage
import BioSystem

/// What the layers of an image up to now have of packages: what every path of theirs must be.
struct KnownFiles {
    private let paths: PackagePaths
    private var expected: [[UInt8]: PackageLayers.Member] = [:]
    /// The contents of all files.
    private var contents: Set<Digest> = []
    /// Packages of the layers, those without evidence too.
    private var idents: [QualifiedIdent: Standing] = [:]
    /// The paths of each known package, those of the directories above it too.
    private var members: [QualifiedIdent: [[UInt8]]] = [:]
    /// Directories above packages of which nothing is known.
    private var aboveUnknown: Set<[UInt8]> = []
    private var links = ImageLinks()

    private enum Standing { case known, unknown }

    init(_ paths: PackagePaths) { self.paths = paths }

    func holds(_ ident: QualifiedIdent) -> Bool { idents[ident] != nil }

    /// Packages that lie in this layer, by ident.
    func idents(in layer: LayerContents) -> [QualifiedIdent] {
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
        return found.sorted()
    }

    mutating func add(_ package: VerifiedLayer.Package) throws {
        guard let evidence = package.evidence else {
            idents[package.ident] = .unknown
            aboveUnknown.formUnion(paths.directories(above: package.ident))
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

    /// Holds every member of a layer, whose new packages have been added, against what is known. Where the layer is the
    /// image's only one (`isOnly`), what belongs to no package may lie beside packages.
    mutating func compare(
        _ layer: LayerContents, isOnly: Bool, _ cancellation: Cancellation, into result: inout VerifiedLayer
    ) throws(ArchiveError) {
        let own = Set(result.packages.map(\.ident))
        var seen: Set<[UInt8]> = []
        var rest = RestFiles()
        for (index, entry) in layer.members.enumerated() {
            if index % 4096 == 0, cancellation.isRequested { throw .cancelled }
            let path = entry.member.path
            if expected[path] != nil { seen.insert(path) }
            switch place(of: entry, own) {
            case .fine: break
            case .wrong(let kind): result.add(LayerDifference(path: path, kind: kind))
            case .rest where own.isEmpty || isOnly:
                rest.add(entry, isPackageFile: contents.contains) { expected[$0] != nil }
            case .rest: result.add(LayerDifference(path: path, kind: .added))
            }
            links.note(entry.member)
        }
        result.rest = rest
        if layer.members.contains(where: { $0.member.kind != .directory && paths.isOfOtherFlavour($0.member.path) }) {
            result.problems.append(.otherFlavour)
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

    /// What is not known to be right where packages lie is wrong.
    private mutating func place(of entry: LayerContents.Member, _ own: Set<QualifiedIdent>) -> Place {
        let member = entry.member
        if links.mislead(member) { return .wrong(.throughLink) }
        if member.isWish { return !idents.isEmpty && paths.holdsPackages(member.path) ? .wrong(.hidden) : .rest }
        if let wanted = expected[member.path] {
            let aspects = entry.aspects(against: wanted)
            return aspects.isEmpty ? .fine : .wrong(.changed(aspects))
        }
        if let ident = paths.ident(of: member.path) {
            if idents[ident] == .unknown, own.contains(ident) {
                return isWithin(ident, member.kind) ? .fine : .wrong(.added)
            }
            return entry.isHookStatus(paths.inner(member.path)) ? .rest : .wrong(.added)
        }
        switch member.kind {
        case .directory: return !own.isEmpty && aboveUnknown.contains(member.path) ? .fine : .rest
        // With the file's mode and owner, unpacking it may change the file that it is a name of.
        case .hardLink(let target) where paths.holdsPackages(target): return .wrong(.added)
        default: return paths.holdsPackages(member.path) ? .wrong(.added) : .rest
        }
    }

    /// Whether a member of a package touches no file of others.
    private func isWithin(_ ident: QualifiedIdent, _ kind: LayerMember.Kind) -> Bool {
        guard case .hardLink(let target) = kind else { return true }
        return paths.ident(of: target) == ident
    }

    /// What packages have that this layer should hold, by path bytes.
    private func missing(_ own: Set<QualifiedIdent>, _ seen: Set<[UInt8]>) -> [[UInt8]] {
        own.flatMap { members[$0] ?? [] }.filter { !seen.contains($0) }.sorted { $0.precedes($1) }
    }
}

extension LayerContents.Member {
    /// Every content that such a file may have.
    private static let exitCodes = Set((0...255).map { Digest.blake2b256(of: HookStatusFile.contents(exitCode: $0)) })

    /// By which a supervisor knows how a package's hook ended: an exporter may say so. `inner` is the path within the
    /// package.
    fileprivate func isHookStatus(_ inner: [UInt8]) -> Bool {
        guard member.kind == .file, member.mode == 0o644, member.uid == 0, member.gid == 0 else { return false }
        return HookStatusFile.allCases.contains { inner.elementsEqual($0.rawValue.utf8) }
            && digest.map(Self.exitCodes.contains) == true
    }
}
