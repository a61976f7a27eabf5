// SPDX-License-Identifier: Apache-2.0

import BioArchive
import BioHart
import BioPackage
import BioSystem

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
        let copy = beginCopy(of: artifact, in: directory)
        let (receipt, metadata, tree) = try artifact.extract(into: directory.path)
        let cachePath = try finish(copy, of: artifact, progress)
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

    private enum Copy {
        /// Not wanted, or the artifact is in the cache already.
        case none
        /// Being made, for this path in the cache.
        case begun(String)
        case refused(path: String, because: StoreError)
    }

    /// Has the artifact copied, while it is unpacked, to beside the tree, from where it goes to the cache.
    private func beginCopy(of artifact: borrowing VerifiedArtifact, in directory: InstallDirectory) -> Copy {
        guard cacheArtifacts else { return .none }
        let path = installer.cache.path(artifact.ident, target: installer.target)
        do throws(SystemError) {
            if try isSame(artifact.archive, as: path) { return .none }
            // Dashes are in every piece, so two packages can share a file name.
            if let other = try? ArtifactCache.ident(inPayloadOf: path), other != artifact.ident {
                let conflict = StoreError.otherPackage(artifact: path, found: other, expected: artifact.ident)
                return .refused(path: path, because: conflict)
            }
            let draft = StagedPackage.artifactDraft
            artifact.copy(to: try directory.makeFile(draft), path: "\(directory.path)/\(draft)")
            return .begun(path)
        } catch { return .refused(path: path, because: .system(error)) }
    }

    /// A cache that cannot take it is no reason not to install.
    /// - Returns: the path in the cache that the copy is for; nil when there is none.
    private func finish(
        _ copy: Copy, of artifact: borrowing VerifiedArtifact, _ progress: Progress
    ) throws(StoreError) -> String? {
        switch copy {
        case .none: return nil
        case .refused(let path, let reason):
            try progress(.notCached(path: path, because: reason))
            return nil
        case .begun(let path):
            guard let failure = artifact.copyFailure else { return path }
            try progress(.notCached(path: path, because: .system(failure)))
            return nil
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
