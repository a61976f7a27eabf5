// SPDX-License-Identifier: Apache-2.0

import BioPackage
import BioSystem
import CSystem
import Glibc

/// A package that is unpacked and checked, but not yet to be seen. What is not published goes with this object.
final class StagedPackage {
    let metadata: PackageMetadata
    private let root: FileSystemRoot
    private let directory: InstallDirectory
    /// The package's directory below the one it was unpacked into.
    private let tree: String
    /// Where the artifact's copy goes; nil when none is kept.
    private let cachePath: String?

    /// The names of receipt and artifact beside the unpacked tree, until they go to their places.
    private static let receiptDraft = "receipt"
    static let artifactDraft = "artifact"

    var ident: QualifiedIdent { metadata.ident }

    /// Writes the receipt beside the unpacked tree. `tree` is the path of the package in `directory`; with `cachePath`
    /// the artifact's copy is there too.
    init(
        _ metadata: PackageMetadata, in directory: InstallDirectory, tree: String, receipt: Receipt,
        cachePath: String?, root: FileSystemRoot
    ) throws(SystemError) {
        self.metadata = metadata
        self.root = root
        self.directory = directory
        self.tree = tree
        self.cachePath = cachePath
        let draft = try directory.makeFile(Self.receiptDraft)
        do throws(Errno) { try draft.writeAll(receipt.text) } catch {
            throw SystemError("write", "\(directory.path)/\(Self.receiptDraft)", error)
        }
    }

    /// Puts everything below the file system of this package on the medium.
    ///
    /// One syncfs, once for all packages of an installation, instead of an fsync for each of their thousands of files:
    /// after it a package can be renamed into its place without ever being seen half empty, whenever the power goes.
    /// The renames themselves are not synchronised: losing one is a package that is not installed, which is a state
    /// that everybody understands.
    func synchronize() throws(SystemError) {
        let descriptor = try FileDescriptor.open(directory.path, O_RDONLY | O_DIRECTORY)
        do throws(Errno) { try descriptor.synchronizeFileSystem() } catch {
            throw SystemError("synchronise", directory.path, error)
        }
    }

    /// Gives the package its name. False when somebody else has installed it meanwhile, which is as good.
    func publish() throws(SystemError) -> Bool {
        let parent = try FileDescriptor.open(directory.parent, O_RDONLY | O_DIRECTORY)
        // One at a time, so that the receipt and the tree that end up here are of one artifact.
        guard bio_flock(parent.rawValue, 1, 1) == 0 else { throw SystemError("lock", directory.parent) }
        let final = root.packagePath(ident)
        if try FileStatus.ofLink(final) != nil { return false }
        try InstallDirectory.make(["receipts"] + ident.pathComponents.dropLast(), in: root)
        try place(Self.receiptDraft, at: root.receiptPath(ident))
        do throws(SystemError) { try rename(to: final) } catch {
            // A program that knows nothing of the lock may have been quicker; our receipt is not of its tree.
            _ = unlink(root.receiptPath(ident))
            if error.errno == .exists || error.errno == .notEmpty { return false }
            throw error
        }
        return true
    }

    /// Gives the artifact's copy its name in the cache, which it replaces: this one has just been verified.
    /// - Returns: the path, nil when no copy is kept.
    func cacheArtifact() throws(SystemError) -> String? {
        guard let cachePath, let slash = cachePath.lastIndex(of: "/") else { return nil }
        try Directory.create(String(cachePath[..<slash]))
        try place(Self.artifactDraft, at: cachePath)
        return cachePath
    }

    /// Moves the file `draft` to `final`: by rename, or, where that is another file system, as a copy.
    private func place(_ draft: String, at final: String) throws(SystemError) {
        let source = "\(directory.path)/\(draft)"
        if Glibc.rename(source, final) == 0 { return }
        guard errno == EXDEV else { throw SystemError("rename into", final) }
        let file = try FileDescriptor.open(source)
        let copy = try AtomicFile(final)
        try file.copyAll(to: copy.descriptor, path: final)
        try copy.commit()
    }

    private func rename(to final: String) throws(SystemError) {
        let source = "\(directory.path)/\(tree)"
        guard let mode = try FileStatus.ofLink(source)?.mode else { throw SystemError("rename", source, .noSuchFile) }
        // A directory moves to another parent only when its owner may write to it, which root need not care about.
        let isReadOnly = mode & 0o200 == 0
        if isReadOnly && chmod(source, mode | 0o200) != 0 { throw SystemError("change the mode of", source) }
        if bio_rename_noreplace(AT_FDCWD, source, AT_FDCWD, final) != 0 {
            // Some file systems cannot promise not to replace; a plain rename replaces empty directories only.
            guard errno == EINVAL || errno == ENOSYS, Glibc.rename(source, final) == 0 else {
                throw SystemError("rename into", final)
            }
        }
        if isReadOnly && chmod(final, mode) != 0 { throw SystemError("change the mode of", final) }
    }
}
