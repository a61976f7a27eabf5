// SPDX-License-Identifier: Apache-2.0

import BioArchive
import BioCrypto
import BioOCI
import BioSystem
import BioTestSupport
import BioTrust
import Testing

/// Images in which every document is in order and every tar is bio's, made by somebody who knows how they are verified.
@Suite struct HostileImageTests {
    private static let prefix = "hab/pkgs/acme/lib/1.0/20260101000001"
    private static let file = "\(prefix)/lib/data.txt"

    /// Members of a layer above an honest image, and what is said of them.
    struct Attack: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let members: [TrustImage.Member]
        let differences: [String]

        init(_ name: String, _ members: [TrustImage.Member], _ differences: [String]) {
            testDescription = name
            self.members = members
            self.differences = differences
        }
    }

    static let attacks = [
        Attack(
            "a link made through a link",
            [
                .directory("i"), .symlink("j", to: "/i"), .symlink("j/l", to: "/\(prefix)"), .symlink("k", to: "/i"),
                .file("k/l/lib/data.txt", "x"),
            ], ["through-link j/l", "through-link k/l/lib/data.txt"]),
        Attack(
            "a long chain of links",
            (10..<54).map { .symlink("l\($0)", to: "/l\($0 + 1)") } + [
                .symlink("l54", to: "/\(prefix)"), .symlink("m", to: "/l10"), .file("m/lib/data.txt", "x"),
            ], ["through-link m/lib/data.txt"]),
        Attack("a hard link", [.hardLink("etc/l", to: file, mode: 0o4777)], ["added etc/l"]),
        Attack(
            "a hard link through a link", [.symlink("a", to: "/hab"), .hardLink("b", to: "a/\(file.dropFirst(4))")],
            ["through-link b"]),
        Attack(
            "a hard link to a link",
            [.symlink("a", to: "/\(prefix)"), .hardLink("b", to: "a"), .file("b/lib/data.txt", "x")],
            ["through-link b/lib/data.txt"]),
        Attack(
            "a whiteout through a link", [.symlink("a", to: "/\(prefix)"), .file("a/lib/.wh.data.txt", "")],
            ["through-link a/lib/data.txt"]),
        Attack(
            "an opaque link", [.symlink("a", to: "/\(prefix)"), .file("a/.wh..wh..opq", "")], ["through-link a"]),
        Attack(
            "a version that is a link",
            [.file("evil/20990101000000/bin/x", "x"), .symlink("hab/pkgs/acme/lib/9.9", to: "/evil")],
            ["added hab/pkgs/acme/lib/9.9"]),
        Attack("a file among packages", [.file("hab/pkgs/x", "x")], ["added hab/pkgs/x"]),
        Attack(
            "a package of no name", [.file("hab/pkgs/Acme/lib/1.0/20260101000001/x", "x")],
            ["added hab/pkgs/Acme/lib/1.0/20260101000001/x"]),
        Attack(
            "a status that is a program", [.file("\(prefix)/INSTALL_HOOK_STATUS", "0", mode: 0o4755)],
            ["added \(prefix)/INSTALL_HOOK_STATUS"]),
        Attack(
            "a status that is none", [.file("\(prefix)/INSTALL_HOOK_STATUS", "#!/bin/sh\n")],
            ["added \(prefix)/INSTALL_HOOK_STATUS"]),
    ]

    @Test(arguments: attacks) func anAttackIsTold(_ attack: Attack) throws {
        let world = try TrustWorld()
        var image = try world.image()
        image.layers.append(.init(title: "bio: more", members: attack.members))
        let found = try world.verify(image)
        #expect(found.map(\.verdict) == [.verified, .verified, .root, .differs])
        #expect(found[3].shown == attack.differences)
    }

    /// The link is gone when the whiteout comes, and the whiteout is seen all the same.
    @Test func aRootThatWasALinkHidesNothing() throws {
        let world = try TrustWorld()
        var image = try world.image()
        image.layers.insert(
            .init(title: "bio: z", members: [.directory("evil"), .symlink("hab", to: "/evil")]), at: 0)
        image.layers.append(.init(title: "RUN x", members: [.file("\(Self.prefix)/lib/.wh.data.txt", "")]))
        let found = try world.verify(image)
        #expect(found.map(\.verdict) == [.differs, .verified, .verified, .root, .differs])
        #expect(found[0].shown == ["added hab"])
        #expect(found[4].shown == ["hidden \(Self.file)"])
    }

    /// A policy may let unknown packages pass: they must not touch those that are known.
    @Test(
        arguments: [
            ([.symlink("l", to: "/\(prefix)"), .file("l/lib/data.txt", "x")], ["through-link l/lib/data.txt"]),
            ([.hardLink("l", to: file, mode: 0o4777)], ["added l"]),
        ] as [([TrustImage.Member], [String])])
    func anUnknownPackageDoesNotReachAnother(_ members: [TrustImage.Member], _ differences: [String]) throws {
        let world = try TrustWorld()
        var image = try world.image()
        let own = "hab/pkgs/evil/x/1/20260101000000/"
        image.layers.append(.init(title: "bio: x", members: members.map { $0.moved(below: own) }))
        let found = try world.verify(image)
        #expect(found.map(\.verdict) == [.verified, .verified, .root, .differs])
        #expect(found[3].shown == differences.map { $0.replacing(" l", with: " \(own)l") })
    }

    @Test func theTitleOfALayerDecidesNothing() throws {
        let world = try TrustWorld()
        var image = try world.image()
        image.layers[0].title = "bio: all packages and x"
        image.layers[0].add(.file("usr/sbin/x", "x", mode: 0o4755))
        let found = try world.verify(image)
        #expect(found[0].verdict == .differs && found[0].shown == ["added usr/sbin/x"])
    }

    @Test func packagesOfAnotherFlavourAreNoRest() throws {
        let world = try TrustWorld()
        var image = try world.image()
        let path = "bio/pkgs/acme/x/1/20260101000000/bin/x"
        image.layers.append(.init(title: "bio: more", members: [.file(path, "x", mode: 0o4755)]))
        let found = try world.verify(image)
        #expect(found[3].verdict == .differs && found[3].shown == ["added \(path)"])
        #expect(found[3].problems == [.otherFlavour])
    }

    @Test func theSameLayerTwiceIsNoDifference() throws {
        let world = try TrustWorld()
        var image = try world.image()
        image.layers.append(image.layers[0])
        #expect(try world.verify(image).map(\.verdict) == [.verified, .verified, .root, .root])
    }

    // MARK: - What is listed

    private func rest(_ members: [TrustImage.Member]) throws -> RestFiles {
        let world = try TrustWorld()
        var image = try world.image()
        image.layers.append(.init(title: "bio: more", members: members))
        let found = try world.verify(image)
        #expect(found[3].verdict == .root)
        return found[3].rest
    }

    @Test func whatOnlyLooksLikeAPackagesIsListed() throws {
        let link = TrustImage.Member.symlink("bin/a", to: "/\(Self.prefix)/../../../../../../tmp/x")
        let found = try rest([
            link, .symlink("bin/b", to: "/\(Self.prefix)/lib/none"), .file("bin/su", "one\ntwo\n", mode: 0o4755),
            .directory("etc", mode: 0o777), .directory("tmp", mode: 0o1777), .directory("usr", mode: 0o1777),
        ])
        #expect(found.copies == 0 && found.links == 0 && found.directories == 1 && found.ownCount == 5)
        #expect(
            found.own.filter(\.isNotable).map { String(decoding: $0.path, as: UTF8.self) } == ["bin/su", "etc", "usr"])
        #expect(found.own.map(\.kind) == ["file", "directory", "directory", "symlink", "symlink"])
    }

    @Test func whatIsNotableIsNeverCut() throws {
        let many = (10000..<12000).map { TrustImage.Member.file("a/\($0)", "x") }
        let found = try rest(
            many + [
                .file("etc/ld.so.preload", "x"), .file("usr/bin/a", "x", mode: 0o755),
                .file("usr/bin/x", "x", mode: 0o4755),
            ])
        #expect(found.ownCount == 2003 && found.own.count == RestFiles.mostKept + 2)
        let first = found.own.prefix(3).map { String(decoding: $0.path, as: UTF8.self) }
        #expect(first == ["etc/ld.so.preload", "usr/bin/x", "usr/bin/a"])
    }

    // MARK: - Sizes

    /// What is claimed of a layer that is not so long does not count as read.
    @Test func aClaimedSizeIsNotCounted() throws {
        let world = try TrustWorld()
        let layers = try world.image().inMemory()
        let honest = MemoryImages.image("x", layers: layers)
        let claimed = honest.layers.enumerated().map { index, layer in
            let size = index == 0 ? Int64.max : layer.descriptor?.size ?? 0
            return StoredImage.Layer(
                diffID: layer.diffID,
                descriptor: layer.descriptor.map { Descriptor(mediaType: $0.mediaType, digest: $0.digest, size: size) },
                title: layer.title, packages: layer.packages)
        }
        let directory = world.scratch.file("lying")
        try MemoryImages.writeLayout([.init("x", layers: layers)], to: directory)
        let source = try LayoutSource(directory: directory, reference: nil)
        let image = StoredImage(
            manifest: honest.manifest, imageID: honest.imageID, configuration: honest.configuration, layers: claimed,
            names: [])
        var read: [Int64] = []
        var verifier = ImageVerifier(world.installer(), readsArtifacts: false) { read.append($0) }
        let found = try verifier.layers(of: image, in: source)
        #expect(found.map(\.verdict) == [.damaged, .verified, .root])
        #expect(read == layers.dropFirst().map { Int64($0.tar.count) })
    }
}

extension TrustImage.Member {
    fileprivate func moved(below directory: String) -> TrustImage.Member {
        var moved = self
        moved.member.path = bytes(directory) + member.path
        return moved
    }
}
