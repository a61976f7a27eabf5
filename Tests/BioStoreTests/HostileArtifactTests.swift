// SPDX-License-Identifier: Apache-2.0

import BioArchive
import BioCrypto
import BioHart
import BioPackage
import BioStore
import BioSystem
import BioTestSupport
import Testing

/// Artifacts that must not be installed: each is refused by name, nothing becomes visible, and nothing is written
/// outside the temporary directory.
@Suite struct HostileArtifactTests {
    static let hello = PackageInstallerTests.hello
    static let prefix = "hab/pkgs/" + hello

    struct Attack: CustomTestStringConvertible, Sendable {
        let testDescription: String
        /// The refusal, given the artifact's path.
        let error: @Sendable (String) -> StoreError
        let extra: @Sendable (inout RawTar, String) -> Void

        init(
            _ name: String, _ error: @escaping @Sendable (String) -> HartError,
            _ extra: @escaping @Sendable (inout RawTar, String) -> Void
        ) {
            testDescription = name
            self.error = { .hart(error($0)) }
            self.extra = extra
        }

        init(
            _ name: String, payload error: ArchiveError, _ extra: @escaping @Sendable (inout RawTar, String) -> Void
        ) {
            self.init(name, { .payload(path: $0, error) }, extra)
        }
    }

    static let attacks: [Attack] = [
        Attack("absolute member", payload: .memberAbsolute(path: bytes("/etc/passwd"))) { tar, _ in
            tar.file("/etc/passwd", "x")
        },
        Attack("member with dot dot", payload: .memberEscapes(path: bytes(prefix + "/../x"))) { tar, prefix in
            tar.file(prefix + "/../x", "x")
        },
        Attack("empty component", payload: .memberName(path: bytes(prefix + "//x"), .emptyComponent)) { tar, prefix in
            tar.file(prefix + "//x", "x")
        },
        Attack("NUL", payload: .memberName(path: bytes(prefix + "/a\u{0}b"), .nul)) { tar, prefix in
            tar.pax([("path", bytes(prefix + "/a\u{0}b"))])
            tar.file("x")
        },
        Attack("device", payload: .memberKind(path: bytes(prefix + "/d"), kind: "character device")) { tar, prefix in
            tar.header(RawTar.Header(prefix + "/d", type: "3"))
        },
        Attack("fifo", payload: .memberKind(path: bytes(prefix + "/f"), kind: "fifo")) { tar, prefix in
            tar.header(RawTar.Header(prefix + "/f", type: "6"))
        },
        Attack("hard link out", payload: .hardLinkOutside(path: bytes(prefix + "/h"), target: bytes("../../x"))) {
            tar, prefix in tar.hardLink(prefix + "/h", to: "../../x")
        },
        Attack(
            "write through a link",
            payload: .writeThroughSymlink(path: bytes(prefix + "/l/x"), link: bytes(prefix + "/l"))
        ) { tar, prefix in
            tar.symlink(prefix + "/l", to: "/tmp")
            tar.file(prefix + "/l/x", "x")
        },
        Attack("duplicate", payload: .duplicate(path: bytes(prefix + "/IDENT"))) { tar, prefix in
            tar.file(prefix + "/IDENT", "acme/evil/1/2")
        },
        Attack("directory replaced", payload: .memberReplaces(path: bytes(prefix + "/bin"), kind: "directory")) {
            tar, prefix in tar.symlink(prefix + "/bin", to: "/tmp")
        },
        Attack("member after the end", payload: .trailing) { tar, prefix in
            tar.end()
            tar.file(prefix + "/x", "x")
        },
        Attack(
            "another package's member",
            {
                .memberOutsidePrefix(path: $0, member: bytes("hab/pkgs/acme/other/1/2/x"))
            }
        ) { tar, _ in tar.file("hab/pkgs/acme/other/1/2/x", "x") },
        Attack("member outside pkgs", { .memberOutsidePrefix(path: $0, member: bytes("hab/svc")) }) { tar, _ in
            tar.directory("hab/svc/")
        },
        Attack("file above the package", { .prefixKind(path: $0, member: bytes("hab/pkgs"), kind: "symbolic link") }) {
            tar, _ in tar.symlink("hab/pkgs", to: "/tmp")
        },
        Attack("link as metafile", { .metafileKind(path: $0, .deps, kind: "symbolic link") }) { tar, prefix in
            tar.symlink(prefix + "/DEPS", to: "/etc/passwd")
        },
    ]

    /// Installs and expects `error`; then that nothing was written anywhere but in empty directories.
    private func expectRefusal(
        _ fixture: PackageFixture, in world: borrowing StoreWorld, _ error: (String) throws -> StoreError
    ) throws {
        let artifact = try world.artifact(fixture)
        let installer = world.installer
        let expected = try error(artifact)
        let outside = try treeListing(world.scratch.path).filter { !$0.contains(" root") }
        #expect(throws: expected) { try installer.install(artifact: artifact) }
        #expect(!expected.description.isEmpty)
        #expect(try world.isEmpty())
        #expect(try treeListing(world.scratch.path).filter { !$0.contains(" root") } == outside)
        #expect(world.store.package(try ident(Self.hello), target: .x86_64Linux) == nil)
    }

    @Test(arguments: attacks) func refuses(_ attack: Attack) throws {
        let world = try StoreWorld()
        var fixture = PackageFixture(Self.hello)
        fixture.extra = attack.extra
        try expectRefusal(fixture, in: world) { attack.error($0) }
    }

    @Test func refusesAnIdentThatDiffersFromItsDirectory() throws {
        let world = try StoreWorld()
        var fixture = PackageFixture(Self.hello)
        fixture.metafiles = ["IDENT": "acme/evil/1/20260101000000\n"]
        let evil = try ident("acme/evil/1/20260101000000")
        let own = try ident(Self.hello)
        try expectRefusal(fixture, in: world) { .hart(.identMismatch(path: $0, ident: evil, prefix: own)) }
    }

    @Test(arguments: [MetaFile.ident, .target]) func refusesAPackageWithoutItsMetafiles(file: MetaFile) throws {
        let world = try StoreWorld()
        var fixture = PackageFixture(Self.hello)
        fixture.metafiles = [file.rawValue: nil]
        try expectRefusal(fixture, in: world) { .hart(.metafileMissing(path: $0, file)) }
    }

    @Test func refusesAnotherTarget() throws {
        let world = try StoreWorld()
        let own = try ident(Self.hello)
        try expectRefusal(PackageFixture(Self.hello, target: "aarch64-linux"), in: world) {
            .wrongTarget(artifact: $0, own, found: .aarch64Linux, allowed: .x86_64Linux)
        }
    }

    @Test func refusesTooManyBytes() throws {
        let world = try StoreWorld()
        let artifact = try world.artifact(PackageFixture(Self.hello))
        let installer = PackageInstaller(
            store: world.store, keys: world.keys.ring, cache: world.cache, target: .x86_64Linux,
            limits: HartArchive.Limits(payload: PayloadReader.Limits(totalBytes: 50)))
        let error = HartError.payload(path: artifact, .tooLarge(.totalBytes, limit: 50))
        #expect(throws: StoreError.hart(error)) { try installer.install(artifact: artifact) }
        #expect(try world.isEmpty())
    }

    // MARK: - Trust

    @Test func refusesAnAlteredArtifact() throws {
        let world = try StoreWorld()
        let artifact = try world.artifact(PackageFixture(Self.hello))
        var altered = try contents(of: artifact)
        altered[altered.count - 40] ^= 1
        try AtomicFile.write(altered, to: artifact)
        #expect {
            try world.installer.install(artifact: artifact)
        } throws: { error in
            guard case .hart(.altered(let path, _, _)) = error as? StoreError else { return false }
            return path == artifact
        }
        #expect(try FileStatus.of(world.root.path) == nil)
    }

    @Test func refusesAnArtifactWhoseKeyIsMissing() throws {
        let world = try StoreWorld()
        let stranger = try TestKeys(in: world.scratch.file("strange"), origin: "stranger")
        let artifact = try PackageFixture(Self.hello).artifact(in: world.artifacts, keys: stranger)
        #expect {
            try world.installer.install(artifact: artifact)
        } throws: { error in
            guard case .hart(.keyMissing(_, let name, _)) = error as? StoreError else { return false }
            return name == stranger.name
        }
        #expect(try FileStatus.of(world.root.path) == nil)
    }

    @Test func refusesATruncatedPayload() throws {
        let world = try StoreWorld()
        try Directory.create(world.artifacts)
        let payload = world.artifacts + "/cut.tar.xz"
        try AtomicFile.write(Array(try PackageFixture(Self.hello).payload().dropLast(20)), to: payload)
        let artifact = world.artifacts + "/cut.hart"
        try world.keys.sign(payload, to: artifact)
        #expect(throws: StoreError.hart(.payload(path: artifact, .truncated))) {
            try world.installer.install(artifact: artifact)
        }
        #expect(try world.isEmpty())
    }

    @Test func refusesPayloadsThatAreNoArchives() throws {
        let world = try StoreWorld()
        try Directory.create(world.artifacts)
        let payload = try world.scratch.write(bytes("foo\n"), to: "signme.dat")
        let artifact = world.artifacts + "/signed.hart"
        try world.keys.sign(payload, to: artifact)
        #expect(throws: StoreError.hart(.payload(path: artifact, .truncated))) {
            try world.installer.install(artifact: artifact)
        }
    }

    // MARK: - Real artifacts

    @Test func installsARealArtifact() throws {
        let world = try StoreWorld()
        let artifact = try Vectors.path("hart/happyhumans-possums-8.1.4-20160427165340-x86_64-linux.hart")
        let installer = PackageInstaller(
            store: world.store, keys: KeyRing(directory: try Vectors.path("keys")), cache: world.cache,
            target: .x86_64Linux)
        let outcome = try installer.install(artifact: artifact)
        let receipt = try #require(try world.store.package(outcome.ident, target: .x86_64Linux)?.receipt())
        #expect(
            receipt.artifactDigest.hex == "74d368d3642721b5045929845f6a1146fad50c7ecab7ab547603965e45a29a82")
        #expect(
            receipt.payloadDigest.hex == "0f2c5f4de145c7f78601caae9c7b8767098413d05739de913c012922b7eed760")
        #expect(receipt.entries.count == 6)
    }

    @Test func refusesTheWindowsArtifactOnLinux() throws {
        let world = try StoreWorld()
        let artifact = try Vectors.path("hart/core-cacerts-2017.01.17-20170209064044-x86_64-windows.hart")
        let installer = PackageInstaller(
            store: world.store, keys: KeyRing(directory: try Vectors.path("keys")), cache: world.cache,
            target: .x86_64Linux)
        let name = try ident("core/cacerts/2017.01.17/20170209064044")
        #expect(
            throws: StoreError.wrongTarget(
                artifact: artifact, name, found: .x86_64Windows, allowed: .x86_64Linux)
        ) { try installer.install(artifact: artifact) }
        #expect(try world.isEmpty())
    }

    @Test func refusesTheAlteredRealArtifact() throws {
        let world = try StoreWorld()
        let artifact = try Vectors.path("hart/unhappyhumans-possums-8.1.4-20160427165340-x86_64-linux.hart")
        let installer = PackageInstaller(
            store: world.store, keys: KeyRing(directory: try Vectors.path("keys")), cache: world.cache,
            target: .x86_64Linux)
        #expect {
            try installer.install(artifact: artifact)
        } throws: { error in
            guard case .hart(.altered) = error as? StoreError else { return false }
            return true
        }
    }
}
