// SPDX-License-Identifier: Apache-2.0

import BioPackage
import BioStore
import BioSystem
import BioTestSupport
import Glibc
import Testing

/// What a killed installation leaves, and the next one, of whatever package, removes.
@Suite struct LeftoversTests {
    private let other = "acme/other/1/1"

    /// A store as a killed installation of `packages` leaves it, which wrote `journal`.
    private func leave(_ journal: String, of packages: [String], in world: borrowing StoreWorld) throws {
        try Directory.create(world.root.path("receipts"))
        try AtomicFile.write(Array(journal.utf8), to: world.root.path("receipts/.installing-abcdef"), mode: 0o600)
        for package in packages {
            let ident = try ident(package)
            let parent = world.root.path("pkgs/\(ident.origin)/\(ident.name)/\(ident.version)")
            try Directory.create("\(parent)/.bio-pkg-install-\(ident.release).abcdef/hab/pkgs")
        }
    }

    private func installOther(in world: borrowing StoreWorld) throws -> Int {
        var removed = 0
        let installer = PackageInstaller(
            store: world.store, keys: world.keys.ring, cache: world.cache, target: .x86_64Linux)
        _ = try installer.install(artifact: try world.artifact(PackageFixture(other))) { event in
            if case .removedAbandoned = event { removed += 1 }
        }
        return removed
    }

    @Test func anyInstallationRemovesThem() throws {
        let world = try StoreWorld()
        try leave("acme/one/1/1\nacme/two/1/1\nacme/thr", of: ["acme/one/1/1", "acme/two/1/1"], in: world)
        #expect(try installOther(in: world) == 2)
        #expect(try Directory.names(world.root.path("pkgs/acme")) == [bytes("other")])
        #expect(try Directory.names(world.root.path("receipts")) == [".lock", ".staging", "acme"].map(bytes))
    }

    @Test func aReceiptWhosePackageDidNotAppearGoes() throws {
        let world = try StoreWorld()
        try leave("acme/one/1/1\n", of: ["acme/one/1/1"], in: world)
        try Directory.create(world.root.path("receipts/acme/one/1"))
        try AtomicFile.write([], to: world.root.path("receipts/acme/one/1/1.receipt"))
        #expect(try installOther(in: world) == 1)
        #expect(try Directory.names(world.root.path("receipts/acme")) == [bytes("other")])
    }

    /// A directory without its owner's write permission is renamed with it.
    @Test func aPackageGetsTheModeOfItsReceipt() throws {
        let world = try StoreWorld()
        #expect(try installOther(in: world) == 0)
        let package = world.root.path("pkgs/\(other)")
        let receipt = try #require(try Receipt.read(world.root.receiptPath(try ident(other)), of: try ident(other)))
        var entries = receipt.entries
        let first = try #require(entries.first)
        entries[0] = Receipt.Entry(path: [], kind: first.kind, mode: 0o555, size: 0, mtime: first.mtime)
        let closed = Receipt(
            ident: receipt.ident, target: receipt.target, artifactDigest: receipt.artifactDigest,
            payloadDigest: receipt.payloadDigest, artifactSize: receipt.artifactSize, signer: receipt.signer,
            metafiles: receipt.metafiles,
            entries: entries)
        try AtomicFile.write(closed.text, to: world.root.receiptPath(receipt.ident))
        try leave("\(other)\n", of: [], in: world)
        #expect(try installOther(in: world) == 0)
        #expect(try FileStatus.of(package)?.mode == 0o555)
        #expect(chmod(package, 0o755) == 0)
    }

    /// Who can write the file cannot lead anybody out of the store with it.
    @Test(arguments: ["../../../../victim", "acme/../../../victim/1", "acme/one/1", "/etc"])
    func whatIsNoIdentIsPassedOver(line: String) throws {
        let world = try StoreWorld()
        try Directory.create(world.scratch.file("victim/1"))
        try leave("\(line)\n", of: [], in: world)
        #expect(try installOther(in: world) == 0)
        #expect(try FileStatus.of(world.scratch.file("victim/1")) != nil)
        #expect(try FileStatus.of(world.root.path("receipts/.installing-abcdef")) == nil)
    }

    @Test func aRunningOneKeepsItsFiles() throws {
        let world = try StoreWorld()
        try leave("acme/one/1/1\n", of: ["acme/one/1/1"], in: world)
        let path = world.root.path("receipts/.installing-abcdef")
        let held = try LockFile(path, cancellation: .never)
        #expect(try installOther(in: world) == 0)
        #expect(try FileStatus.of(path) != nil)
        #expect(try FileStatus.of(world.root.path("pkgs/acme/one/1/.bio-pkg-install-1.abcdef")) != nil)
        withExtendedLifetime(held) {}
    }
}
