// SPDX-License-Identifier: Apache-2.0

import BioArchive
import BioCrypto
import BioOCI
import BioSystem
import BioTestSupport
import BioTrust
import Glibc
import Testing

/// Images whose documents are all in order, and whose layers are not what they should be.
@Suite struct TamperedImageTests {
    private static let prefix = "hab/pkgs/acme/lib/1.0/20260101000001"

    /// A change of the layer of `acme/lib`, and what is said of it.
    struct Tampering: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let change: @Sendable (inout TrustImage.Layer) throws -> Void
        let differences: [String]
        var problems: [VerifiedLayer.Problem] = []
        var verdict = VerifiedLayer.Verdict.differs

        init(
            _ name: String, _ differences: [String] = [], problems: [VerifiedLayer.Problem] = [],
            verdict: VerifiedLayer.Verdict = .differs,
            _ change: @escaping @Sendable (inout TrustImage.Layer) throws -> Void
        ) {
            testDescription = name
            self.change = change
            self.differences = differences
            self.problems = problems
            self.verdict = verdict
        }
    }

    static let tamperings = [
        Tampering("content", ["content \(prefix)/lib/data.txt"]) { layer in
            try layer.change("/lib/data.txt") { $0.body[0] ^= 1 }
        },
        Tampering("size", ["content \(prefix)/lib/empty"]) { layer in
            try layer.change("/lib/empty") { $0 = .file("\(prefix)/lib/empty", "not empty") }
        },
        Tampering("mode", ["mode \(prefix)/lib/data.txt"]) { layer in
            try layer.change("/lib/data.txt") { $0.member.mode = 0o4755 }
        },
        Tampering("time", ["time \(prefix)/lib/data.txt"]) { layer in
            try layer.change("/lib/data.txt") { $0.member.mtime = 2 }
        },
        Tampering("target", ["target \(prefix)/lib/link"]) { layer in
            try layer.change("/lib/link") { $0 = .symlink("\(prefix)/lib/link", to: "/etc/shadow") }
        },
        Tampering("kind", ["kind \(prefix)/lib/link"]) { layer in
            try layer.change("/lib/link") { $0 = .file("\(prefix)/lib/link", "one\ntwo\n") }
        },
        Tampering("directory above", ["mode hab"]) { layer in
            try layer.change("hab") { $0.member.mode = 0o777 }
        },
        Tampering("a file more", ["added \(prefix)/lib/more"]) { layer in
            layer.add(.file("\(prefix)/lib/more", "x"))
        },
        Tampering("a file outside", ["added etc/shadow"]) { layer in layer.add(.file("etc/shadow", "x")) },
        Tampering("a file less", ["missing \(prefix)/lib/data.txt"]) { layer in
            layer.members.removeAll { $0.member.path == bytes("\(prefix)/lib/data.txt") }
        },
        Tampering("an owner", ["owner \(prefix)/lib/data.txt"], problems: [.otherTar]) { layer in
            layer.patch = { patched($0, "\(prefix)/lib/data.txt", at: 108, bytes("0000007")) }
        },
        Tampering("a name of an owner", problems: [.otherTar]) { layer in
            layer.patch = { patched($0, "\(prefix)/lib/data.txt", at: 265, bytes("root")) }
        },
        Tampering("extended attributes", problems: [.otherTar]) { layer in
            layer.patch = { tar in
                var header = RawTar()
                header.pax([(key: "SCHILY.xattr.security.capability", value: [1, 0, 0, 2])])
                let place = header512(tar, "\(prefix)/lib/data.txt")
                return Array(tar[..<place]) + header.bytes + Array(tar[place...])
            }
        },
        Tampering("another order", problems: [.otherTar]) { layer in layer.members.swapAt(4, 5) },
        Tampering("padding", problems: [.otherTar]) { layer in
            layer.patch = { $0 + [UInt8](repeating: 0, count: 512) }
        },
        Tampering(
            "a wrong annotation", problems: [.claim(absent: ["acme/other/1/2"], unsaid: [TrustWorld.library.ident])]
        ) {
            $0.packages = ["acme/other/1/2"]
        },
        Tampering("an annotation more", problems: [.claim(absent: ["core/glibc/2/3"], unsaid: [])]) {
            $0.packages.append("core/glibc/2/3")
        },
        Tampering("a package more", ["added hab/pkgs/acme/lib/1.0/20260101000001/lib/hab/x"]) { layer in
            layer.add(.file("\(prefix)/lib/hab/x", "x"))
        },
    ]

    @Test(arguments: tamperings) func aChangeIsTold(_ tampering: Tampering) throws {
        let world = try TrustWorld()
        var image = try world.image()
        try tampering.change(&image.layers[0])
        let found = try world.verify(image)
        #expect(found[0].verdict == tampering.verdict)
        #expect(found[0].shown == tampering.differences)
        #expect(found[0].problems == tampering.problems)
        #expect(found[1].verdict == .verified)
    }

    // MARK: - Layers above

    @Test(arguments: [
        ("replaced", TrustImage.Member.file("\(prefix)/lib/data.txt", "x"), "content \(prefix)/lib/data.txt"),
        ("added", .file("\(prefix)/bin/ls", "x"), "added \(prefix)/bin/ls"),
        ("hidden", .file("\(prefix)/lib/.wh.data.txt", ""), "hidden \(prefix)/lib/data.txt"),
        ("all hidden", .file("hab/.wh.pkgs", ""), "hidden hab/pkgs"),
        ("opaque", .file("hab/pkgs/acme/.wh..wh..opq", ""), "hidden hab/pkgs/acme"),
        ("root", .symlink("hab", to: "/other"), "kind hab"),
    ]) func aLayerAboveThatChangesAPackageIsTold(_ name: String, _ member: TrustImage.Member, _ text: String) throws {
        let world = try TrustWorld()
        var image = try world.image()
        image.layers.append(.init(title: "bio: more", members: [member]))
        let found = try world.verify(image)
        #expect(found.map(\.verdict) == [.verified, .verified, .root, .differs])
        #expect(found[3].shown.contains(text), "\(found[3].shown)")
    }

    @Test func aLayerAboveThatWritesThroughALinkIsTold() throws {
        let world = try TrustWorld()
        var image = try world.image()
        image.layers.append(
            .init(
                title: "bio: more",
                members: [
                    .symlink("a", to: "b/.."), .symlink("b", to: "hab/pkgs/acme"), .symlink("loop", to: "loop"),
                    .file("a/acme/lib/1.0/20260101000001/lib/data.txt", "x"), .file("loop/x", "x"),
                ]))
        let found = try world.verify(image)
        #expect(found[3].verdict == .differs)
        #expect(
            found[3].shown == [
                "through-link a/acme/lib/1.0/20260101000001/lib/data.txt", "through-link loop/x",
            ])
    }

    @Test func theStatusOfAHookIsNoChange() throws {
        let world = try TrustWorld()
        var image = try world.image()
        image.layers[2].add(.file("\(Self.prefix)/INSTALL_HOOK_STATUS", "0"))
        let found = try world.verify(image)
        #expect(found[2].verdict == .root && found[2].rest.ownCount == 2)
        // In the package's own layer it is one.
        image.layers[0].add(.file("\(Self.prefix)/INSTALL_HOOK_STATUS", "0"))
        #expect(try world.verify(image)[0].verdict == .differs)
    }

    @Test func aForeignLayerIsTold() throws {
        let world = try TrustWorld()
        var image = try world.image()
        image.layers.insert(
            .init(title: "RUN apt-get install x", members: [.file("usr/bin/x", "x", mode: 0o4755)]), at: 0)
        let found = try world.verify(image)
        #expect(found.map(\.verdict) == [.foreign, .verified, .verified, .root])
        #expect(found[0].rest.own.map(\.mode) == [0o4755])
    }

    @Test func aRootLayerThatBioDoesNotWriteSoIsForeign() throws {
        let world = try TrustWorld()
        var image = try world.image()
        image.layers[2].patch = { Self.patched($0, "etc/passwd", at: 265, bytes("root")) }
        #expect(try world.verify(image)[2].verdict == .foreign)
    }

    @Test func swappedLayersAreOnlyInAnotherOrder() throws {
        let world = try TrustWorld()
        var image = try world.image()
        image.layers.swapAt(0, 1)
        #expect(try world.verify(image).map(\.verdict) == [.verified, .verified, .root])
        // Each under the other's name is something else.
        let titles = image.layers.map { ($0.title, $0.packages) }
        (image.layers[0].title, image.layers[0].packages) = titles[1]
        (image.layers[1].title, image.layers[1].packages) = titles[0]
        #expect(try world.verify(image).map(\.verdict) == [.differs, .differs, .root])
    }

    // MARK: - Blobs

    /// Changes the blob of layer 0 of a layout.
    private func damaged(_ change: (inout [UInt8]) -> Void) throws -> VerifiedLayer {
        let world = try TrustWorld()
        let image = try world.image()
        let layout = world.scratch.file("damaged")
        try image.write(to: layout)
        let tar = try image.layers[0].tar()
        let path = "\(layout)/blobs/sha256/\(Digest.sha256(of: tar).hex)"
        var content = tar
        change(&content)
        if content.isEmpty { try Directory.remove(path) } else { try AtomicFile.write(content, to: path) }
        let found = try world.verify(try LayoutSource(directory: layout, reference: nil))
        #expect(found.map(\.verdict).dropFirst() == [.verified, .root])
        return found[0]
    }

    @Test func aDamagedBlobIsTold() throws {
        #expect(try damaged { $0[700] ^= 1 }.verdict == .damaged)
        #expect(try damaged { $0.removeLast(600) }.verdict == .damaged)
        #expect(try damaged { $0.append(0) }.verdict == .damaged)
        #expect(try damaged { $0 = [] }.verdict == .damaged)
    }

    @Test func aBlobOfAnotherDiffIDIsTold() throws {
        let world = try TrustWorld()
        var layers = try world.image().inMemory()
        layers[0].stored = try world.image().layers[1].tar()
        let found = try world.verify(MemoryImages("acme/app:1", layers: layers))
        #expect(found[0].verdict == .damaged)
        #expect(found[0].problems.contains(.otherContent(found: .sha256(of: try world.image().layers[1].tar()))))
    }

    @Test func noMoreIsReadThanTheLimits() throws {
        let world = try TrustWorld()
        let source = MemoryImages("acme/app:1", layers: try world.image().inMemory())
        var verifier = ImageVerifier(
            world.installer(), readsArtifacts: false, limits: .init(totalBytes: 1 << 20, members: 20, pathBytes: 4096))
        #expect(try verifier.layers(of: try source.image(), in: source).map(\.verdict).last == .damaged)
    }

    /// A place that does not give a layer has not damaged it.
    @Test func aPlaceThatFailsEndsIt() throws {
        let world = try TrustWorld()
        let source = FailingImages(MemoryImages("acme/app:1", layers: try world.image().inMemory()))
        #expect(throws: ArchiveError.notDelivered("the connection is cut", hint: nil)) { try world.verify(source) }
    }

    /// Gives the beginning of each layer.
    private final class FailingImages: ImageSource {
        private let whole: MemoryImages

        private struct Cut: ByteSource {
            mutating func read(into buffer: UnsafeMutableRawBufferPointer) throws(ArchiveError) -> Int {
                throw .notDelivered("the connection is cut", hint: nil)
            }
        }

        init(_ images: MemoryImages) { whole = images }

        var location: ImageLocation { whole.location }
        func images() throws -> [StoredImage] { try whole.images() }
        func image() throws -> StoredImage { try whole.image() }
        func openLayer(_ layer: StoredImage.Layer) throws -> (any ByteSource)? { Cut() }
    }

    @Test func cancellationEndsIt() throws {
        let world = try TrustWorld()
        let source = MemoryImages("acme/app:1", layers: try world.image().inMemory())
        var verifier = ImageVerifier(world.installer(cancellation: Cancellation { true }), readsArtifacts: false)
        #expect(throws: ArchiveError.cancelled) { try verifier.layers(of: try source.image(), in: source) }
    }

    // MARK: - Engines

    /// The image as an engine has it: no layer can be read.
    private func engine(_ world: borrowing TrustWorld, _ change: (inout TrustImage) throws -> Void = { _ in }) throws
        -> [VerifiedLayer]
    {
        var image = try world.image()
        try change(&image)
        let layers = try image.inMemory().map { layer in
            var layer = layer
            layer.stored = nil
            return layer
        }
        return try world.verify(MemoryImages("acme/app:1", layers: layers))
    }

    @Test func anEnginesLayersAreMadeAgain() throws {
        let world = try TrustWorld()
        let found = try engine(world)
        #expect(found.map(\.verdict) == [.verified, .verified, .unknown])
        #expect(found.allSatisfy { !$0.isRead })
        let changed = try engine(world) { try $0.layers[0].change("/lib/data.txt") { $0.body[0] ^= 1 } }
        #expect(changed.map(\.verdict) == [.differs, .verified, .unknown])
        let again = try engine(world) { _ in
            try AtomicFile.write(bytes("changed"), to: world.path(TrustWorld.library, "lib/data.txt"))
        }
        #expect(again.map(\.verdict) == [.unknown, .verified, .unknown])
    }

    // MARK: - Bytes

    /// Where the header of this member begins.
    private static func header512(_ tar: [UInt8], _ path: String) -> Int {
        stride(from: 0, to: tar.count, by: 512).first { tar[$0...].starts(with: bytes(path) + [0]) } ?? 0
    }

    /// With other bytes in the header of a member, and its sum right.
    private static func patched(_ tar: [UInt8], _ path: String, at offset: Int, _ value: [UInt8]) -> [UInt8] {
        var tar = tar
        let start = header512(tar, path)
        for (index, byte) in value.enumerated() { tar[start + offset + index] = byte }
        for index in 148..<156 { tar[start + index] = 0x20 }
        let sum = String(tar[start..<start + 512].reduce(0) { $0 + Int($1) }, radix: 8)
        let text = bytes(String(repeating: "0", count: 6 - sum.utf8.count) + sum) + [0, 0x20]
        for (index, byte) in text.enumerated() { tar[start + 148 + index] = byte }
        return tar
    }
}
