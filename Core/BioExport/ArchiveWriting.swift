// SPDX-License-Identifier: Apache-2.0

package import BioArchive
package import BioCrypto
import BioSystem
import Glibc

/// What an archive that the host wrote is.
package struct WrittenArchive: Hashable, Sendable {
    package let size: Int64
    package let entries: Int
    package let digest: Digest
}

/// Writes trees as tars (docs/reference/tar.md): entries by path bytes, owner 0:0, one time for all, modes as signed.
package struct ArchiveWriting: Sendable {
    package let packages: [ExportPackage]
    package let bytes: PackageBytes
    package let sourceDateEpoch: Int64
    package let threads: Int
    /// Bytes of content done so far, of how many; called often.
    package let progress: @Sendable (_ done: UInt64, _ total: UInt64) -> Void
    package let isCancelled: @Sendable () -> Bool

    package init(
        packages: [ExportPackage], bytes: PackageBytes, sourceDateEpoch: Int64, threads: Int,
        progress: @escaping @Sendable (UInt64, UInt64) -> Void, isCancelled: @escaping @Sendable () -> Bool
    ) {
        self.packages = packages
        self.bytes = bytes
        self.sourceDateEpoch = sourceDateEpoch
        self.threads = threads
        self.progress = progress
        self.isCancelled = isCancelled
    }

    /// Writes `tree` to a new file `path`; on failure the file is removed.
    package func write(_ tree: RootFilesystem, to path: String, _ compression: Compression) throws(ServiceError)
        -> WrittenArchive
    {
        do {
            let file = try FileDescriptor.open(path, O_WRONLY | O_CREAT | O_EXCL, mode: 0o600)
            let entries = tree.entries
            let members = TreeMembers(
                entries, of: packages, bytes: bytes, rules: .archive(time: sourceDateEpoch), progress: progress)
            let packed = try TarPacking(Pipeline(compression, threads: threads, isCancelled: isCancelled))
                .write(members, into: try FileSink(file, path: path))
            return WrittenArchive(size: packed.size, entries: entries.count, digest: packed.digest)
        } catch {
            unlink(path)
            switch error {
            case let error as ServiceError: throw error
            case ArchiveError.cancelled: throw ServiceError(.cancelled, "the user asked to stop")
            case let error as ArchiveError:
                throw ServiceError(.io, "cannot write the archive: \(error)", hint: "check that the disk is not full")
            default:
                throw ServiceError(.io, "cannot write the archive: \(error)")
            }
        }
    }
}
