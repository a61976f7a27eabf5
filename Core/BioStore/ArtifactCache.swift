// SPDX-License-Identifier: Apache-2.0

import BioArchive
package import BioHart
package import BioPackage
package import BioSystem

/// A directory of artifacts under their canonical names. Nothing in it is trusted: installing verifies.
package struct ArtifactCache: Hashable, Sendable {
    package let path: String

    package init(path: String) { self.path = path }

    /// Where the artifact of `ident` is or would be.
    package func path(_ ident: QualifiedIdent, target: PackageTarget) -> String {
        "\(path)/\(ident.artifactFileName(for: target))"
    }

    /// The same if a file is there, unless its payload is another package's: dashes are in every piece of an ident, so
    /// two can share a name. One whose payload cannot be read is given, so that what is wrong with it gets named.
    package func artifact(_ ident: QualifiedIdent, target: PackageTarget) -> String? {
        let path = path(ident, target: target)
        guard (try? FileStatus.of(path))?.kind == .file else { return nil }
        if let found = try? Self.ident(inPayloadOf: path), found != ident { return nil }
        return path
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
            guard let ident = try? Self.ident(inPayloadOf: path), ident.satisfies(wanted),
                ident.artifactFileName(for: target) == name
            else { continue }
            guard let current = newest else {
                newest = (ident, path)
                continue
            }
            if IdentOrder.partial(ident.ident, current.ident.ident) == .greater { newest = (ident, path) }
        }
        return newest
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

    private func names() throws(SystemError) -> [String] {
        do throws(SystemError) {
            return try Directory.names(path).compactMap { String(validating: $0, as: UTF8.self) }
        } catch {
            if error.errno == .noSuchFile || error.errno == .notDirectory { return [] }
            throw error
        }
    }
}
