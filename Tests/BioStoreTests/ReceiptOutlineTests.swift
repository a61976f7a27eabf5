// SPDX-License-Identifier: Apache-2.0

import BioCrypto
import BioPackage
import BioStore
import BioSystem
import BioTestSupport
import Testing

@Suite struct ReceiptOutlineTests {
    private func outline(_ text: [UInt8], _ scratch: borrowing Scratch) throws -> ReceiptOutline? {
        let path = scratch.file("receipt")
        try AtomicFile.write(text, to: path)
        return try Receipt.readOutline(path, of: try ident("acme/hello/1.0.0/20260101000000"))
    }

    @Test func saysWhatTheWholeReceiptSays() throws {
        let scratch = try Scratch()
        for receipt in [try ReceiptTests.receipt(ReceiptTests.entries), try ReceiptTests.withMetafiles()] {
            let outline = try #require(try self.outline(receipt.text, scratch))
            #expect(outline.ident == receipt.ident && outline.target == receipt.target)
            #expect(outline.artifactDigest == receipt.artifactDigest && outline.signer == receipt.signer)
            #expect(outline.metafiles == receipt.metafiles)
            #expect(outline.entryCount == receipt.entries.count && outline.contentSize == receipt.totalSize)
            #expect(try outline.receipt() == receipt)
        }
    }

    @Test func findsFilesByTheirWholePath() throws {
        let scratch = try Scratch()
        let receipt = try ReceiptTests.receipt([
            ReceiptTests.entry([], .directory), ReceiptTests.entry(bytes("hooks"), .directory),
            ReceiptTests.entry(bytes("hooks/init"), .file(ReceiptTests.content), size: 1),
            ReceiptTests.entry(bytes("hooks/run"), .hardLink(bytes("hooks/init"))),
            ReceiptTests.entry(bytes("lib"), .directory),
            ReceiptTests.entry(bytes("lib/run"), .symlink(bytes("hooks/stop"))),
        ])
        let outline = try #require(try self.outline(receipt.text, scratch))
        #expect(outline.hasFile("hooks/init") && outline.hasFile("hooks/run"))
        for path in ["init", "run", "hooks", "lib/run", "hooks/stop", "ooks/init"] {
            #expect(!outline.hasFile(path), "\(path)")
        }
    }

    @Test func refusesAnotherPackageAndAChangedText() throws {
        let scratch = try Scratch()
        let text = try ReceiptTests.receipt(ReceiptTests.entries).text
        var changed = text
        changed[changed.count / 2] ^= 1
        #expect(throws: ReceiptError.altered) { _ = try outline(changed, scratch) }
        let path = scratch.file("receipt")
        try AtomicFile.write(text, to: path)
        let other = try ident("acme/other/1.0.0/20260101000000")
        let found = try ident("acme/hello/1.0.0/20260101000000")
        #expect(throws: ReceiptError.otherPackage(found: found, expected: other)) {
            _ = try Receipt.readOutline(path, of: other)
        }
        #expect(try Receipt.readOutline(scratch.file("none"), of: other) == nil)
    }
}
