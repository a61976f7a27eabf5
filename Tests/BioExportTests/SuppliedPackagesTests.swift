// SPDX-License-Identifier: Apache-2.0

import BioExport
import BioPackage
import BioStore
import BioSystem
import BioTestSupport
import Testing

/// Packages that came with the program, in the place of base packages that nobody has.
@Suite struct SuppliedPackagesTests {
    /// A root whose keys know nothing of the supplied packages, and a directory of those.
    private struct World: ~Copyable {
        let scratch: Scratch
        let keys: TestKeys
        let own: TestKeys

        init() throws {
            let made = try Scratch()
            let (keys, own) = (
                try TestKeys(in: made.file("keys")), try TestKeys(in: made.file("supply/keys"), origin: "biome")
            )
            (self.keys, self.own) = (keys, own)
            scratch = made
        }

        func supply(_ package: PackageFixture) throws {
            _ = try package.artifact(in: scratch.file("supply/packages"), keys: own)
        }

        func cache(_ package: PackageFixture) throws {
            _ = try package.artifact(in: scratch.file("cache"), keys: keys)
        }

        func resolve(_ base: [ExportResolver.Base], mayInstall: Bool = true) throws -> ExportResolver.Resolution {
            let app = PackageFixture("acme/app/2.1/20260101000002")
            let artifact = try app.artifact(in: scratch.file("artifacts"), keys: keys)
            let installer = PackageInstaller(
                store: PackageStore(FileSystemRoot(fsRoot: scratch.file("root"))), keys: keys.ring,
                cache: ArtifactCache(path: scratch.file("cache")), target: .x86_64Linux)
            if !mayInstall { _ = try installer.install(artifact: artifact) }
            let supply = SuppliedPackages(directory: scratch.file("supply"))
            return try ExportResolver(installer, mayInstall: mayInstall, supply: supply) { _ in }.resolve(
                [.artifact(artifact)], base: base)
        }
    }

    private static let bio = "biome/bio/0.1.0/20260201000000"

    private static func base(_ role: ExportPackage.Roles, _ ident: String, supply: String? = "biome/bio") throws
        -> ExportResolver.Base
    {
        .init(
            role: role, wanted: .ident(try PackageIdent(parsing: ident)),
            supply: try supply.map { try PackageIdent(parsing: $0) })
    }

    private static func trio() throws -> [ExportResolver.Base] {
        [
            try base(.cli, "biome/bio"), try base(.supervisor, "biome/bio-sup"),
            try base(.launcher, "biome/bio-launcher"),
        ]
    }

    @Test func onePackageStandsInForThree() throws {
        let world = try World()
        try world.supply(PackageFixture(Self.bio))
        // A name that begins alike is another package.
        try world.supply(PackageFixture("biome/bio-init/0.1.0/20260301000000"))
        let found = try world.resolve(try Self.trio()).packages
        #expect(found.map { "\($0.ident)" } == [Self.bio, "acme/app/2.1/20260101000002"])
        #expect(found[0].roles == [.base, .cli, .supervisor, .launcher])
        #expect(found[0].signer == "\(world.own.name)")
    }

    /// An older release from the same hands, or another's: its supervisor is not the one that stands in.
    @Test func thePackageManagerThatIsThereGoesToo() throws {
        let world = try World()
        try world.supply(PackageFixture(Self.bio))
        try world.keys.addKey(of: "biome")
        try world.cache(PackageFixture("biome/bio/9.9/20260101000001"))
        let found = try world.resolve(try Self.trio()).packages
        #expect(found.map { "\($0.ident)" } == [Self.bio, "acme/app/2.1/20260101000002"])
        // And what does not count is not installed.
        let store = PackageStore(FileSystemRoot(fsRoot: world.scratch.file("root")))
        let other = try QualifiedIdent(parsing: "biome/bio/9.9/20260101000001")
        #expect(try store.package(other, target: .x86_64Linux) == nil)
    }

    @Test func whatIsThereNeedsNoStandIn() throws {
        let world = try World()
        try world.supply(PackageFixture(Self.bio))
        for (number, name) in ["bio", "bio-sup", "bio-launcher"].enumerated() {
            try world.cache(PackageFixture("biome/\(name)/1.6/2026010100000\(number)"))
        }
        let found = try world.resolve(try Self.trio()).packages
        #expect(
            Set(found.map { "\($0.ident.name) \($0.ident.version)" })
                == ["bio 1.6", "bio-sup 1.6", "bio-launcher 1.6", "app 2.1"])
    }

    /// What belongs to the program is the program's, whatever is installed.
    @Test func whatIsPartOfTheProgramComesWithIt() throws {
        let world = try World()
        let wanted = try PackageIdent(parsing: "biome/bio-init")
        try world.keys.addKey(of: "biome")
        try world.cache(PackageFixture("biome/bio-init/9.9/20260101000001"))
        try world.supply(PackageFixture("biome/bio-init/0.1.0/20260201000000"))
        for (prefers, version) in [(true, "0.1.0"), (false, "9.9")] {
            let base = ExportResolver.Base(
                role: [], wanted: .ident(wanted), supply: wanted, prefersSupply: prefers)
            let found = try world.resolve([base]).packages.first { $0.ident.name == "bio-init" }
            #expect(found?.ident.version == version)
        }
    }

    @Test func whatTheUserChoseHasNoStandIn() throws {
        let world = try World()
        try world.supply(PackageFixture(Self.bio))
        let error = #expect(throws: ExportError.self) {
            try world.resolve([try Self.base(.supervisor, "acme/sup", supply: nil)])
        }
        #expect("\(error!)".contains("'acme/sup'"))
    }

    /// Its key lies beside it and counts for it alone.
    @Test func anotherKeyDoesNotDo() throws {
        let world = try World()
        let other = try TestKeys(in: world.scratch.file("others"), origin: "biome", revision: "20260909000000")
        _ = try PackageFixture(Self.bio).artifact(in: world.scratch.file("supply/packages"), keys: other)
        #expect(throws: StoreError.self) { try world.resolve(try Self.trio()) }
        #expect(
            try PackageStore(FileSystemRoot(fsRoot: world.scratch.file("root"))).package(
                QualifiedIdent(parsing: Self.bio), target: .x86_64Linux) == nil)
    }

    @Test func aDryRunInstallsNone() throws {
        let world = try World()
        try world.supply(PackageFixture(Self.bio))
        let error = #expect(throws: ExportError.self) { try world.resolve(try Self.trio(), mayInstall: false) }
        guard case .notInstalled(let path)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(path.hasSuffix("biome-bio-0.1.0-20260201000000-x86_64-linux.hart"))
    }

    @Test func withoutASupplyTheyAreMissing() throws {
        let world = try World()
        let error = #expect(throws: ExportError.self) { try world.resolve(try Self.trio()) }
        #expect("\(error!)".contains("'biome/bio', 'biome/bio-sup', 'biome/bio-launcher'"))
    }
}
