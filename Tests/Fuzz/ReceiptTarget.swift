// SPDX-License-Identifier: Apache-2.0

import BioCrypto
import BioPackage
import BioStore

extension FuzzTarget {
    /// The input lacks the checksum, which would keep everything else from being read; it gets the right one.
    static let receipts = FuzzTarget("receipts") { bytes in
        check(bytes)
        check(bytes + Array("checksum \(Digest.blake2b256(of: bytes))\n".utf8))
    }

    private static func check(_ bytes: [UInt8]) {
        let receipt: Receipt
        do throws(ReceiptError) { receipt = try Receipt(parsing: bytes) } catch {
            checkMessage(error.description)
            return
        }
        for entry in receipt.entries {
            promise(PathRules.isRelative(entry.path) || entry.path.isEmpty, "an entry with an unsafe path")
            promise(entry.mode <= 0o7777 && entry.size >= 0, "a mode or size that no file has")
        }
        for (file, content) in receipt.metafiles {
            let entry = receipt.entries.first { $0.path == Array(file.rawValue.utf8) }
            promise(
                entry.flatMap { receipt.content(of: $0) }?.digest == .blake2b256(of: content),
                "a metafile that is not its entry")
        }
        _ = receipt.totalSize
        do throws(ReceiptError) {
            promise(try Receipt(parsing: receipt.text) == receipt, "a receipt reads otherwise when it is written anew")
        } catch { broken("a receipt that was read is refused when it is written anew: \(error)") }
    }
}

/// The rules of member paths, written down once more, without the code that they check.
enum PathRules {
    static func isRelative(_ path: [UInt8]) -> Bool {
        if path.isEmpty || path.contains(0) || path.count > 4095 { return false }
        return path.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).allSatisfy { piece in
            !piece.isEmpty && piece.count <= 255 && !piece.elementsEqual(".".utf8) && !piece.elementsEqual("..".utf8)
        }
    }
}
