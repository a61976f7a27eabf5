// SPDX-License-Identifier: Apache-2.0

import BioArchive
import BioCrypto
import BioHart
import BioPackage
import BioStore
import BioSystem
import BioTestSupport
import Testing

@Suite struct PackageInstallerTests {
    static let hello = "acme/hello/1.0.0/20260101000000"

    @Test func installsAPackageWithItsReceipt() throws {
        let world = try StoreWorld()
        var fixture = PackageFixture(Self.hello)
        fixture.extra = { tar, prefix in
            tar.directory("\(prefix)/shut/", mode: 0o555)
            tar.file("\(prefix)/shut/suid", "s", mode: 0o4755)
            tar.symlink("\(prefix)/lib64", to: "/hab/pkgs/acme/other")
            tar.hardLink("\(prefix)/bin/again", to: "\(prefix)/bin/hello")
            tar.file("\(prefix)/deep/er/file", "f")
        }
        let artifact = try world.artifact(fixture)
        var events: [PackageInstaller.Event] = []
        let outcome = try world.installer.install(artifact: artifact) { events.append($0) }

        let name = try ident(Self.hello)
        #expect(outcome.ident == name)
        #expect(outcome.installed == [name])
        #expect(outcome.present.isEmpty)
        let cached = world.cache.path(name, target: .x86_64Linux)
        #expect(
            events == [.verifying(artifact: artifact), .unpacking(name), .cached(path: cached), .installed(name)])
        #expect(try contents(of: cached) == contents(of: artifact))

        let package = try #require(try world.store.package(name, target: .x86_64Linux))
        #expect(package.path == world.scratch.file("root/hab/pkgs/\(Self.hello)"))
        #expect(
            try treeListing(package.path) == [
                "f 644 32 IDENT", "f 644 13 TARGET", "d 755 bin", "f 755 21 bin/again", "f 755 21 bin/hello",
                "d 755 deep", "d 755 deep/er", "f 644 1 deep/er/file", "l lib64 -> /hab/pkgs/acme/other",
                "d 555 shut", "f 4755 1 shut/suid",
            ])
        #expect(try package.metadata().ident == name)

        let receipt = try #require(try package.receipt())
        #expect(receipt.ident == name)
        #expect(receipt.target == .x86_64Linux)
        #expect(receipt.signer == world.keys.name)
        #expect(receipt.artifactDigest == Digest.blake2b256(of: try contents(of: artifact)))
        #expect(receipt.payloadDigest == Digest.blake2b256(of: try fixture.payload()))
        #expect(receipt.artifactSize == Int64(try contents(of: artifact).count))
        let hello = bytes("#!/bin/sh\necho hello\n")
        #expect(
            receipt.entries.map { String(decoding: $0.path, as: UTF8.self) } == [
                "", "IDENT", "TARGET", "bin", "bin/again", "bin/hello", "deep", "deep/er", "deep/er/file", "lib64",
                "shut", "shut/suid",
            ])
        #expect(receipt.entries[4].kind == .file(Digest.blake2b256(of: hello)))
        #expect(receipt.entries[4].size == 21)
        #expect(receipt.entries[5].kind == .hardLink(bytes("bin/again")))
        #expect(receipt.entries[9].kind == .symlink(bytes("/hab/pkgs/acme/other")))
        #expect(receipt.entries[10].mode == 0o555)
        #expect(receipt.entries[11].mode == 0o4755)
        #expect(try world.listing().filter { $0.contains("bio-pkg-install") }.isEmpty)
    }

    @Test func aSecondInstallationChangesNothing() throws {
        let world = try StoreWorld()
        let artifact = try world.artifact(PackageFixture(Self.hello))
        _ = try world.installer.install(artifact: artifact)
        let before = try world.listing()
        let outcome = try world.installer.install(artifact: artifact)
        #expect(outcome.installed.isEmpty)
        #expect(outcome.present == [try ident(Self.hello)])
        #expect(try world.listing() == before)
    }

    @Test func theCacheIsLeftAloneWhenNotWanted() throws {
        let world = try StoreWorld()
        let artifact = try world.artifact(PackageFixture(Self.hello))
        _ = try world.installer.install(artifact: artifact, cacheArtifacts: false)
        #expect(try FileStatus.of(world.cache.path) == nil)
    }

    @Test func installsFromTheCacheItself() throws {
        let world = try StoreWorld()
        let artifact = try PackageFixture(Self.hello).artifact(in: world.cache.path, keys: world.keys)
        let before = try FileStatus.of(artifact)
        #expect(try world.installer.install(artifact: artifact).installed.count == 1)
        #expect(try FileStatus.of(artifact) == before)
    }

    @Test func acceptsTheFormatOfTheLaterBiomeAndPackagesThatDoNotMentionThemselves() throws {
        let world = try StoreWorld()
        var fixture = PackageFixture(Self.hello)
        fixture.hasOwnDirectory = false
        let artifact = try fixture.artifact(in: world.artifacts, keys: world.keys, magic: "BART-1")
        _ = try world.installer.install(artifact: artifact)
        let package = try #require(try world.store.package(try ident(Self.hello), target: .x86_64Linux))
        let own = try #require(try package.receipt()?.entries.first)
        #expect(try world.installer.receipt(ofArtifact: artifact, expected: package.ident) == package.receipt())
        #expect(own == Receipt.Entry(path: [], kind: .directory, mode: 0o755, size: 0, mtime: 0))
        #expect(try FileStatus.of(package.path)?.mode == 0o755)
    }

    @Test func aReadOnlyPackageDirectoryStaysReadOnly() throws {
        let world = try StoreWorld()
        var fixture = PackageFixture(Self.hello)
        fixture.hasOwnDirectory = false
        fixture.extra = { tar, prefix in tar.directory(prefix + "/", mode: 0o555) }
        _ = try world.installer.install(artifact: try world.artifact(fixture))
        #expect(try FileStatus.of(world.root.packagePath(try ident(Self.hello)))?.mode == 0o555)
    }

    @Test func parentsInThePayloadDoNotShapeTheStore() throws {
        let world = try StoreWorld()
        var fixture = PackageFixture(Self.hello)
        fixture.extra = { tar, _ in
            for parent in ["hab", "hab/pkgs", "hab/pkgs/acme"] { tar.directory(parent + "/", mode: 0o777) }
        }
        _ = try world.installer.install(artifact: try world.artifact(fixture))
        for path in ["hab", "hab/pkgs", "hab/pkgs/acme", "hab/pkgs/acme/hello/1.0.0"] {
            #expect(try FileStatus.of(world.root.path + "/" + path)?.mode == 0o755)
        }
    }

    // MARK: - Dependencies

    static let base = "acme/base/2.0/20260101000001"
    static let middle = "acme/middle/3.0/20260101000002"

    /// `middle` on `base`; `hello` on both, its TDEPS in an order that is not that of the dependencies.
    static func family() -> [PackageFixture] {
        [
            PackageFixture(base), PackageFixture(middle, tdeps: [base]),
            PackageFixture(hello, tdeps: [middle, base]),
        ]
    }

    @Test func dependenciesComeFromTheCacheAndFromBesideTheArtifact() throws {
        let world = try StoreWorld()
        let family = Self.family()
        try family[0].artifact(in: world.cache.path, keys: world.keys)
        _ = try world.artifact(family[1])
        let outcome = try world.installer.install(artifact: try world.artifact(family[2]))
        #expect(outcome.installed == [try ident(Self.base), try ident(Self.middle), try ident(Self.hello)])
        #expect(try world.store.all(target: .x86_64Linux).count == 3)
    }

    @Test func installedDependenciesAreUsed() throws {
        let world = try StoreWorld()
        let artifacts = try Self.family().map { try world.artifact($0) }
        _ = try world.installer.install(artifact: artifacts[1])
        let outcome = try world.installer.install(artifact: artifacts[2])
        #expect(outcome.installed == [try ident(Self.hello)])
        #expect(Set(outcome.present) == [try ident(Self.base), try ident(Self.middle)])
    }

    @Test func allMissingDependenciesAreNamedAtOnce() throws {
        let world = try StoreWorld()
        let artifact = try world.artifact(Self.family()[2])
        let error = StoreError.dependenciesMissing(
            [try ident(Self.middle), try ident(Self.base)], of: try ident(Self.hello),
            searched: [world.cache.path, world.artifacts])
        #expect(throws: error) { try world.installer.install(artifact: artifact) }
        #expect(error.description.contains(Self.middle) && error.description.contains(Self.base))
        #expect(try world.isEmpty())
    }

    @Test func missingDependenciesOfAnInstalledPackageAreInstalled() throws {
        let world = try StoreWorld()
        let artifacts = try Self.family().map { try world.artifact($0) }
        _ = try world.installer.install(artifact: artifacts[2])
        try Directory.remove(world.root.packagePath(try ident(Self.base)))
        let outcome = try world.installer.install(artifact: artifacts[2])
        #expect(outcome.installed == [try ident(Self.base)])
    }

    @Test func aCachedArtifactOfAnotherPackageIsPassedOver() throws {
        let world = try StoreWorld()
        let family = Self.family()
        let other = try PackageFixture("acme/other/1/20260101000009").artifact(in: world.artifacts, keys: world.keys)
        for fixture in family[..<2] { _ = try world.artifact(fixture) }
        let wrong = world.cache.path(try ident(Self.base), target: .x86_64Linux)
        try Directory.create(world.cache.path)
        try AtomicFile.write(try contents(of: other), to: wrong)
        var refusals: [PackageInstaller.Event] = []
        let outcome = try world.installer.install(artifact: try world.artifact(family[2])) { event in
            if case .notCached = event { refusals.append(event) }
        }
        #expect(outcome.installed.count == 3)
        let conflict = StoreError.otherPackage(
            artifact: wrong, found: try ident("acme/other/1/20260101000009"), expected: try ident(Self.base))
        #expect(refusals == [.notCached(path: wrong, because: conflict)])
        #expect(try contents(of: wrong) == contents(of: other))
    }

    /// Two idents with one file name.
    @Test func packagesThatShareAFileNameDoNotGetInEachOthersWay() throws {
        let world = try StoreWorld()
        let (first, second) = ("acme/foo-bar/1/20260101000000", "acme-foo/bar/1/20260101000000")
        let app = PackageFixture(Self.hello, tdeps: [second])
        try PackageFixture(first).artifact(in: world.cache.path, keys: world.keys)
        try PackageFixture(second).artifact(in: world.artifacts, keys: world.keys)
        let outcome = try world.installer.install(artifact: try world.artifact(app))
        #expect(outcome.installed == [try ident(second), try ident(Self.hello)])
        #expect(world.cache.artifact(try ident(first), target: .x86_64Linux) != nil)
        #expect(world.cache.artifact(try ident(second), target: .x86_64Linux) == nil)
    }

    /// A dependency that claims more dependencies than the package that needs it.
    @Test func whatWasAskedForAppearsLast() throws {
        let world = try StoreWorld()
        _ = try world.artifact(PackageFixture(Self.base, tdeps: ["acme/x/1/1", "acme/x/1/2", "acme/x/1/3"]))
        let outcome = try world.installer.install(
            artifact: try world.artifact(PackageFixture(Self.hello, tdeps: [Self.base])))
        #expect(outcome.installed == [try ident(Self.base), try ident(Self.hello)])
    }

    @Test func aCacheThatCannotBeWrittenIsNoReasonToFail() throws {
        let world = try StoreWorld()
        let file = try world.scratch.write([], to: "file")
        let installer = PackageInstaller(
            store: world.store, keys: world.keys.ring, cache: ArtifactCache(path: file + "/cache"),
            target: .x86_64Linux)
        var warnings = 0
        let artifact = try world.artifact(PackageFixture(Self.hello))
        let outcome = try installer.install(artifact: artifact) { event in
            if case .notCached(_, .system) = event { warnings += 1 }
        }
        #expect(outcome.installed.count == 1)
        #expect(warnings == 1)
    }

    @Test func cancellingLeavesNothing() throws {
        let world = try StoreWorld()
        let artifact = try world.artifact(PackageFixture(Self.hello))
        #expect(throws: StoreError.cancelled) {
            try world.installer.install(artifact: artifact) { event throws(StoreError) in
                if case .cached = event { throw .cancelled }
            }
        }
        #expect(try world.isEmpty())
    }

    @Test func somethingElseInThePlaceOfThePackageIsNotReplaced() throws {
        let world = try StoreWorld()
        let place = world.root.packagePath(try ident(Self.hello))
        try Directory.create(place)
        try AtomicFile.write(bytes("x"), to: place + "/file")
        let artifact = try world.artifact(PackageFixture(Self.hello))
        #expect(throws: StoreError.occupied(path: place)) { try world.installer.install(artifact: artifact) }
        #expect(try contents(of: place + "/file") == bytes("x"))
    }
}
