// SPDX-License-Identifier: Apache-2.0

package import BioPackage
import BioSystem
import Glibc

extension Receipt {
    /// A receipt of two million entries; larger ones are neither written nor read.
    private static let fileLimit = 256 << 20

    /// The bytes of the receipt's file.
    package var text: [UInt8] { ReceiptText.bytes(of: self) }

    /// The same, refused when it is larger than what is read back.
    func fileText() throws(ReceiptError) -> [UInt8] {
        let text = text
        guard text.count <= Self.fileLimit else { throw .tooLarge(limit: Self.fileLimit) }
        return text
    }

    /// Reads and checks the text of a receipt.
    package init(parsing text: [UInt8]) throws(ReceiptError) {
        var reader = try ReceiptReader(text)
        self = try reader.receipt()
    }

    /// The receipt in the file `path`, which must be that of `ident`; nil when there is no such file, or one of the
    /// format before, which says too little.
    package static func read(_ path: String, of ident: QualifiedIdent) throws(ReceiptError) -> Receipt? {
        guard let text = try contents(path), !text.starts(with: outdatedStart) else { return nil }
        let receipt = try Receipt(parsing: text)
        guard receipt.ident == ident else { throw .otherPackage(found: receipt.ident, expected: ident) }
        return receipt
    }

    /// The same without its entries.
    package static func readOutline(_ path: String, of ident: QualifiedIdent) throws(ReceiptError) -> ReceiptOutline? {
        guard let text = try contents(path), !text.starts(with: outdatedStart) else { return nil }
        var reader = try ReceiptReader(text)
        let outline = try reader.outline()
        guard outline.ident == ident else { throw .otherPackage(found: outline.ident, expected: ident) }
        return outline
    }

    private static let outdatedStart = Array("\(ReceiptText.outdatedFirstLine)\n".utf8)

    private static func contents(_ path: String) throws(ReceiptError) -> [UInt8]? {
        let file: FileDescriptor
        do throws(SystemError) {
            file = try FileDescriptor.open(path, O_RDONLY | O_NONBLOCK | O_NOFOLLOW)
        } catch {
            if error.errno == .noSuchFile || error.errno == .notDirectory { return nil }
            throw .system(error)
        }
        do throws(Errno) { return try file.readToEnd(limit: fileLimit, size: try file.status().size) } catch {
            if error.rawValue == EFBIG { throw .tooLarge(limit: fileLimit) }
            throw .system(SystemError("read", path, error))
        }
    }
}
