// SPDX-License-Identifier: Apache-2.0

package import BioStore

extension PackageFiles {
    /// The entries that a receipt tells of.
    package convenience init(_ receipt: Receipt) { self.init(Self.files(of: receipt)) }

    /// The same as an array, in the receipt's order.
    static func files(of receipt: Receipt) -> [PackageFile] {
        receipt.entries.map { file($0, of: receipt) }
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
}
