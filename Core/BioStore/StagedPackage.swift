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
    /// Where it was unpacked.
    var path: String { directory.path }

    /// Writes the receipt beside the unpacked tree. `tree` is the path of the package in `directory`; with `cachePath`
    /// the artifact's copy is there too.
    init(
        _ metadata: PackageMetadata, in directory: InstallDirectory, tree: String, receipt: Receipt,
        cachePath: String?, root: FileSystemRoot
    ) throws(StoreError) {
        self.metadata = metadata
        self.root = root
        self.directory = directory
        self.tree = tree
        self.cachePath = cachePath
        let path = "\(directory.path)/\(Self.receiptDraft)"
        let text: [UInt8]
        do throws(ReceiptError) { text = try receipt.fileText() } catch { throw .receipt(error, path: path) }
        do throws(SystemError) {
            let draft = try directory.makeFile(Self.receiptDraft)
            do throws(Errno) { try draft.writeAll(text) } catch { throw SystemError("write", path, error) }
        } catch { throw .system(error) }
    }

    /// Puts the receipt in its place, where it says nothing until the package appears. False when something is in the
    /// package's place already.
    func placeReceipt(_ cancellation: Cancellation) throws(SystemError) -> Bool {
        if try FileStatus.ofLink(root.packagePath(ident)) != nil { return false }
        try InstallDirectory.make(["receipts"] + ident.pathComponents.dropLast(), in: root)
        do throws(SystemError) { try place(Self.receiptDraft, at: root.receiptPath(ident), cancellation) } catch {
            withdrawReceipt()
            throw error
        }
        return true
    }

    /// Takes the receipt away again: its package has not appeared.
    func withdrawReceipt() {
        let path = root.receiptPath(ident)
        unlink(path)
        if let slash = path.lastIndex(of: "/") { InstallDirectory.removeEmpty(String(path[..<slash])) }
    }

    /// Gives the package its name. False when somebody else has installed it meanwhile, which is as good.
    func appear() throws(SystemError) -> Bool {
        do throws(SystemError) { try rename(to: root.packagePath(ident)) } catch {
            if error.errno == .exists || error.errno == .notEmpty { return false }
            throw error
        }
        return true
    }

    /// Gives the artifact's copy its name in the cache, where it replaces an older copy: this one has just been
    /// verified.
    /// - Returns: the path, nil when no copy is kept.
    func cacheArtifact(_ cancellation: Cancellation) throws(SystemError) -> String? {
        guard let cachePath, let slash = cachePath.lastIndex(of: "/") else { return nil }
        try Directory.create(String(cachePath[..<slash]))
        try place(Self.artifactDraft, at: cachePath, cancellation)
        return cachePath
    }

    /// Moves the file `draft` to `final`: by rename, or, where that is another file system, as a copy.
    private func place(_ draft: String, at final: String, _ cancellation: Cancellation) throws(SystemError) {
        let source = "\(directory.path)/\(draft)"
        if Glibc.rename(source, final) == 0 { return }
        guard errno == EXDEV else { throw SystemError("rename into", final) }
        let file = try FileDescriptor.open(source)
        let copy = try AtomicFile(final)
        try file.copyAll(to: copy.descriptor, path: final, cancellation: cancellation)
        try copy.commit()
    }

    private func rename(to final: String) throws(SystemError) {
        let source = "\(directory.path)/\(tree)"
        guard let mode = try FileStatus.ofLink(source)?.mode else { throw SystemError("rename", source, .noSuchFile) }
        do throws(SystemError) { return try Self.rename(source, final) } catch {
            // A directory moves to another parent only when its owner may write to it, which root need not care about.
            guard error.errno == .permissionDenied, mode & 0o200 == 0 else { throw error }
        }
        if chmod(source, mode | 0o200) != 0 { throw SystemError("change the mode of", source) }
        try Self.rename(source, final)
        // After a kill right here the next installation does it (`Leftovers`).
        if chmod(final, mode) != 0 { throw SystemError("change the mode of", final) }
    }

    private static func rename(_ source: String, _ final: String) throws(SystemError) {
        if bio_rename_noreplace(AT_FDCWD, source, AT_FDCWD, final) == 0 { return }
        // Some file systems cannot promise not to replace; a plain rename replaces empty directories only.
        guard errno == EINVAL || errno == ENOSYS, Glibc.rename(source, final) == 0 else {
            throw SystemError("rename into", final)
        }
    }
}
