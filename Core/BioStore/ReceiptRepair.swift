// SPDX-License-Identifier: Apache-2.0

import BioArchive
import BioCrypto
import BioPackage
import BioSystem
import Glibc

/// Gives an installed package the receipt it lacks, when another program installed it or the receipt was damaged: the
/// one of its verified artifact, if the tree is what that says. None of it is a reason to fail.
struct ReceiptRepair {
    let package: InstalledPackage
    let installer: PackageInstaller

    func run(
        _ artifact: inout VerifiedArtifact, _ progress: (PackageInstaller.Event) throws(StoreError) -> Void
    ) throws(StoreError) {
        if try hasReceipt() { return }
        try give(try artifact.receipt(), progress)
    }

    /// Writes `receipt`, that of the package's verified artifact, if the tree is what it says.
    func give(
        _ receipt: Receipt, _ progress: (PackageInstaller.Event) throws(StoreError) -> Void
    ) throws(StoreError) {
        let text: [UInt8]
        do throws(ReceiptError) { text = try receipt.fileText() } catch {
            return try progress(.noReceipt(package.ident, because: .receipt(error, path: package.receiptPath)))
        }
        let difference: String?
        do throws(SystemError) {
            let seen = try FileStatus.ofLink(package.path)
            difference = try receipt.difference(from: package.path, installer.cancellation)
            if difference == nil { try write(text, for: seen) }
        } catch {
            if error.errno == .cancelled { throw .cancelled }
            return try progress(.noReceipt(package.ident, because: .system(error)))
        }
        if let difference {
            try progress(.noReceipt(package.ident, because: .changed(path: difference, package.ident)))
        } else {
            try progress(.receipt(package.ident))
        }
    }

    /// One that cannot be read at all is somebody's, and let be.
    private func hasReceipt() throws(StoreError) -> Bool {
        do throws(StoreError) { return try package.receipt() != nil } catch {
            if case .receipt(.system, _) = error { return true }
            return false
        }
    }

    /// `seen` is the directory that was compared. Another one in its place has, or gets, a receipt of its own.
    private func write(_ text: [UInt8], for seen: FileStatus?) throws(SystemError) {
        let lock = try InstallationLock.publishing(in: installer.store.root, installer.cancellation)
        defer { withExtendedLifetime(lock) {} }
        let now = try FileStatus.ofLink(package.path)
        guard now?.device == seen?.device, now?.inode == seen?.inode else { return }
        try InstallDirectory.make(["receipts"] + package.ident.pathComponents.dropLast(), in: installer.store.root)
        try AtomicFile.write(text, to: package.receiptPath)
    }
}

extension Receipt {
    /// The first entry that is not in `directory` as this receipt says; nil when all are. Times do not count, and
    /// neither does what the receipt does not know.
    func difference(from directory: String, _ cancellation: Cancellation) throws(SystemError) -> String? {
        let root = try FileDescriptor.open(directory, O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
        var contents: [[UInt8]: (digest: Digest, size: Int64)] = [:]
        for entry in entries {
            let path = entry.path.isEmpty ? directory : "\(directory)/\(MemberPath.text(entry.path))"
            if case .file(let digest) = entry.kind { contents[entry.path] = (digest, entry.size) }
            do throws(SystemError) {
                guard try isAsSaid(entry, in: root, contents, path: path, cancellation) else { return path }
            } catch {
                let absent: [Errno] = [.noSuchFile, .notDirectory, .tooManyLinks, .invalidArgument, .crossDevice]
                if absent.contains(error.errno) { return path }
                throw error
            }
        }
        return nil
    }

    private func isAsSaid(
        _ entry: Entry, in root: borrowing FileDescriptor, _ contents: [[UInt8]: (digest: Digest, size: Int64)],
        path: String, _ cancellation: Cancellation
    ) throws(SystemError) -> Bool {
        let here = [UInt8(ascii: ".")]
        let content: (digest: Digest, size: Int64)?
        switch entry.kind {
        case .symlink(let target):
            let parent = MemberPath.parent(entry.path) ?? here
            let directory = try root.openBeneath(parent, O_RDONLY | O_DIRECTORY)
            let name = Array(entry.path.suffix(from: entry.path.lastIndex(of: UInt8(ascii: "/")).map { $0 + 1 } ?? 0))
            do throws(Errno) { return try directory.linkTarget(of: name) == target } catch {
                throw SystemError("read the link", path, error)
            }
        case .directory: content = nil
        case .file: content = contents[entry.path]
        case .hardLink(let first): content = contents[first]
        }
        let file = try root.openBeneath(entry.path.isEmpty ? here : entry.path, O_RDONLY | O_NONBLOCK)
        let status: FileStatus
        do throws(Errno) { status = try file.status() } catch { throw SystemError("look at", path, error) }
        guard status.mode == entry.mode else { return false }
        guard let content else { return status.kind == .directory }
        guard status.kind == .file, status.size == content.size else { return false }
        return try Digest.blake2b256(ofFile: file, path: path, cancellation: cancellation) == content.digest
    }
}
