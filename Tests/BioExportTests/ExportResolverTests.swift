// SPDX-License-Identifier: Apache-2.0

import BioArchive
import BioCrypto
import BioExport
import BioGraph
import BioPackage
import BioStore
import BioSystem
import BioTestSupport
import Glibc
import Testing

/// From what the user named to the packages of a job: `ExportResolver`, `LoadedPackage` and `InstalledTree`.
@Suite struct ExportResolverTests {
    /// A root, keys, a cache and artifacts, all fresh.
    private struct World: ~Copyable {
        let scratch: Scratch
        let keys: TestKeys

        init() throws {
            let made = try Scratch()
            keys = try TestKeys(in: made.file("keys"))
            scratch = made
        }

        var cache: ArtifactCache { ArtifactCache(path: scratch.file("cache")) }
        var installer: PackageInstaller {
            PackageInstaller(
                store: PackageStore(FileSystemRoot(fsRoot: scratch.file("root"))), keys: keys.ring, cache: cache,
                target: .x86_64Linux)
        }

        func artifact(_ package: PackageFixture) throws -> String {
            try package.artifact(in: scratch.file("artifacts"), keys: keys)
        }

        func cached(_ package: PackageFixture) throws {
            _ = try package.artifact(in: scratch.file("cache"), keys: keys)
        }

        func resolve(_ wanted: String..., base: [(ExportPackage.Roles, String)] = []) throws
            -> ExportResolver.Resolution
        {
            try ExportResolver(installer) { _ in }.resolve(
                try wanted.map { try ExportResolver.Wanted(parsing: $0) },
                base: try base.map { .init(role: $0.0, wanted: .ident(try PackageIdent(parsing: $0.1))) })
        }
    }

    private let library = PackageFixture("acme/lib/1.0/20260101000001", files: [.init("lib/a", "a")])
    private var app: PackageFixture {
        PackageFixture(
            "acme/app/2.1/20260101000002", tdeps: [library.ident], files: [.init("hooks/run", "#!/bin/sh\n")])
    }

    @Test func anArtifactIsVerifiedInstalledAndLoaded() throws {
        let world = try World()
        _ = try world.artifact(library)
        let path = try world.artifact(app)
        let resolution = try world.resolve(path)
        #expect(resolution.packages.map { "\($0.ident)" } == [library.ident, app.ident])
        #expect(resolution.packages.map(\.roles) == [[], [.root, .service]])
        #expect(resolution.packages.map(\.signer) == ["\(world.keys.name)", "\(world.keys.name)"])
        #expect(resolution.graph.roots == [1] && resolution.warnings.isEmpty)
        let package = resolution.packages[1]
        let digest = Digest.blake2b256(of: try contents(of: path))
        #expect(package.artifactDigest == "\(digest)")
        #expect(package.prefix == "hab/pkgs/acme/app/2.1/20260101000002")
        #expect(
            package.files.map { String(decoding: $0.path, as: UTF8.self) }
                == ["", "DEPS", "IDENT", "TARGET", "TDEPS", "hooks", "hooks/run"])
        #expect(package.metadata.map(\.name) == ["DEPS", "IDENT", "TARGET", "TDEPS"])
        #expect(package.files[6].digest == Digest.blake2b256(of: Array("#!/bin/sh\n".utf8)))
    }

    @Test func rootsRememberWhatWasAskedFor() throws {
        let world = try World()
        _ = try world.artifact(library)
        let path = try world.artifact(app)
        func requests(_ wanted: String...) throws -> [String] {
            try ExportResolver(world.installer) { _ in }.resolve(
                try wanted.map { try ExportResolver.Wanted(parsing: $0) }, base: []
            ).packages.map(\.requested)
        }
        // Of an artifact, what a supervisor can find updates of.
        #expect(try requests(path) == ["", "acme/app"])
        #expect(try requests("acme/app/2.1", "acme/lib") == ["acme/lib", "acme/app/2.1"])
        // Of one package named twice, what came first.
        #expect(try requests(app.ident, "acme/app") == ["", app.ident])
    }

    @Test func anInstallHookIsARole() throws {
        let world = try World()
        let hooked = PackageFixture("acme/hooked/1.0/20260101000003", files: [.init("hooks/install", "#!/bin/sh\n")])
        let near = PackageFixture("acme/near/1.0/20260101000003", files: [.init("hooks/install/x", "a directory")])
        #expect(try world.resolve(world.artifact(hooked)).packages.map(\.roles) == [[.root, .installHook]])
        #expect(try world.resolve(world.artifact(near)).packages.map(\.roles) == [[.root]])
    }

    @Test func theNewestOfInstalledAndCachedCounts() throws {
        let world = try World()
        func release(_ number: String) -> PackageFixture { PackageFixture("acme/x/1.0/2026010100000\(number)") }
        _ = try world.installer.install(artifact: try world.artifact(release("5")), cacheArtifacts: false)
        #expect(try world.resolve("acme/x").packages[0].ident.release == "20260101000005")
        try world.cached(release("4"))
        #expect(try world.resolve("acme/x").packages[0].ident.release == "20260101000005")
        try world.cached(release("6"))
        #expect(try world.resolve("acme/x/1.0/20260101000005").packages[0].ident.release == "20260101000005")
        #expect(try world.resolve("acme/x").packages[0].ident.release == "20260101000006")
        #expect(try world.resolve("acme/x/1.0").packages[0].ident.release == "20260101000006")
    }

    @Test func whatIsNowhereIsNamedWithTheCache() throws {
        let world = try World()
        let wanted = try PackageIdent(parsing: "acme/none")
        let error = #expect(throws: ExportError.self) { try world.resolve("acme/none") }
        #expect(error == .notFound(wanted, cache: world.cache.path))
        #expect(error?.description == "package 'acme/none' is neither installed nor in '\(world.cache.path)'")
        #expect(throws: ExportError.noPackage) { try world.resolve() }
    }

    @Test func missingBasePackagesAreNamedAllAtOnce() throws {
        let world = try World()
        let error = #expect(throws: ExportError.self) {
            try world.resolve(
                try world.artifact(library), base: [(.cli, "biome/bio"), (.launcher, "biome/bio-launcher")])
        }
        #expect(
            error?.description
                == "the base packages 'biome/bio', 'biome/bio-launcher' are neither installed nor in "
                + "'\(world.cache.path)'")
        #expect(error?.hint == "install them, or leave them out with --base-pkgs none")
    }

    @Test func basePackagesComeFirstWithTheirRole() throws {
        let world = try World()
        try world.cached(library)
        try world.cached(PackageFixture("acme/shell/1.0/20260101000003"))
        let resolution = try world.resolve(try world.artifact(app), base: [(.shell, "acme/shell")])
        #expect(resolution.packages.map { $0.ident.name } == ["shell", "lib", "app"])
        #expect(resolution.packages.map(\.roles) == [[.base, .shell], [], [.root, .service]])
    }

    @Test func whatAFormatNeedsForItselfIsKnown() throws {
        let world = try World()
        for package in [
            library, PackageFixture("acme/shell/1.0/20260101000003"), PackageFixture("acme/tool/1/20260101000004"),
        ] {
            try world.cached(package)
        }
        try world.cached(
            PackageFixture("acme/json/1.0/20260101000003", tdeps: ["acme/tool/1/20260101000004", library.ident]))
        try world.cached(PackageFixture("acme/sup/1.0/20260101000003", tdeps: [library.ident]))
        let resolution = try world.resolve(
            try world.artifact(app), base: [(.shell, "acme/shell"), (.supervisor, "acme/sup"), ([], "acme/json")])
        let own = resolution.packages.filter(\.isFormatsOwn).map { $0.ident.name }
        #expect(own.sorted() == ["json", "tool"])
        #expect(resolution.packages.allSatisfy { !$0.isFormatsOwn || $0.roles == [.base] })
    }

    @Test func aPackageWithoutReceiptIsUnverifiedAndSaid() throws {
        let scratch = try Scratch()
        let fixture = try ExportFixture.small(in: scratch.path)
        #expect(fixture.packages.allSatisfy { $0.roles.contains(.unverified) && $0.artifactDigest.isEmpty })
        #expect(
            fixture.resolution.warnings == [
                "'acme/lib/1.0/20260101000001' has no receipt and its artifact is not in the cache: "
                    + "it is exported unverified",
                "'acme/app/2.1/20260101000002' has no receipt and its artifact is not in the cache: "
                    + "it is exported unverified",
            ])
    }

    @Test func aLostReceiptIsMadeAnewFromTheCachedArtifact() throws {
        let world = try World()
        let resolved = try world.resolve(try world.artifact(library))
        let receipts = world.scratch.file("root/hab/receipts")
        try Directory.remove(receipts)
        let again = try world.resolve("acme/lib")
        #expect(again.warnings.isEmpty)
        #expect(again.packages[0].artifactDigest == resolved.packages[0].artifactDigest)
        #expect(again.packages[0].files == resolved.packages[0].files)
        let receipt = "\(receipts)/acme/lib/1.0/20260101000001.receipt"
        #expect(try FileStatus.of(receipt)?.kind == .file, "the next export need not read the artifact")
    }

    @Test func aTreeThatIsNotWhatTheArtifactSaysGetsNoReceipt() throws {
        let world = try World()
        _ = try world.resolve(try world.artifact(library))
        let receipts = world.scratch.file("root/hab/receipts")
        try Directory.remove(receipts)
        try AtomicFile.write([0x21], to: world.scratch.file("root/hab/pkgs/\(library.ident)/IDENT"))
        _ = try world.resolve("acme/lib")
        #expect(try FileStatus.of("\(receipts)/acme/lib/1.0/20260101000001.receipt") == nil)
    }

    @Test(arguments: ["acme/lib/1.0/20260101000009\n", "acme/lib\n"])
    func aChangedMetafileCountsAsItWasAndIsRefusedByNameWhenItIsRead(change: String) throws {
        let world = try World()
        let before = try world.resolve(try world.artifact(library)).packages
        let path = world.scratch.file("root/hab/pkgs/\(library.ident)/IDENT")
        try AtomicFile.write(Array(change.utf8), to: path)
        let packages = try world.resolve("acme/lib").packages
        #expect(packages[0].metadata == before[0].metadata && packages[0].files == before[0].files)

        var tree = RootFilesystem()
        try tree.add(packages[0], number: 0)
        let writing = ArchiveWriting(
            packages: packages, bytes: PackageBytes(root: world.scratch.file("root")), sourceDateEpoch: 1, threads: 1,
            progress: { _, _ in }, isCancelled: { false })
        let error = #expect(throws: ServiceError.self) {
            _ = try writing.write(tree, to: world.scratch.file("out"), .none)
        }
        #expect(error?.message == "'hab/pkgs/\(library.ident)/IDENT' is not what the signed package holds")
    }

    @Test func aChangedMetafileIsNotBelievedWhereTheReceiptIsLost() throws {
        let world = try World()
        let before = try world.resolve(try world.artifact(library)).packages
        try Directory.remove(world.scratch.file("root/hab/receipts"))
        try AtomicFile.write(
            Array("acme/none/1/2\n".utf8), to: world.scratch.file("root/hab/pkgs/\(library.ident)/DEPS"))
        #expect(try world.resolve("acme/lib").packages[0].metadata == before[0].metadata)
    }

    @Test func whatIsNoPackageContentIsRefusedWithoutAReceipt() throws {
        let scratch = try Scratch()
        _ = try ExportFixture.small(in: scratch.path)
        let fifo = scratch.file("hab/pkgs/acme/lib/1.0/20260101000001/lib/fifo")
        #expect(mkfifo(fifo, 0o600) == 0)
        let resolver = ExportResolver(ExportFixture.installer(scratch.path)) { _ in }
        #expect(throws: ExportError.notExportable(path: fifo)) {
            try resolver.resolve([.ident(try PackageIdent(parsing: "acme/lib"))], base: [])
        }
    }

    @Test func aTreeWithoutReceiptIsReadWithoutFollowingLinks() throws {
        let scratch = try Scratch()
        _ = try ExportFixture.small(in: scratch.path)
        let directory = scratch.file("hab/pkgs/acme/lib/1.0/20260101000001")
        #expect(symlink("/etc", "\(directory)/lib/etc") == 0)
        let resolver = ExportResolver(ExportFixture.installer(scratch.path)) { _ in }
        let package = try resolver.resolve([.ident(try PackageIdent(parsing: "acme/lib"))], base: []).packages[0]
        let link = try #require(package.files.first { $0.path == Array("lib/etc".utf8) })
        #expect(link.kind == .symlink && link.linkTarget == Array("/etc".utf8))
        #expect(package.files.count == 7)
        let data = try #require(package.files.first { $0.path == Array("lib/data.txt".utf8) })
        #expect(data.digest == Digest.blake2b256(of: Array("one\ntwo\n".utf8)) && data.size == 8)
    }

    @Test func whatIsAFileOrLooksLikeOneIsAnArtifact() throws {
        let scratch = try Scratch()
        let file = try scratch.write([], to: "file")
        #expect(try ExportResolver.Wanted(parsing: file) == .artifact(file))
        #expect(try ExportResolver.Wanted(parsing: "none.hart") == .artifact("none.hart"))
        #expect(try ExportResolver.Wanted(parsing: "a/b") == .ident(try PackageIdent(parsing: "a/b")))
        #expect(throws: PackageIdent.ParseError.self) { try ExportResolver.Wanted(parsing: "a") }
    }
}
