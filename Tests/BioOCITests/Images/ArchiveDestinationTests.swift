// SPDX-License-Identifier: Apache-2.0

import BioArchive
import BioCrypto
import BioDocument
import BioOCI
import BioSystem
import BioTestSupport
import Glibc
import Testing

@Suite struct ArchiveDestinationTests {
    /// Both readers of an OCI archive, and the one of Docker's, name the same image.
    @Test(arguments: [Compression.none, .gzip]) func anOCIArchiveIsDockersToo(compression: Compression) throws {
        let scratch = try Scratch()
        let path = scratch.file("image.tar")
        let published = try ImageFixture.publish(
            try ImageFixture.image(), to: OCIArchiveDestination(path: path, reference: nil, compression: compression))
        #expect(published.file?.digest == Digest.sha256(of: try contents(of: path)))
        #expect(published.file?.size == Int64(try contents(of: path).count))

        let oci = try DocumentValue(json: try output(of: ["skopeo", "inspect", "oci-archive:\(path):1.0"]))
        #expect(oci["Digest"]?.string == published.manifestDigest?.description)
        let docker = try output(of: ["skopeo", "inspect", "--config", "docker-archive:\(path):core/hello:1.0"])
        #expect(docker == (try output(of: ["skopeo", "inspect", "--config", "oci-archive:\(path):1.0"])))
        #expect(try ImageFixture.podmanLoads(path, scratch.file("podman")).contains("\(published.imageID.hex)"))
    }

    @Test func anOCIArchiveWithZstdIsForOCIReadersOnly() throws {
        let scratch = try Scratch()
        let path = scratch.file("image.tar")
        try ImageFixture.publish(
            try ImageFixture.image(),
            to: OCIArchiveDestination(path: path, reference: "x", compression: .zstd(level: 3)))
        let names = try output(of: ["tar", "tf", path])
        #expect(!names.contains("manifest.json") && names.hasPrefix("oci-layout\nindex.json\nblobs/\n"))
        _ = try output(of: ["skopeo", "copy", "-q", "oci-archive:\(path):x", "dir:\(scratch.file("dir"))"])
    }

    @Test func anArchiveGoesToAStream() throws {
        let scratch = try Scratch()
        let file = try FileDescriptor.open(scratch.file("stream"), O_RDWR | O_CREAT)
        let destination = try OCIArchiveDestination(writingTo: file, reference: nil)
        try destination.stage(try ImageFixture.image(), layers: try TestLayers())
        #expect(try file.status().size == 0)
        let published = try destination.commit()
        try ImageFixture.publish(
            try ImageFixture.image(), to: OCIArchiveDestination(path: scratch.file("file"), reference: nil))
        #expect(try contents(of: scratch.file("stream")) == contents(of: scratch.file("file")))
        #expect(published.file?.digest == Digest.sha256(of: try contents(of: scratch.file("file"))))
    }

    @Test func aStreamThatEndsIsTold() throws {
        let full = try FileDescriptor.open("/dev/full", O_WRONLY)
        let destination = try OCIArchiveDestination(writingTo: full, reference: nil)
        try destination.stage(try ImageFixture.image(), layers: try TestLayers())
        #expect(throws: ArchiveError.system(SystemError("write", "standard output", .noSpace))) {
            _ = try destination.commit()
        }
    }

    @Test(arguments: [Compression.none, .gzip, .gzipFast]) func othersReadADockerArchive(compression: Compression)
        throws
    {
        let scratch = try Scratch()
        let path = scratch.file("image.tar")
        let published = try ImageFixture.publish(
            try ImageFixture.image(["core/hello"]),
            to: DockerArchiveDestination(path: path, reference: nil, compression: compression))
        #expect(published.references.map(\.description) == ["core/hello:latest"])
        _ = try output(of: ["skopeo", "inspect", "docker-archive:\(path):core/hello:latest"])
        _ = try output(of: ["skopeo", "copy", "-q", "docker-archive:\(path)", "oci:\(scratch.file("layout")):x"])
        _ = try output(of: [
            "umoci", "unpack", "--rootless", "--image", "\(scratch.file("layout")):x", scratch.file("b"),
        ])
        #expect(try contents(of: scratch.file("b/rootfs/etc/hello")) == Array("hello".utf8))
        #expect(try ImageFixture.podmanLoads(path, scratch.file("podman")).contains("\(published.imageID.hex)"))
    }

    @Test func aDockerArchiveCannotHaveZstd() throws {
        let scratch = try Scratch()
        let layers = try TestLayers()
        let destination = DockerArchiveDestination(
            path: scratch.file("x"), reference: nil, compression: .zstd(level: 3))
        #expect(throws: ImageError.compression(.zstd(level: 3), place: "docker-archive:\(scratch.file("x"))")) {
            try destination.stage(try ImageFixture.image(), layers: layers)
        }
        #expect(layers.asked == 0)
    }

    @Test func aLayerThatIsThereTwiceIsWrittenOnce() throws {
        let scratch = try Scratch()
        var image = try ImageFixture.image()
        image.layers.append(image.layers[0])
        try ImageFixture.publish(image, to: DockerArchiveDestination(path: scratch.file("d"), reference: nil))
        try ImageFixture.publish(image, to: OCIArchiveDestination(path: scratch.file("o"), reference: nil))
        #expect(try output(of: ["tar", "tf", scratch.file("d")]).split(separator: "\n").count == 5)
        #expect(try output(of: ["tar", "tf", scratch.file("o")]).split(separator: "\n").count == 10)
        _ = try output(of: ["skopeo", "copy", "-q", "docker-archive:\(scratch.file("d"))", "dir:\(scratch.file("x"))"])
    }

    @Test func anImageMayHaveNoName() throws {
        let scratch = try Scratch()
        let path = scratch.file("image.tar")
        let published = try ImageFixture.publish(
            try ImageFixture.image([]), to: OCIArchiveDestination(path: path, reference: nil))
        _ = try output(of: ["skopeo", "inspect", "oci-archive:\(path)"])
        _ = try output(of: ["skopeo", "inspect", "docker-archive:\(path)"])
        #expect(published.references.isEmpty)
        #expect(try ImageFixture.podmanLoads(path, scratch.file("podman")).contains(published.imageID.hex))
    }

    @Test(arguments: [Compression.none, .gzip, .gzipFast]) func anEngineLoadsBothKinds(compression: Compression) throws
    {
        let scratch = try Scratch()
        let engine = try TestEngine.shared(.docker)
        for kind in ["oci", "docker"] {
            // Another image each time: an engine does not read the layers of one it has.
            let name =
                "places/\(kind)-\(compression.fileExtension.filter(\.isLetter)):\(compression == .gzipFast ? "fast" : "1")"
            let image = try ImageFixture.image([name], greeting: name)
            let path = scratch.file(kind)
            let destination: any ImageDestination =
                kind == "oci"
                ? OCIArchiveDestination(path: path, reference: nil, compression: compression)
                : DockerArchiveDestination(path: path, reference: nil, compression: compression)
            let published = try ImageFixture.publish(image, to: destination)
            let loaded = try engine.docker(["load", "-q", "-i", path])
            #expect(loaded.code == 0, "\(loaded.errorText)")
            let found = try engine.docker(["image", "inspect", "--format", "{{.Id}}", name])
            #expect(found.text == "\(published.imageID)\n", "\(found.errorText)")
        }
    }

    // MARK: - Nothing half-written

    @Test func whatIsThereIsReplacedAtTheEndOnly() throws {
        let scratch = try Scratch()
        let path = try scratch.write([1, 2, 3], to: "image.tar")
        do {
            let destination = OCIArchiveDestination(path: path, reference: nil)
            try destination.stage(try ImageFixture.image(), layers: try TestLayers())
            #expect(try contents(of: path) == [1, 2, 3])
        }
        #expect(try Directory.names(scratch.path).count == 1)
        let layers = try TestLayers()
        layers.broken = "root filesystem"
        for destination: any ImageDestination in [
            OCIArchiveDestination(path: path, reference: nil), DockerArchiveDestination(path: path, reference: nil),
        ] {
            #expect(throws: TestLayers.Broken.self) { try destination.stage(try ImageFixture.image(), layers: layers) }
        }
        #expect(try contents(of: path) == [1, 2, 3])
        try ImageFixture.publish(try ImageFixture.image(), to: OCIArchiveDestination(path: path, reference: nil))
        #expect(try contents(of: path).count > 3)
        #expect(try Directory.names(scratch.path).count == 1)
    }

    @Test func aNewFileCanBeTakenBack() throws {
        let scratch = try Scratch()
        _ = try scratch.write([1], to: "old")
        for name in ["old", "new"] {
            for destination: any ImageDestination in [
                OCIArchiveDestination(path: scratch.file(name), reference: nil),
                DockerArchiveDestination(path: scratch.file(name), reference: nil),
            ] {
                try ImageFixture.publish(try ImageFixture.image(), to: destination)
                destination.takeBack()
            }
        }
        #expect(try Directory.names(scratch.path) == [Array("old".utf8)])
        #expect(try contents(of: scratch.file("old")) == [1])
    }

    @Test func onlyFilesAreReplaced() throws {
        let scratch = try Scratch()
        _ = try scratch.write([1], to: "file")
        let (link, pipe) = (scratch.file("link"), scratch.file("pipe"))
        #expect(symlink("file", link) == 0 && mkfifo(pipe, 0o600) == 0)
        // It is told before any layer is made.
        let layers = try TestLayers()
        layers.broken = "root filesystem"
        for path in [scratch.path, "/dev/null", link, pipe] {
            for destination: any ImageDestination in [
                OCIArchiveDestination(path: path, reference: nil), DockerArchiveDestination(path: path, reference: nil),
            ] {
                #expect(throws: ImageError.inTheWay(path: path)) {
                    try destination.stage(try ImageFixture.image(), layers: layers)
                }
            }
        }
    }

    @Test func endsWhenItIsAskedTo() throws {
        let scratch = try Scratch()
        let destination = OCIArchiveDestination(
            path: scratch.file("x"), reference: nil, cancellation: Cancellation { true })
        #expect(throws: SystemError.self) {
            try destination.stage(try ImageFixture.image(), layers: try TestLayers())
        }
        #expect(try Directory.names(scratch.path).isEmpty)
    }
}

extension ImageFixture {
    /// What podman calls the images after loading `path` into a store of its own.
    static func podmanLoads(_ path: String, _ store: String) throws -> String {
        let podman = podman(store)
        _ = try output(of: podman + ["load", "-q", "-i", path])
        return try output(of: podman + ["images", "--no-trunc", "--format", "{{.Id}} {{.Repository}}:{{.Tag}}"])
    }
}
