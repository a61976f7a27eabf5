// SPDX-License-Identifier: Apache-2.0

import BioArchive
import BioCrypto
import BioExport
import BioOCI
import BioPackage
import BioStore
import BioSystem
import BioTestSupport
import BioTrust
import Glibc
import Testing

@Suite struct ImageVerifierTests {
    private static let prefix = "hab/pkgs/acme/lib/1.0/20260101000001"

    @Test func anHonestImageIsWhatItsPackagesMake() throws {
        let world = try TrustWorld()
        let found = try world.verify(try world.image())
        #expect(found.map(\.verdict) == [.verified, .verified, .root])
        #expect(found.flatMap(\.packages).map { "\($0.ident)" } == [TrustWorld.library.ident, TrustWorld.app.ident])
        #expect(
            found.flatMap(\.packages).compactMap { $0.evidence?.signer.name } == [world.keys.name, world.keys.name])
        #expect(found.flatMap(\.packages).compactMap { $0.evidence?.strength } == [.signature, .signature])
        #expect(found[2].rest.links == 1 && found[2].rest.own.map(\.path) == [bytes("etc/passwd")])
    }

    @Test func mergedLayersAreHeldAgainstAllTheirPackages() throws {
        let world = try TrustWorld()
        let two = try world.verify(try world.image(most: 2))
        #expect(two.map(\.verdict) == [.verified, .root])
        #expect(two[0].packages.count == 2)
        let one = try world.verify(try world.image(most: 1))
        #expect(one.map(\.verdict) == [.mixed])
        #expect(one[0].rest.ownCount == 1 && one[0].rest.links == 1)
    }

    @Test func copiesOfFilesOfPackagesAreKnown() throws {
        let world = try TrustWorld()
        var image = try world.image()
        image.layers[2].add(.file("usr/hello", "#!/bin/sh\necho hello\n", mode: 0o755))
        let found = try world.verify(image)
        #expect(found[2].verdict == .root && found[2].rest.copies == 1)
    }

    // MARK: - Evidence

    @Test func withoutTheArtifactAReceiptIsEvidence() throws {
        let world = try TrustWorld()
        let image = try world.image()
        try Directory.remove(world.artifact(TrustWorld.library))
        #expect(try world.verify(image)[0].packages[0].evidence?.strength == .signature)
        try world.dropSignatures()
        let found = try world.verify(image)
        #expect(found.map(\.verdict) == [.verified, .verified, .root])
        #expect(found.flatMap(\.packages).compactMap { $0.evidence?.strength } == [.receipt, .signature])
        // What is to be read from the artifact is not known.
        #expect(try world.verify(image, recompute: true).map(\.verdict) == [.unknown, .verified, .root])
    }

    @Test func withoutAnInstallationTheArtifactIsEvidence() throws {
        let world = try TrustWorld()
        let image = try world.image()
        try Directory.remove(world.scratch.file("root"))
        let found = try world.verify(image)
        #expect(found.map(\.verdict) == [.verified, .verified, .root])
        #expect(found.flatMap(\.packages).compactMap { $0.evidence?.strength } == [.artifact, .artifact])
    }

    @Test func withoutBothNothingIsKnown() throws {
        let world = try TrustWorld()
        let image = try world.image()
        try Directory.remove(world.scratch.file("root"))
        try Directory.remove(world.scratch.file("cache"))
        let found = try world.verify(image)
        #expect(found.map(\.verdict) == [.unknown, .unknown, .root])
        #expect(found[0].differenceCount == 0)
        // That a layer changes one of another is seen all the same.
        var changed = image
        changed.layers.append(.init(title: "bio: more", members: [.file("\(Self.prefix)/lib/data.txt", "x")]))
        #expect(try world.verify(changed).map(\.verdict) == [.unknown, .unknown, .root, .differs])
    }

    @Test(arguments: [false, true]) func withoutTheKeyNothingIsBelieved(_ recompute: Bool) throws {
        let world = try TrustWorld()
        let image = try world.image()
        try Directory.remove(world.keys.ring.path(of: world.keys.name, .signingPublic))
        #expect(try world.verify(image, recompute: recompute).map(\.verdict) == [.distrusted, .distrusted, .root])
    }

    @Test func anotherKeyUnderTheSameNameIsNotBelieved() throws {
        let world = try TrustWorld()
        let image = try world.image()
        let path = world.keys.ring.path(of: world.keys.name, .signingPublic)
        let other = try OriginKeyPair.generate(try Origin(parsing: "acme"), revision: world.keys.name.revision)
        try AtomicFile.write(bytes(other.publicKey.text), to: path)
        #expect(try world.verify(image).map(\.verdict) == [.distrusted, .distrusted, .root])
    }

    @Test func anArtifactThatWasChangedIsNotBelieved() throws {
        let world = try TrustWorld()
        let image = try world.image()
        var content = try contents(of: world.artifact(TrustWorld.library))
        content[content.count - 1] ^= 1
        try AtomicFile.write(content, to: world.artifact(TrustWorld.library))
        try world.dropSignatures()
        #expect(try world.verify(image).map(\.verdict) == [.distrusted, .verified, .root])
        #expect(try world.verify(image, recompute: true)[0].verdict == .distrusted)
    }

    @Test func anotherArtifactThanTheInstalledOneIsNotBelieved() throws {
        let world = try TrustWorld()
        let image = try world.image()
        var other = TrustWorld.library
        other.files[0].body = "another build\n"
        let artifact = try other.artifact(in: world.scratch.file("other"), keys: world.keys)
        try AtomicFile.write(try contents(of: artifact), to: world.artifact(TrustWorld.library))
        try world.dropSignatures()
        let found = try world.verify(image)
        #expect(found[0].verdict == .distrusted)
        // It is well signed, and what it holds is not in the image.
        let read = try world.verify(image, recompute: true)
        #expect(read[0].verdict == .differs && read[0].shown == ["content \(Self.prefix)/lib/data.txt"])
    }

    @Test func aReceiptThatWasChangedIsNotBelieved() throws {
        let world = try TrustWorld()
        let image = try world.image()
        let package = try #require(
            try world.store.package(TrustWorld.library.qualified, target: .x86_64Linux))
        var text = try contents(of: package.receiptPath)
        text[text.count / 2] ^= 1
        try AtomicFile.write(text, to: package.receiptPath)
        #expect(try world.verify(image)[0].verdict == .distrusted)
        #expect(try world.verify(image, recompute: true)[0].verdict == .verified)
    }

    /// To whoever unpacks layers such a name is no file: no export makes a layer of it.
    @Test func aPackageThatMakesNoLayerIsNoEvidence() throws {
        let world = try TrustWorld()
        var image = try world.image()
        let package = PackageFixture("acme/odd/1/20260101000001", files: [.init("lib/.wh.x", "x")])
        let artifact = try package.artifact(in: world.scratch.file("artifacts"), keys: world.keys)
        _ = try world.installer().install(artifact: artifact)
        image.layers.insert(
            .init(title: "bio: x", members: [.file("\(package.prefix)/bin/x", "x")]), at: 0)
        let found = try world.verify(image)
        #expect(found[0].verdict == .distrusted && found[1].verdict == .verified)
    }

    @Test func theInstalledFilesDoNotMatter() throws {
        let world = try TrustWorld()
        let image = try world.image()
        try AtomicFile.write(bytes("changed"), to: world.path(TrustWorld.library, "lib/data.txt"))
        #expect(try world.verify(image)[0].verdict == .verified)
    }
}
