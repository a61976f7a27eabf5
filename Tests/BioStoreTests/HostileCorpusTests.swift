// SPDX-License-Identifier: Apache-2.0

import BioHart
import BioPackage
import BioStore
import BioSystem
import BioTestSupport
import Testing

/// Every trick of the corpus: refused by its name, nothing left behind, nothing written outside.
@Suite struct HostileCorpusTests {
    private func installer(_ world: borrowing StoreWorld, _ trick: HostileArtifact) -> PackageInstaller {
        PackageInstaller(
            store: world.store, keys: world.keys.ring, cache: world.cache, target: .x86_64Linux, limits: trick.limits)
    }

    private func outside(_ world: borrowing StoreWorld) throws -> [String] {
        try treeListing(world.scratch.path).filter { !$0.contains(" root") }
    }

    @Test(arguments: HostileCorpus.all) func isRefused(_ trick: HostileArtifact) throws {
        let world = try StoreWorld()
        try Directory.create(world.artifacts)
        let artifact = try trick.write(into: world.artifacts, keys: world.keys)
        let installer = installer(world, trick)
        let before = try outside(world)
        #expect(throws: trick.error(artifact, ring: world.keys.ring)) { try installer.install(artifact: artifact) }
        #expect(try world.isEmpty())
        #expect(try outside(world) == before)
    }

    @Test(arguments: HostileCorpus.all) func givesNoReceipt(_ trick: HostileArtifact) throws {
        let world = try StoreWorld()
        try Directory.create(world.artifacts)
        let artifact = try trick.write(into: world.artifacts, keys: world.keys)
        let (installer, own) = (installer(world, trick), try ident(HostileArtifact.ident))
        #expect(throws: trick.error(artifact, ring: world.keys.ring)) {
            try installer.receipt(ofArtifact: artifact, expected: own)
        }
        #expect(try world.listing().isEmpty)
    }

    @Test(arguments: HostileCorpus.accepted) func isInstalled(_ oddity: HostileCorpus.Oddity) throws {
        let world = try StoreWorld()
        try Directory.create(world.artifacts)
        let artifact = try oddity.write(into: world.artifacts, keys: world.keys)
        let outcome = try world.installer.install(artifact: artifact)
        #expect(outcome.installed == [try ident(HostileArtifact.ident)])
        let receipt = try world.store.package(outcome.ident, target: .x86_64Linux)?.receipt()
        #expect(receipt != nil)
    }

    /// The honest package itself, or all refusals would be worth nothing.
    @Test func theHonestPackageIsInstalled() throws {
        let world = try StoreWorld()
        let artifact = try world.artifact(PackageFixture(HostileArtifact.ident))
        #expect(try world.installer.install(artifact: artifact).installed == [try ident(HostileArtifact.ident)])
    }

    @Test func namesAreUniqueAndMessagesAreSentences() {
        let names = HostileCorpus.all.map(\.name) + HostileCorpus.accepted.map(\.name)
        #expect(Set(names).count == names.count)
        #expect(names.count > 130)
        for trick in HostileCorpus.all {
            let text = trick.error("a.hart").description
            #expect(!text.isEmpty && !text.contains("\n") && text.contains("a.hart"), "\(trick): \(text)")
        }
    }

    @Test(arguments: [
        ("README", "readme"), ("caf\u{E9}", "cafe\u{301}"), ("\u{C9}", "e\u{301}"),
    ])
    func namesThatAreOneOnAnotherPlatformAreRefusedForIt(_ first: String, _ second: String) throws {
        let world = try StoreWorld()
        var fixture = PackageFixture(HostileArtifact.ident, target: "x86_64-windows")
        fixture.extra = { tar, prefix in
            tar.file("\(prefix)/\(first)")
            tar.file("\(prefix)/\(second)")
        }
        let artifact = try world.artifact(fixture)
        let error = HartError.namesCollide(
            path: artifact, first: bytes("\(HostileArtifact.prefix)/\(first)"),
            second: bytes("\(HostileArtifact.prefix)/\(second)"))
        #expect(throws: error) { try HartArchive.open(artifact).metadata() }
        #expect(error.description.contains("one file on its platform"))
    }
}
