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
            let sink = DigestingSink(into: try FileSink(file, path: path))
            var tar = TarWriter(
                into: try CompressingSink(compression, threads: threads, isCancelled: isCancelled, into: sink))
            let entries = tree.entries
            let total = entries.reduce(UInt64(0)) { $0 + contentSize(of: $1.node) }
            var done: UInt64 = 0
            for (path, node) in entries {
                if isCancelled() { throw ArchiveError.cancelled }
                try add(path, node, to: &tar)
                done += contentSize(of: node)
                progress(done, total)
            }
            var digesting = try tar.finish().finish()
            let (digest, size) = digesting.take()
            _ = digesting.finish()
            return WrittenArchive(size: size, entries: entries.count, digest: digest)
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

    private func contentSize(of node: RootFilesystem.Node) -> UInt64 {
        switch node {
        case .packageFile(let package, let file): packages[package].files[file].size
        case .content(let bytes, _): UInt64(bytes.count)
        case .directory, .symlink: 0
        }
    }

    private func add<Sink: ByteSink & ~Copyable>(
        _ path: [UInt8], _ node: RootFilesystem.Node, to tar: inout TarWriter<Sink>
    ) throws {
        switch node {
        case .directory(let mode): try tar.addDirectory(path, mode: mode, mtime: sourceDateEpoch)
        case .symlink(let target): try tar.addSymlink(path, to: target, mtime: sourceDateEpoch)
        case .content(let content, let mode):
            var source = MemorySource(content)
            let member = TarMember(
                path: path, kind: .file, mode: mode, size: Int64(content.count), mtime: sourceDateEpoch)
            try tar.add(member, body: &source)
        case .packageFile(let package, let file):
            try add(path, packages[package].files[file], of: packages[package], to: &tar)
        }
    }

    private func add<Sink: ByteSink & ~Copyable>(
        _ path: [UInt8], _ file: PackageFile, of package: ExportPackage, to tar: inout TarWriter<Sink>
    ) throws {
        let shown = "\(package.prefix)/\(MemberPath.text(file.path))"
        let opened = try bytes.open(file, of: package)
        var source = HashedSource(
            try FileSource(opened, path: shown, cancellation: Cancellation(isCancelled)))
        let member = TarMember(
            path: path, kind: .file, mode: file.mode, size: Int64(file.size), mtime: sourceDateEpoch)
        do throws(ArchiveError) { try tar.add(member, body: &source) } catch {
            if case .bodySize = error { throw PackageBytes.changed(shown, package) }
            throw error
        }
        guard "\(source.finish())" == file.digest else { throw PackageBytes.changed(shown, package) }
    }
}
