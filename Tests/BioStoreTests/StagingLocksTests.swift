// SPDX-License-Identifier: Apache-2.0

import BioPackage
import BioSystem
import BioTestSupport
import Glibc
import Testing

@testable import BioStore

@Suite struct StagingLocksTests {
    private let one = "acme/one/1/1"
    private let two = "acme/two/1/1"

    @Test func aPackageIsChangedByOneAlone() throws {
        let world = try StoreWorld()
        let (first, second) = (StagingLocks(in: world.root), StagingLocks(in: world.root))
        let (one, two) = (try ident(one), try ident(two))
        #expect(try first.tryLock([(one, .change)]) == nil)
        #expect(try second.tryLock([(one, .change)]) == one)
        #expect(try second.tryLock([(one, .keep)]) == one)
        #expect(try second.tryLock([(two, .change)]) == nil)
        first.unlock([one])
        #expect(try second.tryLock([(one, .change)]) == nil)
        withExtendedLifetime(first) {}
    }

    @Test func aPackageIsKeptByMany() throws {
        let world = try StoreWorld()
        try Directory.create(world.root.path("receipts"))
        let (first, second) = (StagingLocks(in: world.root), StagingLocks(in: world.root))
        let one = try ident(one)
        #expect(try first.tryLock([(one, .keep)]) == nil)
        #expect(try second.tryLock([(one, .keep)]) == nil)
        #expect(try StagingLocks(in: world.root).tryLock([(one, .change)]) == one)
        withExtendedLifetime((first, second)) {}
    }

    @Test func allOrNothing() throws {
        let world = try StoreWorld()
        let (first, second) = (StagingLocks(in: world.root), StagingLocks(in: world.root))
        let (one, two) = (try ident(one), try ident(two))
        #expect(try first.tryLock([(two, .change)]) == nil)
        #expect(try second.tryLock([(one, .change), (two, .change)]) == two)
        #expect(try first.tryLock([(one, .change)]) == nil)
    }

    @Test func theyGoWithTheirHolder() throws {
        let world = try StoreWorld()
        let one = try ident(one)
        var first: StagingLocks? = StagingLocks(in: world.root)
        #expect(try first?.tryLock([(one, .change)]) == nil)
        let second = StagingLocks(in: world.root)
        #expect(try second.tryLock([(one, .change)]) == one)
        first = nil
        #expect(try second.tryLock([(one, .change)]) == nil)
        #expect(try FileStatus.of(world.root.path("receipts/.staging"))?.mode == 0o600)
    }

    @Test func aStoreThatCannotBeWrittenIsReadAllTheSame() throws {
        let world = try StoreWorld()
        _ = try world.scratch.write([], to: "file")
        let root = FileSystemRoot(fsRoot: world.scratch.file("file"))
        #expect(try StagingLocks(in: root).tryLock([(ident(one), .keep)]) == nil)
        #expect(throws: SystemError.self) { try StagingLocks(in: root).tryLock([(ident(one), .change)]) }
        #expect(try FileStatus.of(world.root.path("receipts")) == nil)
    }
}
