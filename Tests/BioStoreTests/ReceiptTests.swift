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

    static func receipt(
        _ entries: [Receipt.Entry], metafiles: [MetaFile: [UInt8]] = [:]
    ) throws -> Receipt {
        Receipt(
            ident: try ident("acme/hello/1.0.0/20260101000000"), target: .x86_64Linux,
            artifactDigest: Digest.blake2b256(of: bytes("a")), payloadDigest: Digest.blake2b256(of: bytes("p")),
            artifactSize: 42, signer: try KeyName(parsing: "acme-20260101000000"), metafiles: metafiles,
            entries: entries)
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

    /// Some with line ends, bytes that are no text, and what looks like a line of a receipt.
    static let metafiles: [MetaFile: [UInt8]] = [
        .target: bytes("x86_64-linux\n"), .ident: [], .defaultToml: bytes("end 0\r\n\nchecksum x\n") + [0, 0xFF],
    ]

    static func withMetafiles() throws -> Receipt {
        let files = metafiles.map { file, content in
            entry(bytes(file.rawValue), .file(.blake2b256(of: content)), mode: 0o644, size: Int64(content.count))
        }
        return try receipt(
            [entry([], .directory)] + files.sorted { $0.path.precedes($1.path) }, metafiles: metafiles)
    }

    @Test func readsBackTheMetafiles() throws {
        let receipt = try Self.withMetafiles()
        #expect(try Receipt(parsing: receipt.text) == receipt)
        #expect(try Receipt(parsing: receipt.text).metafiles == Self.metafiles)
    }

    @Test func aMetafileThatIsAFurtherNameIsFound() throws {
        let content = bytes("x86_64-linux\n")
        let receipt = try Self.receipt(
            [
                Self.entry([], .directory),
                Self.entry(bytes("A"), .file(.blake2b256(of: content)), size: Int64(content.count)),
                Self.entry(bytes("TARGET"), .hardLink(bytes("A"))),
            ], metafiles: [.target: content])
        let read = try Receipt(parsing: receipt.text)
        #expect(read == receipt)
        #expect(read.content(of: read.entries[2])?.digest == .blake2b256(of: content))
        #expect(read.content(of: read.entries[0]) == nil)
    }

    @Test func theTextIsAsDocumented() throws {
        let content = bytes("x86_64-linux\n")
        let target = Self.entry(
            bytes("TARGET"), .file(.blake2b256(of: content)), mode: 0o644, size: Int64(content.count))
        let receipt = try Self.receipt(
            [Self.entries[0], target] + Self.entries[1...], metafiles: [.target: content])
        let hex = Self.content.hex
        let expected = """
            bio-receipt 2
            ident acme/hello/1.0.0/20260101000000
            target x86_64-linux
            artifact \(receipt.artifactDigest) 42
            payload \(receipt.payloadDigest)
            signer acme-20260101000000
            metafile TARGET 13
            x86_64-linux

            d 755 1 .
            f 644 1 13 \(Digest.blake2b256(of: content).hex) TARGET
            f 4644 -5 1 \(hex) a%20b%25%0A
            d 1777 1 d
            h 755 1 a%20b%25%0A d/h
            l 777 1 %FF%20../x l
            f 755 1 1 \(hex) %E9
            end 7

            """
        let checksum = Digest.blake2b256(of: bytes(expected))
        #expect(String(decoding: receipt.text, as: UTF8.self) == expected + "checksum \(checksum)\n")
    }

    @Test func everyFlippedBitAndEveryCutIsNoticed() throws {
        let text = try Self.withMetafiles().text
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
        ("d 755 1 .", "the receipt ends too early"), ("d 755 1 .\nd 755 1 a b\nend 2", "no entry"),
        ("d 755 1 .\nd 755 1\nend 2", "no entry"), ("d 755 9223372036854775808 .\nend 1", "no mode or time"),
        ("d 755 1 .\nd 755 1 a\nd 755 1 a-b\nd 755 1 a/b\nd 755 1 a/b/c\nd 755 1 ab\nd 755 1 ab/c\nend 7", nil),
        ("d 755 1 .\nd 755 1 a\nd 755 1 a-b\nd 755 1 ab/b\nend 4", "an entry outside a directory"),
        ("d 755 1 .\nl 777 1 x a\nd 755 1 a/b\nend 3", "an entry outside a directory"),
        ("d 755 1 .\nd 755 1 a\nd 755 1 a/b\nd 755 1 c\nd 755 1 c/b/x\nend 5", "an entry outside a directory"),
        ("metafile\nd 755 1 .\nend 1", "no metafile"), ("metafile TARGET\nd 755 1 .\nend 1", "no metafile"),
        ("metafile FILES 0\n\nd 755 1 .\nend 1", "no metafile"),
        ("metafile target 0\n\nd 755 1 .\nend 1", "no metafile"),
        ("metafile TARGET -1\n\nd 755 1 .\nend 1", "no metafile"),
        ("metafile TARGET 4194305\n\nd 755 1 .\nend 1", "no metafile"),
        ("metafile TARGET 1 \nx\nd 755 1 .\nend 1", "no metafile"),
        ("metafile TARGET 4000\nx\nd 755 1 .\nend 1", "the metafile is cut"),
        ("metafile TARGET 1\nxy\nd 755 1 .\nend 1", "the metafile is cut"),
        ("metafile TARGET 0\n\nmetafile TARGET 0\n\nd 755 1 .\nend 1", "out of order"),
        ("metafile TARGET 0\n\nmetafile IDENT 0\n\nd 755 1 .\nend 1", "out of order"),
        ("metafile TARGET 1\nx\nd 755 1 .\nend 1", "a metafile that is no entry"),
        ("metafile TARGET 1\nx\nd 755 1 .\nd 755 1 TARGET\nend 2", "a metafile that is no entry"),
        ("metafile TARGET 1\ny\nd 755 1 .\nf 644 1 1 \(content.hex) TARGET\nend 2", "another TARGET than before"),
        ("metafile TARGET 2\nxx\nd 755 1 .\nf 644 1 1 \(content.hex) TARGET\nend 2", "another TARGET than before"),
        ("d 755 1 .\nf 644 1 1 \(content.hex) TARGET\nend 2", "another TARGET than before"),
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
            #expect(try Receipt(parsing: whole).entries.first == Self.entries[0])
            return
        }
        #expect {
            try Receipt(parsing: whole)
        } throws: { error in
            guard case .badLine(_, let found) = error as? ReceiptError else { return false }
            return found == why
        }
    }

    @Test func theLineOfAFaultCountsThoseOfMetafiles() throws {
        let text = String(decoding: try Self.withMetafiles().text, as: UTF8.self)
        // Lines 1 to 6, three metafiles of 2, 5 and 3 lines with their names, and the entry before.
        #expect(text.hasPrefix("bio-receipt 2\n"))
        let body = bytes(
            "bio-receipt 2\nident a/b/1/2\ntarget x86_64-linux\nartifact \(Self.content) 1\npayload \(Self.content)\n"
                + "signer a-20260101000000\nmetafile TARGET 3\n\n\n\n\nd 755 1 .\nd 755 1\n")
        #expect(throws: ReceiptError.badLine(13, "no entry")) {
            try Receipt(parsing: body + bytes("checksum \(Digest.blake2b256(of: body))\n"))
        }
    }

    @Test func anUnknownVersionIsNamed() {
        for version in [1, 3] {
            #expect(throws: ReceiptError.unknownFormat("bio-receipt \(version)")) {
                try Receipt(parsing: bytes("bio-receipt \(version)\nx\n"))
            }
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

    @Test func aReceiptOfTheFormatBeforeCountsAsNone() throws {
        let world = try StoreWorld()
        let artifact = try world.artifact(PackageFixture("acme/hello/1.0.0/20260101000000"))
        let outcome = try world.installer.install(artifact: artifact)
        let package = try #require(try world.store.package(outcome.ident, target: .x86_64Linux))
        let written = try contents(of: package.receiptPath)
        try AtomicFile.write(bytes("bio-receipt 1\nident x\n"), to: package.receiptPath)
        #expect(try package.receipt() == nil)
        _ = try world.installer.install(artifact: artifact)
        #expect(try contents(of: package.receiptPath) == written)
    }

    @Test func itKeepsWhatTheOriginSigned() throws {
        let world = try StoreWorld()
        let artifact = try world.artifact(PackageFixture("acme/hello/1.0.0/20260101000000"))
        let outcome = try world.installer.install(artifact: artifact)
        let package = try #require(try world.store.package(outcome.ident, target: .x86_64Linux))
        let receipt = try #require(try package.receipt())
        let signature = try #require(receipt.signature)
        #expect(try package.receiptOutline()?.signature == signature)
        let key = try world.keys.ring.publicKey(receipt.signer)
        #expect(key.open(signature) == bytes(receipt.payloadDigest.hex))
        // One of before, which does not have it, is as good as it was.
        let lines = receipt.text.split(separator: 0x0A, omittingEmptySubsequences: false)
        let older =
            Array(lines.dropLast(2).filter { !$0.starts(with: bytes("signature ")) }.joined(separator: [0x0A])) + [0x0A]
        let read = try Receipt(parsing: older + bytes("checksum \(Digest.blake2b256(of: older))\n"))
        #expect(read.signature == nil && read.entries == receipt.entries)
    }

    @Test(arguments: [
        "signature \n", "signature !\n", "signature AAAA\n", "signature \(String(repeating: "A", count: 172))\n",
    ])
    func aSignatureOfSomethingElseIsRefused(line: String) throws {
        let text = String(decoding: try Self.receipt([], metafiles: [:]).text, as: UTF8.self)
        let parts = text.split(separator: "end ", maxSplits: 1)
        let body = bytes("\(parts[0])\(line)end 0\n")
        #expect(throws: ReceiptError.badLine(7, "no signature")) {
            try Receipt(parsing: body + bytes("checksum \(Digest.blake2b256(of: body))\n"))
        }
    }

    @Test func theMetafilesAreThoseOfThePackage() throws {
        let world = try StoreWorld()
        let outcome = try world.installer.install(
            artifact: try world.artifact(PackageFixture("acme/hello/1.0.0/20260101000000")))
        let (package, receipt) = try #require(try world.store.received(outcome.ident, target: .x86_64Linux))
        let metafiles = try #require(receipt).metafiles
        #expect(metafiles[.target] == bytes("x86_64-linux\n") && metafiles[.ident] != nil && metafiles[.files] == nil)
        #expect(try PackageMetadata(ident: outcome.ident, files: metafiles) == package.metadata())
    }

    @Test func aPackageIsReceivedWhenItIsThereAndOfTheTarget() throws {
        let world = try StoreWorld()
        let ident = try world.installer.install(
            artifact: try world.artifact(PackageFixture("acme/hello/1.0.0/20260101000000"))
        ).ident
        #expect(try world.store.received(ident, target: .x86_64Linux)?.receipt != nil)
        #expect(try world.store.received(ident, target: .aarch64Linux) == nil)
        let path = world.root.packagePath(ident)
        try AtomicFile.write(bytes("aarch64-linux\n"), to: path + "/TARGET")
        // What is there now is looked at by those who read the package's files.
        #expect(try world.store.received(ident, target: .x86_64Linux)?.receipt != nil)
        try Directory.remove(world.root.receiptPath(ident))
        #expect(try world.store.received(ident, target: .x86_64Linux) == nil)
        let other = try #require(try world.store.received(ident, target: .aarch64Linux))
        #expect(other.receipt == nil && other.package.ident == ident)
        try Directory.remove(path + "/TARGET")
        #expect(try world.store.received(ident, target: .aarch64Linux) == nil)
    }

    /// Its package did not appear, or is gone.
    @Test func aReceiptAloneIsNoPackage() throws {
        let world = try StoreWorld()
        let name = try ident("acme/hello/1/2")
        try Directory.create(world.root.path("receipts/acme/hello/1"))
        try AtomicFile.write([1], to: world.root.receiptPath(name))
        #expect(try world.store.received(name, target: .x86_64Linux) == nil)
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
