// SPDX-License-Identifier: Apache-2.0

import BioSystem
import Glibc

/// Texts that are pinned in `Tests/<Target>/Golden/`; `BIO_UPDATE_GOLDEN=1` writes them anew.
package enum Golden {
    /// Nil when `text` is what the file `name.txt` of the calling test's target holds; else what is wrong.
    package static func mismatch(_ text: String, _ name: String, of test: String = #filePath) throws -> String? {
        let pieces = test.split(separator: "/")
        let tests = pieces.lastIndex(of: "Tests") ?? 0
        let path = "/\(pieces[...min(tests + 1, pieces.count - 1)].joined(separator: "/"))/Golden/\(name).txt"
        if getenv("BIO_UPDATE_GOLDEN").map({ String(cString: $0) }) == "1" {
            try AtomicFile.write(Array(text.utf8), to: path)
            return nil
        }
        guard try FileStatus.of(path) != nil else { return "there is no \(path); BIO_UPDATE_GOLDEN=1 writes it" }
        let pinned = String(decoding: try contents(of: path), as: UTF8.self)
        return pinned == text ? nil : "\(path) differs from:\n\(text)"
    }
}
