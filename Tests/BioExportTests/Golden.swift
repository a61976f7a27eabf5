// SPDX-License-Identifier: Apache-2.0

import BioSystem
import Glibc
import Testing

/// Texts that are pinned in `Golden/`; `BIO_UPDATE_GOLDEN=1` writes them anew.
enum Golden {
    static func expect(
        _ text: String, _ name: String, location: SourceLocation = #_sourceLocation
    ) throws {
        let folder = #filePath.split(separator: "/").dropLast().joined(separator: "/")
        let path = "/\(folder)/Golden/\(name).txt"
        if getenv("BIO_UPDATE_GOLDEN").map({ String(cString: $0) }) == "1" {
            try AtomicFile.write(Array(text.utf8), to: path)
            return
        }
        guard try FileStatus.of(path) != nil else {
            Issue.record("no golden file \(name).txt; BIO_UPDATE_GOLDEN=1 writes it", sourceLocation: location)
            return
        }
        let pinned = try FileDescriptor.open(path).readToEnd(limit: 1 << 20)
        #expect(text == String(decoding: pinned, as: UTF8.self), "\(name).txt differs", sourceLocation: location)
    }
}
