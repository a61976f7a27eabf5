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
        let opened: FileDescriptor
        do throws(SystemError) { opened = try FileDescriptor.open(directory, O_RDONLY | O_DIRECTORY) } catch {
            if PackageBytes.meansChange(error.errno) { throw ExportError.changed(path: directory, ident) }
            throw error
        }
        for file in files where file.kind == .regular {
            guard let metafile = metafiles[file.path] else { continue }
            guard let bytes = try content(of: metafile, in: opened, shown: directory, size: file.size),
                Digest.blake2b256(of: bytes).description == file.digest
            else { throw ExportError.changed(path: "\(directory)/\(metafile.rawValue)", ident) }
            contents[metafile] = bytes
        }
        return try PackageMetadata(ident: ident, files: contents)
    }

    private static let metafiles = Dictionary(
        uniqueKeysWithValues: MetaFile.metadata.map { (Array($0.rawValue.utf8), $0) })

    /// The file's bytes; nil when no plain file of this size is there any more.
    private static func content(
        of metafile: MetaFile, in directory: borrowing FileDescriptor, shown: String, size: UInt64
    ) throws -> [UInt8]? {
        let file: FileDescriptor
        do throws(SystemError) {
            file = try directory.openAt(metafile.rawValue, O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
        } catch {
            if PackageBytes.meansChange(error.errno) { return nil }
            throw SystemError("open", "\(shown)/\(metafile.rawValue)", error.errno)
        }
        let status = try file.status()
        guard status.kind == .file, status.size == Int64(size) else { return nil }
        return try file.readToEnd(limit: MetaFile.byteLimit, size: status.size)
    }

    /// Whether it has something to run.
    package var isService: Bool {
        files.contains { $0.kind == .regular && ($0.path == Array("hooks/run".utf8) || $0.path == Array("run".utf8)) }
    }
}
