// SPDX-License-Identifier: Apache-2.0

package import BioCrypto
package import BioPackage
import BioSystem
import Glibc

/// A receipt of which only the head has been taken apart. Most that is asked of an installed package stands there; its
/// entries, thousands perhaps, wait until somebody wants them.
///
/// The checksum has been verified, so the text is what was written. That it follows the rules line by line shows only
/// when `receipt()` reads it whole.
package struct ReceiptOutline: Sendable {
    package let ident: QualifiedIdent
    package let target: PackageTarget
    /// BLAKE2b-256 of the whole artifact file.
    package let artifactDigest: Digest
    package let signer: KeyName
    /// As `Receipt.signature`.
    package let signature: [UInt8]?
    package let metafiles: [MetaFile: [UInt8]]
    /// What the receipt says is their number.
    package let entryCount: Int
    /// The whole text.
    private let text: [UInt8]
    /// Where the lines of entries are.
    private let lines: Range<Int>

    init(_ head: ReceiptReader.Head, text: [UInt8], lines: Range<Int>, entryCount: Int) {
        ident = head.ident
        target = head.target
        artifactDigest = head.artifact.digest
        signer = head.signer
        signature = head.signature
        metafiles = head.metafiles
        self.entryCount = entryCount
        self.text = text
        self.lines = lines
    }

    /// The whole receipt, every line checked.
    package func receipt() throws(ReceiptError) -> Receipt { try Receipt(parsing: text) }

    /// Bytes of all files together, further names of a file not counted; 0 where a line is none that is written.
    package var contentSize: Int64 {
        var sum: Int64 = 0
        text.withUnsafeBytes { bytes in
            forEachLine(bytes) { line in
                guard line.first == UInt8(ascii: "f") else { return }
                // f MODE TIME SIZE …
                var field = 0
                var size: Int64 = 0
                for byte in line {
                    if byte == UInt8(ascii: " ") {
                        field += 1
                        if field > 3 { break }
                    } else if field == 3 {
                        size = size &* 10 &+ Int64(byte &- UInt8(ascii: "0"))
                    }
                }
                sum = sum &+ size
            }
        }
        return sum
    }

    /// Whether there is a file, or a further name of one, at `path`, which needs no escapes in a receipt.
    package func hasFile(_ path: String) -> Bool {
        let field = Array(" \(path)".utf8)
        var isThere = false
        text.withUnsafeBytes { bytes in
            forEachLine(bytes) { line in
                // The path is the last field; only there can it end the line.
                guard line.count > field.count, line.last == field.last,
                    line[0] == UInt8(ascii: "f") || line[0] == UInt8(ascii: "h")
                else { return }
                if line[(line.count - field.count)...].elementsEqual(field) { isThere = true }
            }
        }
        return isThere
    }

    private func forEachLine(_ bytes: UnsafeRawBufferPointer, _ body: (UnsafeRawBufferPointer) -> Void) {
        guard let base = bytes.baseAddress else { return }
        var start = lines.lowerBound
        while start < lines.upperBound,
            let found = memchr(base + start, CInt(ReceiptText.newline), lines.upperBound - start)
        {
            let end = UnsafeRawPointer(found) - base
            body(UnsafeRawBufferPointer(rebasing: bytes[start..<end]))
            start = end + 1
        }
    }
}
