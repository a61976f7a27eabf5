// SPDX-License-Identifier: Apache-2.0

import BioArchive
import BioCrypto
import BioDocument
import BioOCI
import BioSystem
import BioTestSupport
import Glibc
import Testing

@Suite struct ImageSourceTests {
    /// The image of the fixture at all kinds of places, as this project and others write it.
    @Test(arguments: [
        "ours oci", "ours oci zstd", "ours oci-archive", "ours docker-archive", "ours docker-archive gzip",
        "skopeo oci", "skopeo oci-archive", "skopeo docker-archive", "podman docker-archive", "podman oci-archive",
        "tar oci-archive", "docker save",
    ])
    func readsTheSameImage(maker: String) throws {
        let scratch = try Scratch()
        let location = try Self.make(maker, scratch)
        let source = try #require(try ImageLocation(parsing: location).localSource())
        let image = try source.image()
        #expect(image.configuration.process.entrypoint == ["/hab/pkgs/core/hello/1.0/1/bin/hello"])
        #expect(image.configuration.platform == Platform(os: "linux", architecture: "amd64"))
        #expect(image.layers.map(\.title) == ["base packages", "core/hello/1.0/1", "root filesystem"])
        #expect(image.layers.map(\.packages) == [["core/a/1/1", "core/b/1/1"], ["core/hello/1.0/1"], []])
        for layer in image.layers {
            let descriptor = try #require(layer.descriptor)
            let bytes = try #require(try read(try source.openLayer(layer)))
            #expect(Digest.sha256(of: bytes) == descriptor.digest)
            #expect(Int64(bytes.count) == descriptor.size)
            #expect(Digest.sha256(of: try plain(bytes)) == layer.diffID)
        }
        #expect(try Digest.sha256(of: ImageFixture.image().layers[0].tarBytes()) == image.layers[0].diffID)
    }

    /// What `maker` makes; the location to read it from.
    private static func make(_ maker: String, _ scratch: borrowing Scratch) throws -> String {
        let (layout, file) = (scratch.file("layout"), scratch.file("image.tar"))
        let image = try ImageFixture.image(["core/hello:1.0"])
        func skopeo(_ target: String) throws {
            try ImageFixture.publish(image, to: LayoutDestination(path: layout, reference: nil))
            _ = try output(of: ["skopeo", "copy", "-q", "oci:\(layout):1.0", target])
        }
        switch maker {
        case "ours oci":
            try ImageFixture.publish(image, to: LayoutDestination(path: layout, reference: nil))
            return "oci:\(layout):1.0"
        case "ours oci zstd":
            try ImageFixture.publish(
                image, to: LayoutDestination(path: layout, reference: nil, compression: .zstd(level: 3)))
            return "oci:\(layout):core/hello:1.0"
        case "ours oci-archive":
            try ImageFixture.publish(image, to: OCIArchiveDestination(path: file, reference: nil))
            return "oci-archive:\(file)"
        case "ours docker-archive":
            try ImageFixture.publish(
                image, to: DockerArchiveDestination(path: file, reference: nil, compression: .none))
            return "docker-archive:\(file):core/hello:1.0"
        case "ours docker-archive gzip":
            try ImageFixture.publish(image, to: DockerArchiveDestination(path: file, reference: nil))
            return "docker-archive:\(file):docker.io/core/hello:1.0"
        case "skopeo oci":
            try skopeo("oci:\(scratch.file("copy")):x")
            return "oci:\(scratch.file("copy")):x"
        case "skopeo oci-archive":
            try skopeo("oci-archive:\(file):x")
            return "oci-archive:\(file):x"
        case "skopeo docker-archive":
            try skopeo("docker-archive:\(file):core/hello:1.0")
            return "docker-archive:\(file):core/hello:1.0"
        case "podman docker-archive", "podman oci-archive":
            try ImageFixture.publish(image, to: OCIArchiveDestination(path: scratch.file("in.tar"), reference: nil))
            let kind = String(maker.dropFirst("podman ".count))
            try ImageFixture.podmanSaves(scratch.file("in.tar"), kind, to: file, scratch.file("store"))
            return "\(kind):\(file)"
        case "docker save":
            let engine = try TestEngine.shared(.docker)
            try ImageFixture.publish(image, to: DockerArchiveDestination(path: file, reference: "places/save:1"))
            for arguments in [["load", "-q", "-i", file], ["save", "-o", scratch.file("saved"), "places/save:1"]] {
                let outcome = try engine.docker(arguments)
                guard outcome.code == 0 else { throw ToolFailed(arguments: arguments, text: outcome.errorText) }
            }
            return "docker-archive:\(scratch.file("saved")):places/save:1"
        default:
            try ImageFixture.publish(image, to: LayoutDestination(path: layout, reference: nil))
            _ = try output(of: ["tar", "-C", layout, "-cf", file, "."])
            return "oci-archive:\(file)"
        }
    }

    @Test func aBarePathTellsItsKind() throws {
        let scratch = try Scratch()
        let image = try ImageFixture.image()
        let (layout, oci, docker) = (scratch.file("layout"), scratch.file("oci.tar"), scratch.file("docker:1.tar"))
        try ImageFixture.publish(image, to: LayoutDestination(path: layout, reference: nil))
        try ImageFixture.publish(image, to: OCIArchiveDestination(path: oci, reference: nil))
        try ImageFixture.publish(image, to: DockerArchiveDestination(path: docker, reference: nil))
        #expect(try ImageLocation(locating: layout) == .layout(path: layout, reference: nil))
        #expect(try ImageLocation(locating: "\(layout):1.0") == .layout(path: layout, reference: "1.0"))
        #expect(try ImageLocation(locating: oci) == .ociArchive(path: oci, reference: nil))
        #expect(try ImageLocation(locating: docker) == .dockerArchive(path: docker, reference: nil))
        #expect(try ImageLocation(locating: "docker-daemon:x") == .engine(reference: "x"))
        #expect(try ImageLocation(locating: "oci:x") == .layout(path: "x", reference: nil))
        for missing in [scratch.file("nothing"), "core/redis:1.0", "redis"] {
            #expect(throws: ImageError.nothingThere(path: missing)) { _ = try ImageLocation(locating: missing) }
        }
        let other = scratch.file("other.tar")
        try AtomicFile.write(RawTar.archive { $0.file("x") }, to: other)
        #expect(throws: ImageError.self) { _ = try ImageLocation(locating: other) }
    }

    @Test func findsImagesByAnyOfTheirNames() throws {
        let scratch = try Scratch()
        let layout = scratch.file("layout")
        let first = try ImageFixture.publish(
            try ImageFixture.image(["core/hello:1.0", "core/hello:latest"]),
            to: LayoutDestination(path: layout, reference: nil))
        let second = try ImageFixture.publish(
            try ImageFixture.image(greeting: "hi"), to: LayoutDestination(path: layout, reference: "core/other:2"))
        func find(_ name: String?) throws -> Digest? {
            try LayoutSource(directory: layout, reference: name).image().manifest?.digest
        }
        for name in ["1.0", "latest", "core/hello", "core/hello:1.0", "docker.io/core/hello:1.0"] {
            #expect(try find(name) == first.manifestDigest, "\(name)")
        }
        for name in ["core/other:2", "\(second.imageID)", "core/other@\(second.manifestDigest!)"] {
            #expect(try find(name) == second.manifestDigest, "\(name)")
        }
        #expect(
            try LayoutSource(directory: layout, reference: nil).images().map(\.names) == [
                ["1.0", "docker.io/core/hello:1.0", "latest", "docker.io/core/hello:latest"],
                ["core/other:2", "docker.io/core/other:2"],
            ])
        let missing = #expect(throws: ImageError.self) { _ = try find("2.0") }
        #expect(missing?.hint?.contains("'1.0'") == true)
        let several = #expect(throws: ImageError.self) { _ = try find(nil) }
        #expect(several?.description == "'oci:\(layout)' has several images")
    }

    /// Old engines store a layer that several images share once, and link to it.
    @Test func readsLinkedLayers() throws {
        let scratch = try Scratch()
        let image = try ImageFixture.image()
        let layer = try image.layers[0].tarBytes()
        let configuration = image.configuration([LayerFacts(diffID: .sha256(of: layer), size: Int64(layer.count))])
        let list =
            #"[{"Config":"c.json","RepoTags":["x:1"],"Layers":["b/layer.tar"]},{"Config":"c.json","RepoTags":null,"Layers":["a/layer.tar"]}]"#
        var tar = RawTar()
        tar.file("manifest.json", list)
        tar.header(.init("c.json", size: configuration.bytes.count))
        tar.body(configuration.bytes)
        tar.header(.init("a/layer.tar", size: layer.count))
        tar.body(layer)
        tar.symlink("b/layer.tar", to: "../a/./layer.tar")
        tar.end()
        let source = try DockerArchiveSource(path: try scratch.write(tar.bytes, to: "x"), reference: "x:1")
        #expect(try read(try source.openLayer(try source.image().layers[0])) == layer)
        #expect(try source.images().count == 2)
    }
}

/// All of a source.
func read(_ source: (any ByteSource)?) throws -> [UInt8]? {
    guard var source else { return nil }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 10_000)
    while true {
        let count = try buffer.withUnsafeMutableBytes { try source.read(into: $0) }
        if count == 0 { return bytes }
        bytes += buffer[..<count]
    }
}

private func plain(_ bytes: [UInt8]) throws -> [UInt8] {
    var source = try DecodingSource(MemorySource(bytes))
    var plain: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 10_000)
    while true {
        let count = try buffer.withUnsafeMutableBytes { try source.read(into: $0) }
        if count == 0 { return plain }
        plain += buffer[..<count]
    }
}

extension Layer {
    func tarBytes() throws -> [UInt8] {
        let sink = CollectedBytes()
        _ = try TestLayers().writePlain(self, into: sink)
        return sink.bytes
    }
}

extension ImageFixture {
    /// What podman saves as `kind` after loading `path` into a store of its own.
    static func podmanSaves(_ path: String, _ kind: String, to file: String, _ store: String) throws {
        let podman = podman(store)
        _ = try output(of: podman + ["load", "-q", "-i", path])
        let id = try output(of: podman + ["images", "-q", "--no-trunc"]).split(separator: "\n").first ?? ""
        _ = try output(of: podman + ["save", "-q", "--format", kind, "-o", file, String(id)])
    }
}
