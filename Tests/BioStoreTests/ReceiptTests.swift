// SPDX-License-Identifier: Apache-2.0

import BioArchive
import BioCrypto
import BioPackage
import BioStore
import BioSystem
import BioTestSupport
import Testing

@Suite struct ReceiptTests {
    static let content = Digest.blake2b256(of: bytes("x"))

    static func receipt(_ entries: [Receipt.Entry]) throws -> Receipt {
        Receipt(
            ident: try ident("acme/hello/1.0.0/20260101000000"), target: .x86_64Linux,
            artifactDigest: Digest.blake2b256(of: bytes("a")), payloadDigest: Digest.blake2b256(of: bytes("p")),
            artifactSize: 42, signer: try KeyName(parsing: "acme-20260101000000"), entries: entries)
    }

    static func entry(
        _ path: [UInt8], _ kind: Receipt.Entry.Kind, mode: UInt32 = 0o755, size: Int64 = 0, mtime: Int64 = 1
    ) -> Receipt.Entry { Receipt.Entry(path: path, kind: kind, mode: mode, size: size, mtime: mtime) }

    static let entries = [
        entry([], .directory), entry(bytes("a b%\n"), .file(content), mode: 0o4644, size: 1, mtime: -5),
        entry(bytes("d"), .directory, mode: 0o1777), entry(bytes("d/h"), .hardLink(bytes("a b%\n"))),
        entry(bytes("l"), .symlink([0xFF, 0x20] + bytes("../x")), mode: 0o777), entry([0xE9], .file(content), size: 1),
    ]

    @Test func readsBackWhatItWrites() throws {
        let receipt = try Self.receipt(Self.entries)
        #expect(try Receipt(parsing: receipt.text) == receipt)
        #expect(receipt.totalSize == 2)
    }

    @Test func theTextIsAsDocumented() throws {
        let receipt = try Self.receipt(Self.entries)
        let hex = Self.content.hex
        let expected = """
            bio-receipt 1
            ident acme/hello/1.0.0/20260101000000
            target x86_64-linux
            artifact \(receipt.artifactDigest) 42
            payload \(receipt.payloadDigest)
            signer acme-20260101000000
            d 755 1 .
            f 4644 -5 1 \(hex) a%20b%25%0A
            d 1777 1 d
            h 755 1 a%20b%25%0A d/h
            l 777 1 %FF%20../x l
            f 755 1 1 \(hex) %E9
            end 6

            """
        let checksum = Digest.blake2b256(of: bytes(expected))
        #expect(String(decoding: receipt.text, as: UTF8.self) == expected + "checksum \(checksum)\n")
    }

    @Test func everyFlippedBitAndEveryCutIsNoticed() throws {
        let text = try Self.receipt(Self.entries).text
        for index in text.indices {
            var altered = text
            altered[index] ^= 1
            #expect(throws: ReceiptError.self) { try Receipt(parsing: altered) }
            #expect(throws: ReceiptError.self) { try Receipt(parsing: Array(text[..<index])) }
        }
        #expect(throws: ReceiptError.self) { try Receipt(parsing: text + bytes("\n")) }
    }

    /// Somebody who writes the checksum anew still cannot say what makes no sense.
    @Test(arguments: [
        ("d 755 1 .\nend 1", nil), ("f 644 1 1 \(content.hex) .\nend 1", "an entry outside a directory"),
        ("d 755 1 .\nd 755 1 .\nend 2", "out of order"), ("d 755 1 .\nd 755 1 b\nd 755 1 a\nend 3", "out of order"),
        ("d 755 1 .\nd 755 1 a/b\nend 2", "an entry outside a directory"),
        ("d 755 1 .\nd 755 1 ../b\nend 2", "member '../b' leaves the archive with '..'"),
        ("d 755 1 .\nd 755 1 /b\nend 2", "member '/b' has an absolute path"),
        ("d 755 1 .\nh 755 1 x y\nend 2", "a hard link to no earlier file"),
        ("d 755 1 .\nd 77777 1 y\nend 2", "no mode or time"), ("d 755 1 .\nd 755 + y\nend 2", "no mode or time"),
        ("d 755 1 .\nd 755 1 a%2\nend 2", "a damaged path"), ("d 755 1 .\nd 755 1 a%zz\nend 2", "a damaged path"),
        ("d 755 1 .\nf 644 1 -1 \(content.hex) y\nend 2", "no size or digest"),
        ("d 755 1 .\nf 644 1 1 abc y\nend 2", "no size or digest"), ("d 755 1 .\nx 1 1 y\nend 2", "no entry"),
        ("d 755 1 .\nl 777 1  y\nend 2", "no link target"), ("d 755 1 .\nend 7", "not the number of entries"),
        ("d 755 1 .", "the receipt ends too early"),
        (
            "d 755 1 .\nf 644 1 \(Int64.max) \(content.hex) x\nf 644 1 1 \(content.hex) y\nend 3",
            "more bytes than there can be"
        ),
    ])
    func refusesWhatMakesNoSense(body: String, why: String?) throws {
        let head = try Self.receipt([]).text
        let start = String(decoding: head, as: UTF8.self).components(before: "end 0")
        let text = bytes(start + body + "\n")
        let whole = text + bytes("checksum \(Digest.blake2b256(of: text))\n")
        guard let why else {
            #expect(try Receipt(parsing: whole).entries.count == 1)
            return
        }
        #expect {
            try Receipt(parsing: whole)
        } throws: { error in
            guard case .badLine(_, let found) = error as? ReceiptError else { return false }
            return found == why
        }
    }

    @Test func anUnknownVersionIsNamed() {
        #expect(throws: ReceiptError.unknownFormat("bio-receipt 2")) {
            try Receipt(parsing: bytes("bio-receipt 2\nx\n"))
        }
    }

    // MARK: - In a store

    @Test func aReceiptThatWasTamperedWithIsRefused() throws {
        let world = try StoreWorld()
        let artifact = try world.artifact(PackageFixture("acme/hello/1.0.0/20260101000000"))
        let outcome = try world.installer.install(artifact: artifact)
        let package = try #require(try world.store.package(outcome.ident, target: .x86_64Linux))
        let text = String(decoding: try contents(of: package.receiptPath), as: UTF8.self)
        let lines = text.split(separator: "\n").filter { !$0.hasSuffix("bin/hello") }
        try AtomicFile.write(bytes(lines.joined(separator: "\n") + "\n"), to: package.receiptPath)
        #expect(throws: StoreError.receipt(.altered, path: package.receiptPath)) { try package.receipt() }
    }

    @Test func aReceiptOfAnotherPackageIsRefused() throws {
        let world = try StoreWorld()
        for name in ["acme/hello/1.0.0/20260101000000", "acme/other/1.0.0/20260101000000"] {
            _ = try world.installer.install(artifact: try world.artifact(PackageFixture(name)))
        }
        let hello = try ident("acme/hello/1.0.0/20260101000000")
        let other = try ident("acme/other/1.0.0/20260101000000")
        let package = try #require(try world.store.package(hello, target: .x86_64Linux))
        try AtomicFile.write(try contents(of: world.root.receiptPath(other)), to: package.receiptPath)
        #expect(
            throws: StoreError.receipt(.otherPackage(found: other, expected: hello), path: package.receiptPath)
        ) { try package.receipt() }
    }

    @Test func aPackageFromElsewhereHasNoReceipt() throws {
        let world = try StoreWorld()
        let path = world.root.packagePath(try ident("acme/hello/1/2"))
        try Directory.create(path)
        try AtomicFile.write(bytes("x86_64-linux\n"), to: path + "/TARGET")
        #expect(try world.store.package(try ident("acme/hello/1/2"), target: .x86_64Linux)?.receipt() == nil)
    }
}

extension String {
    /// What stands before the first `mark`; all of it when there is none.
    fileprivate func components(before mark: String) -> String {
        var start = self[...]
        while !start.isEmpty && !start.hasPrefix(mark) { start = start.dropFirst() }
        return String(self[..<start.startIndex])
    }
}
