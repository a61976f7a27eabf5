// SPDX-License-Identifier: Apache-2.0

import BioArchive
import BioCrypto
import BioHart
import BioPackage
import BioSystem
import Glibc

/// Takes artifacts from their files to `StagedPackage`s: verified, unpacked, checked. One for each installation.
final class ArtifactStage {
    enum Result {
        case staged(StagedPackage)
        case present(InstalledPackage)
    }

    typealias Progress = (PackageInstaller.Event) throws(StoreError) -> Void

    private let installer: PackageInstaller
    private let locks: StagingLocks
    private let cacheArtifacts: Bool
    /// Taken when there is something to unpack.
    private var lock: InstallationLock?

    private var root: FileSystemRoot { installer.store.root }

    init(installer: PackageInstaller, locks: StagingLocks, cacheArtifacts: Bool) {
        self.installer = installer
        self.locks = locks
        self.cacheArtifacts = cacheArtifacts
    }

    /// `expected` is the package the artifact was chosen for, which is locked; nil when the artifact itself was asked
    /// for.
    func stage(
        _ path: String, expected: QualifiedIdent?, progress: Progress
    ) throws(StoreError) -> Result {
        try progress(.verifying(artifact: path))
        while true {
            var artifact = try VerifiedArtifact(path, expected: expected, for: installer)
            let ident = artifact.ident
            let present = try installed(ident)
            if expected == nil {
                let wanted = [(ident: ident, use: present == nil ? StagingLocks.Use.change : .keep)]
                if try tryLock(wanted) != nil {
                    // What it holds of memory and threads is not needed for waiting.
                    _ = consume artifact
                    try progress(.waiting(for: ident))
                    try locks.lock(wanted, installer.cancellation)
                    continue
                }
                if try (installed(ident) == nil) != (present == nil) {
                    locks.unlock([ident])
                    continue
                }
            }
            guard let present else { return .staged(try unpack(&artifact, progress)) }
            try progress(.using(ident))
            try ReceiptRepair(package: present, installer: installer).run(&artifact, progress)
            return .present(present)
        }
    }

    private func unpack(_ artifact: inout VerifiedArtifact, _ progress: Progress) throws(StoreError) -> StagedPackage {
        let directory = try makeDirectory(for: artifact.ident, progress)
        try progress(.unpacking(artifact.ident))
        let (receipt, metadata, tree) = try artifact.extract(into: directory.path)
        let cachePath = try keep(artifact.archive, receipt, in: directory, progress)
        return try StagedPackage(
            metadata, in: directory, tree: tree, receipt: receipt, cachePath: cachePath, root: root)
    }

    private func installed(_ ident: QualifiedIdent) throws(StoreError) -> InstalledPackage? {
        do throws(SystemError) { return try installer.store.package(ident, target: installer.target) } catch {
            throw .system(error)
        }
    }

    private func tryLock(_ wanted: [StagingLocks.Wanted]) throws(StoreError) -> QualifiedIdent? {
        do throws(SystemError) { return try locks.tryLock(wanted) } catch { throw .system(error) }
    }

    private func makeDirectory(
        for ident: QualifiedIdent, _ progress: Progress
    ) throws(StoreError) -> InstallDirectory {
        let abandoned: InstallDirectory.Abandoned
        let directory: InstallDirectory
        do throws(SystemError) {
            abandoned = try InstallDirectory.removeAbandoned(of: ident, in: root)
            let lock = if let lock { lock } else { try InstallationLock(in: root) }
            self.lock = lock
            directory = try InstallDirectory(for: ident, in: root, lock)
        } catch { throw .system(error) }
        try abandoned.tell(progress)
        return directory
    }

    /// Copies the artifact beside the unpacked tree, from where it goes to the cache, unless it is in the cache already
    /// or none is wanted. The copy must be what was unpacked. A cache that cannot take it is no reason not to install.
    /// - Returns: its path in the cache.
    private func keep(
        _ archive: borrowing HartArchive, _ receipt: Receipt, in directory: InstallDirectory, _ progress: Progress
    ) throws(StoreError) -> String? {
        guard cacheArtifacts else { return nil }
        let path = installer.cache.path(receipt.ident, target: installer.target)
        // Dashes are in every piece, so two packages can share a file name.
        if let other = try? ArtifactCache.ident(inPayloadOf: path), other != receipt.ident {
            let conflict = StoreError.otherPackage(artifact: path, found: other, expected: receipt.ident)
            try progress(.notCached(path: path, because: conflict))
            return nil
        }
        let copied: Digest
        do throws(SystemError) {
            if try isSame(archive, as: path) { return nil }
            copied = try copy(archive, into: directory)
        } catch {
            if error.errno == .cancelled { throw .cancelled }
            try progress(.notCached(path: path, because: .system(error)))
            return nil
        }
        guard copied == receipt.artifactDigest else {
            throw .hart(.altered(path: archive.path, expected: receipt.artifactDigest, computed: copied))
        }
        return path
    }

    /// - Returns: the digest of what was written.
    private func copy(
        _ archive: borrowing HartArchive, into directory: InstallDirectory
    ) throws(SystemError) -> Digest {
        let path = "\(directory.path)/\(StagedPackage.artifactDraft)"
        let file = try directory.makeFile(StagedPackage.artifactDraft)
        var hasher = BLAKE2bHasher()
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 64)
        defer { buffer.deallocate() }
        var position: off_t = 0
        while true {
            try archive.cancellation.check("write", path)
            // From the open file: the path may name another one by now.
            let count = pread(archive.file.rawValue, buffer.baseAddress, buffer.count, position)
            if count < 0 {
                if errno == EINTR { continue }
                throw SystemError("read", archive.path)
            }
            if count == 0 { return hasher.finalize() }
            let block = UnsafeRawBufferPointer(rebasing: buffer[..<count])
            hasher.update(block)
            do throws(Errno) { try file.writeAll(block) } catch { throw SystemError("write", path, error) }
            position += off_t(count)
        }
    }

    /// Whether the artifact is the very file `path`.
    private func isSame(_ archive: borrowing HartArchive, as path: String) throws(SystemError) -> Bool {
        guard let there = try FileStatus.of(path) else { return false }
        do throws(Errno) {
            let own = try archive.file.status()
            return own.inode == there.inode && own.device == there.device
        } catch { throw SystemError("look at", archive.path, error) }
    }
}
