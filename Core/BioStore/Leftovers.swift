// SPDX-License-Identifier: Apache-2.0

import BioPackage
import BioSystem
import Glibc

/// What an installation left that was killed: directories it unpacked into, and receipts of packages that did not
/// appear.
struct Leftovers {
    let token: Substring
    let root: FileSystemRoot
    let cancellation: Cancellation

    private static let journalLimit = 16 << 20

    /// Removes what the packages named in `journal`, the file of that installation, have left. What cannot be removed
    /// is no reason to fail, but the file stays then: the error says so.
    func remove(
        _ journal: borrowing FileDescriptor, _ abandoned: inout InstallDirectory.Abandoned
    ) throws(SystemError) {
        var failure: SystemError?
        for ident in try idents(journal) {
            try cancellation.check("remove", root.path("receipts"))
            let (parent, path) = InstallDirectory.place(of: ident, token, in: root)
            // One that cannot go must not keep the others.
            do throws(SystemError) {
                guard abandoned.remove(path) else { throw SystemError("remove", path, .notEmpty) }
                try settle(ident)
            } catch { failure = failure ?? error }
            InstallDirectory.removeEmpty(parent)
        }
        if let failure { throw failure }
    }

    /// Anybody who owns the file may have written to it: only whole lines that are idents count, and they lead nowhere
    /// but into the store.
    private func idents(_ journal: borrowing FileDescriptor) throws(SystemError) -> [QualifiedIdent] {
        let text: [UInt8]
        do throws(Errno) { text = try journal.readToEnd(limit: Self.journalLimit) } catch {
            throw SystemError("read", root.path("receipts"), error)
        }
        let lines = text.lastIndex(of: UInt8(ascii: "\n")).map { text[..<$0] } ?? []
        return lines.split(separator: UInt8(ascii: "\n")).compactMap {
            try? QualifiedIdent(parsing: String(decoding: $0, as: UTF8.self))
        }
    }

    /// A receipt whose package did not appear goes, and a package that was renamed without the last change of its mode
    /// gets it.
    private func settle(_ ident: QualifiedIdent) throws(SystemError) {
        let receipt = root.receiptPath(ident)
        guard try FileStatus.ofLink(receipt) != nil else { return }
        let lock = try InstallationLock.publishing(in: root, cancellation)
        defer { withExtendedLifetime(lock) {} }
        let package = root.packagePath(ident)
        guard let status = try FileStatus.ofLink(package) else {
            unlink(receipt)
            if let slash = receipt.lastIndex(of: "/") { InstallDirectory.removeEmpty(String(receipt[..<slash])) }
            return
        }
        guard status.kind == .directory, let entry = try? Receipt.read(receipt, of: ident)?.entries.first,
            entry.path.isEmpty, entry.mode == status.mode & ~0o200
        else { return }
        guard chmod(package, entry.mode) == 0 else { throw SystemError("change the mode of", package) }
    }
}
