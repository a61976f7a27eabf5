// SPDX-License-Identifier: Apache-2.0

import BioArchive
package import BioCrypto
package import BioPackage
package import BioStore
import BioSystem
import Glibc

/// An installed package with what is known of its files: by its receipt when there is one, else by looking.
package struct LoadedPackage: Sendable {
    package let ident: QualifiedIdent
    /// By path bytes; the first, with the empty path, is the package's own directory.
    package let files: [PackageFile]
    package let metadata: PackageMetadata
    /// `blake2b-256:…` of the whole artifact, and who signed it; nil when that is not known.
    package let origin: Origin?

    package struct Origin: Hashable, Sendable {
        package let artifactDigest: Digest
        package let signer: KeyName
    }

    /// Reads a package of the store. What the receipt vouches for is checked when it is read: a changed metafile is
    /// refused by name.
    package init(_ package: InstalledPackage, receipt: Receipt?) throws {
        ident = package.ident
        if let receipt {
            files = Self.files(receipt)
            origin = Origin(artifactDigest: receipt.artifactDigest, signer: receipt.signer)
        } else {
            files = try InstalledTree.files(in: package.path)
            origin = nil
        }
        metadata = try Self.metadata(ident, files, directory: package.path)
    }

    private static func files(_ receipt: Receipt) -> [PackageFile] {
        var files: [PackageFile] = []
        var places: [[UInt8]: Int] = [:]
        files.reserveCapacity(receipt.entries.count)
        for entry in receipt.entries {
            let (kind, size, digest, target): (PackageFile.Kind, Int64, String, [UInt8])
            switch entry.kind {
            case .directory: (kind, size, digest, target) = (.directory, 0, "", [])
            case .symlink(let to): (kind, size, digest, target) = (.symlink, 0, "", to)
            case .file(let content): (kind, size, digest, target) = (.regular, entry.size, "\(content)", [])
            case .hardLink(let to):
                // A further name of an earlier file; exporters see one more file with the same content.
                let original = places[to].map { files[$0] }
                (kind, size, digest, target) = (.regular, Int64(original?.size ?? 0), original?.digest ?? "", [])
            }
            places[entry.path] = files.count
            files.append(
                PackageFile(
                    path: entry.path, kind: kind, mode: entry.mode, size: UInt64(size), linkTarget: target,
                    digest: digest))
        }
        return files
    }

    private static func metadata(
        _ ident: QualifiedIdent, _ files: [PackageFile], directory: String
    ) throws -> PackageMetadata {
        var contents: [MetaFile: [UInt8]] = [:]
        let places = Dictionary(uniqueKeysWithValues: files.map { ($0.path, $0) })
        for metafile in MetaFile.metadata {
            guard let file = places[Array(metafile.rawValue.utf8)], file.kind == .regular else { continue }
            let path = "\(directory)/\(metafile.rawValue)"
            guard let bytes = try content(of: path, size: file.size),
                "\(Digest.blake2b256(of: bytes))" == file.digest
            else { throw ExportError.changed(path: path, ident) }
            contents[metafile] = bytes
        }
        return try PackageMetadata(ident: ident, files: contents)
    }

    /// The file's bytes; nil when no plain file of this size is there any more.
    private static func content(of path: String, size: UInt64) throws -> [UInt8]? {
        do {
            let file = try FileDescriptor.open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
            let status = try file.status()
            guard status.kind == .file, status.size == Int64(size) else { return nil }
            return try file.readToEnd(limit: MetaFile.byteLimit)
        } catch let error as SystemError where PackageBytes.meansChange(error.errno) {
            return nil
        }
    }

    /// Whether it has something to run.
    package var isService: Bool {
        files.contains { $0.kind == .regular && ($0.path == Array("hooks/run".utf8) || $0.path == Array("run".utf8)) }
    }
}
