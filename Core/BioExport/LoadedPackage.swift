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
    package let files: PackageFiles
    package let metadata: PackageMetadata
    /// `blake2b-256:…` of the whole artifact, and who signed it; nil when that is not known.
    package let origin: Origin?
    /// Whether it has something to run.
    package let isService: Bool
    /// Whether something is to be done once after it is installed.
    package let hasInstallHook: Bool

    private static let runHooks = ["hooks/run", "run"]
    private static let installHook = "hooks/install"

    package struct Origin: Hashable, Sendable {
        package let artifactDigest: Digest
        package let signer: KeyName
        /// Of the artifact's header; nil where the receipt does not have it.
        package let signature: [UInt8]?
    }

    /// A package of the store as its receipt knows it: only when its bytes are read it shows whether they are those.
    package init(_ package: InstalledPackage, receipt: ReceiptOutline) throws {
        ident = package.ident
        files = PackageFiles(count: receipt.entryCount, contentSize: UInt64(clamping: receipt.contentSize)) {
            PackageFiles.files(of: try receipt.receipt())
        }
        origin = Origin(
            artifactDigest: receipt.artifactDigest, signer: receipt.signer, signature: receipt.signature)
        metadata = try PackageMetadata(ident: ident, files: receipt.metafiles)
        isService = Self.runHooks.contains(where: receipt.hasFile)
        hasInstallHook = receipt.hasFile(Self.installHook)
    }

    /// The same with a receipt that has been made just now.
    package init(_ package: InstalledPackage, receipt: Receipt) throws {
        let list = PackageFiles.files(of: receipt)
        ident = package.ident
        files = PackageFiles(list)
        origin = Origin(
            artifactDigest: receipt.artifactDigest, signer: receipt.signer, signature: receipt.signature)
        metadata = try PackageMetadata(ident: ident, files: receipt.metafiles)
        isService = Self.runHooks.contains { Self.hasFile($0, list) }
        hasInstallHook = Self.hasFile(Self.installHook, list)
    }

    /// A package of the store as it lies there.
    package init(unverified package: InstalledPackage) throws {
        ident = package.ident
        let list = try InstalledTree.files(in: package.path)
        files = PackageFiles(list)
        origin = nil
        metadata = try Self.metadata(ident, list, directory: package.path)
        isService = Self.runHooks.contains { Self.hasFile($0, list) }
        hasInstallHook = Self.hasFile(Self.installHook, list)
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

    /// `files` are by path bytes.
    private static func hasFile(_ name: String, _ files: [PackageFile]) -> Bool {
        let path = Array(name.utf8)
        var range = files.startIndex..<files.endIndex
        while !range.isEmpty {
            let middle = range.lowerBound + range.count / 2
            if files[middle].path == path { return files[middle].kind == .regular }
            range = files[middle].path.precedes(path) ? middle + 1..<range.upperBound : range.lowerBound..<middle
        }
        return false
    }
}
