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

    /// A package of the store as its receipt knows it: only when its bytes are read it shows whether they are those.
    package init(_ package: InstalledPackage, receipt: Receipt) throws {
        ident = package.ident
        files = receipt.entries.map { Self.file($0, of: receipt) }
        origin = Origin(artifactDigest: receipt.artifactDigest, signer: receipt.signer)
        metadata = try PackageMetadata(ident: ident, files: receipt.metafiles)
    }

    /// A package of the store as it lies there.
    package init(unverified package: InstalledPackage) throws {
        ident = package.ident
        files = try InstalledTree.files(in: package.path)
        origin = nil
        metadata = try Self.metadata(ident, files, directory: package.path)
    }

    private static func file(_ entry: Receipt.Entry, of receipt: Receipt) -> PackageFile {
        switch entry.kind {
        case .directory: PackageFile(path: entry.path, kind: .directory, mode: entry.mode)
        case .symlink(let target): PackageFile(path: entry.path, kind: .symlink, mode: entry.mode, linkTarget: target)
        case .file(let digest):
            PackageFile(path: entry.path, kind: .regular, mode: entry.mode, size: UInt64(entry.size), digest: digest)
        case .hardLink(let first): hardLink(entry, to: first, of: receipt)
        }
    }

    private static func hardLink(_ entry: Receipt.Entry, to first: [UInt8], of receipt: Receipt) -> PackageFile {
        let content = receipt.content(of: entry)
        return PackageFile(
            path: entry.path, kind: .regular, mode: entry.mode, size: UInt64(content?.size ?? 0),
            digest: content?.digest, firstName: first)
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
                Digest.blake2b256(of: bytes) == file.digest
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
        files.contains { $0.kind == .regular && Self.runHooks.contains($0.path) }
    }

    private static let runHooks = [Array("hooks/run".utf8), Array("run".utf8)]
}
