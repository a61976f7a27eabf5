// SPDX-License-Identifier: Apache-2.0

import BioPackage
import BioStore
import BioSystem
import BioTestSupport
import Glibc
import Testing

@Suite struct ReceiptRepairTests {
    static let hello = PackageInstallerTests.hello

    /// Installs a package, spoils it, and installs it again.
    private func events(
        in world: borrowing StoreWorld, after spoil: (InstalledPackage) throws -> Void
    ) throws -> (package: InstalledPackage, before: Receipt, events: [PackageInstaller.Event]) {
        var fixture = PackageFixture(Self.hello)
        fixture.extra = { tar, prefix in
            tar.hardLink("\(prefix)/bin/again", to: "\(prefix)/bin/hello")
            tar.symlink("\(prefix)/lib", to: "bin")
            tar.file("\(prefix)/deep/er/file", "f")
        }
        let artifact = try world.artifact(fixture)
        _ = try world.installer.install(artifact: artifact)
        let package = try #require(try world.store.package(try ident(Self.hello), target: .x86_64Linux))
        let before = try #require(try package.receipt())
        try spoil(package)
        var events: [PackageInstaller.Event] = []
        _ = try world.installer.install(artifact: artifact) { events.append($0) }
        return (package, before, events)
    }

    @Test func aMissingReceiptIsWrittenAnew() throws {
        let world = try StoreWorld()
        let (package, before, events) = try events(in: world) { try Directory.remove($0.receiptPath) }
        #expect(events.last == .receipt(package.ident))
        #expect(try package.receipt() == before)
    }

    @Test func aDamagedReceiptIsWrittenAnew() throws {
        let world = try StoreWorld()
        let (package, before, events) = try events(in: world) { try AtomicFile.write([1], to: $0.receiptPath) }
        #expect(events.last == .receipt(package.ident))
        #expect(try package.receipt() == before)
    }

    @Test func aGoodReceiptIsLeftAlone() throws {
        let world = try StoreWorld()
        let (package, _, events) = try events(in: world) { _ in }
        #expect(events.last == .using(package.ident))
    }

    @Test(arguments: ["content", "mode", "link", "kind", "missing"])
    func aPackageThatIsNotAsSignedGetsNoReceipt(change: String) throws {
        let world = try StoreWorld()
        var changed = ""
        let (package, _, events) = try events(in: world) { package in
            try Directory.remove(package.receiptPath)
            let file = package.path + "/bin/again"
            changed = file
            switch change {
            case "content": try FileDescriptor.open(file, O_WRONLY).writeAll(bytes("X"))
            case "mode": #expect(chmod(file, 0o4755) == 0)
            case "link":
                changed = package.path + "/lib"
                #expect(unlink(changed) == 0 && symlink("/etc", changed) == 0)
            case "kind":
                changed = package.path + "/deep"
                try Directory.remove(changed)
                #expect(symlink("/etc", changed) == 0)
            default:
                changed = package.path + "/deep/er/file"
                #expect(unlink(changed) == 0)
            }
        }
        #expect(events.last == .noReceipt(package.ident, because: .changed(path: changed, package.ident)))
        #expect(try package.receipt() == nil)
    }
}
