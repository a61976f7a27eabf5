// SPDX-License-Identifier: Apache-2.0

import BioArchive
package import BioHart
package import BioPackage
package import BioSystem
import Glibc

/// A directory of artifacts under their canonical names. Nothing in it is trusted: installing verifies.
package struct ArtifactCache: Hashable, Sendable {
    package let path: String
    /// Whose ending the names of new artifacts have; those of all flavours are found.
    package let flavour: Flavour

    package init(path: String, flavour: Flavour = .biome) {
        self.path = path
        self.flavour = flavour
    }

    /// Where the artifact of `ident` is put.
    package func path(_ ident: QualifiedIdent, target: PackageTarget) -> String {
        "\(path)/\(ident.artifactFileName(for: target, flavour: flavour))"
    }

    /// The artifact of `ident` if a file of its name is there, under whatever flavour's ending, unless its payload is
    /// another package's: dashes are in every piece of an ident, so two can share a name. One whose payload cannot be
    /// read is given, so that what is wrong with it gets named.
    package func artifact(_ ident: QualifiedIdent, target: PackageTarget) -> String? {
        artifactNames(ident, target).lazy.map { "\(path)/\($0)" }.first { path in
            guard (try? FileStatus.of(path))?.kind == .file else { return false }
            guard let found = try? Self.ident(inPayloadOf: path) else { return true }
            return found == ident
        }
    }

    /// What the artifact of `ident` may be called, this flavour's name first.
    private func artifactNames(_ ident: QualifiedIdent, _ target: PackageTarget) -> [String] {
        let own = ident.artifactFileName(for: target, flavour: flavour)
        let all = Flavour.all.map { ident.artifactFileName(for: target, flavour: $0) }
        return [own]
            + Flavour.readableExtensions.compactMap { ending in
                all.first { $0.hasSuffix(".\(ending)") && $0 != own }
            }
    }

    /// The newest artifact that satisfies `wanted`. File names only choose the candidates, since dashes occur in every
    /// piece; the ident is read from the payload. Files that cannot be read, or hold another package than their name
    /// says, are passed over.
    package func newest(
        satisfying wanted: PackageIdent, target: PackageTarget
    ) throws(SystemError) -> (ident: QualifiedIdent, path: String)? {
        var newest: (ident: QualifiedIdent, path: String)?
        for name in try names() {
            guard name.hasPrefix("\(wanted.origin)-\(wanted.name)-"), name.contains("-\(target).") else { continue }
            let path = "\(self.path)/\(name)"
            guard let ident = try Self.readableIdent(path), ident.satisfies(wanted),
                artifactNames(ident, target).contains(name)
            else { continue }
            guard let current = newest else {
                newest = (ident, path)
                continue
            }
            if IdentOrder.partial(ident.ident, current.ident.ident) == .greater { newest = (ident, path) }
        }
        return newest
    }

    /// An artifact that lies under a canonical name.
    package struct Entry: Hashable, Sendable {
        package let ident: QualifiedIdent
        package let target: PackageTarget
        package let path: String
    }

    /// All artifacts of `target`, or of every target, in the order of `IdentOrder.byParts`. Files that cannot be read,
    /// or have another name than their payload's package gives them, are passed over.
    package func entries(target: PackageTarget? = nil) throws(SystemError) -> [Entry] {
        var entries: [Entry] = []
        for name in try names() {
            // The variant of a target is the end of its name, so the longest that fits is meant.
            let candidates = PackageTarget.allCases.filter { name.contains("-\($0).") }
            guard let found = candidates.max(by: { $0.rawValue.utf8.count < $1.rawValue.utf8.count }),
                target == nil || target == found
            else { continue }
            let path = "\(self.path)/\(name)"
            guard let ident = try Self.readableIdent(path), artifactNames(ident, found).contains(name) else {
                continue
            }
            entries.append(Entry(ident: ident, target: found, path: path))
        }
        return entries.sorted {
            let order = IdentOrder.byParts($0.ident.ident, $1.ident.ident)
            return order == .equal ? $0.path < $1.path : order == .less
        }
    }

    /// The package whose directory the payload holds; reads only its beginning and proves nothing.
    package static func ident(inPayloadOf artifact: String) throws(HartError) -> QualifiedIdent {
        let archive = try HartArchive.open(artifact)
        var contents = try archive.contents(limits: .beginning)
        var layout = PayloadLayout(path: artifact)
        while let (member, _) = try contents.next() {
            _ = try layout.place(member)
            if let ident = layout.ident { return ident }
        }
        return try layout.finish()
    }

    /// nil when the artifact cannot be read. A machine that is out of memory or descriptors, or has not the libraries,
    /// is no reason to pass an artifact over.
    private static func readableIdent(_ path: String) throws(SystemError) -> QualifiedIdent? {
        do throws(HartError) { return try ident(inPayloadOf: path) } catch {
            switch error {
            case .system(let cause) where cause.meansExhaustion: throw cause
            case .payload(_, .system(let cause)) where cause.meansExhaustion: throw cause
            case .payload(_, .libraryMissing): throw SystemError("read", path, Errno(rawValue: ELIBACC))
            default: return nil
            }
        }
    }

    private func names() throws(SystemError) -> [String] {
        do throws(SystemError) {
            return try Directory.names(path).compactMap { String(validating: $0, as: UTF8.self) }
        } catch {
            if error.errno == .noSuchFile || error.errno == .notDirectory { return [] }
            throw error
        }
    }
}
