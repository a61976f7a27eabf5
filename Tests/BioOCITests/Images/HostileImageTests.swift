// SPDX-License-Identifier: Apache-2.0

import BioArchive
import BioCrypto
import BioDocument
import BioOCI
import BioSystem
import BioTestSupport
import Glibc
import Testing

/// Layouts and archives that no honest program writes.
@Suite struct HostileImageTests {
    /// A layout in memory, its documents as told.
    private struct Files {
        var files: [(name: String, bytes: [UInt8])] = [
            ("oci-layout", Array(#"{"imageLayoutVersion":"1.0.0"}"#.utf8))
        ]

        private var known: Set<Digest> = []

        mutating func blob(_ bytes: [UInt8]) -> Digest {
            let digest = Digest.sha256(of: bytes)
            if known.insert(digest).inserted { files.append(("blobs/sha256/\(digest.hex)", bytes)) }
            return digest
        }

        mutating func index(_ descriptors: [Descriptor]) {
            files.append(("index.json", ImageIndex(format: .oci, manifests: descriptors).bytes))
        }

        /// A manifest with `layers`, and its configuration with as many diff ids.
        mutating func image(_ number: Int = 0, layers: [Descriptor] = [], diffIDs: [Digest] = []) -> Descriptor {
            let configuration = ImageConfiguration(
                created: nil, author: "\(number)", platform: Platform(os: "linux", architecture: "amd64"),
                process: ProcessConfiguration(), diffIDs: diffIDs, history: []
            ).bytes
            let manifest = ImageManifest(
                format: .oci,
                configuration: Descriptor(
                    mediaType: .ociConfiguration, digest: blob(configuration), size: Int64(configuration.count)),
                layers: layers
            ).bytes
            return Descriptor(mediaType: .ociManifest, digest: blob(manifest), size: Int64(manifest.count))
        }

        mutating func index(of descriptors: [Descriptor]) -> Descriptor {
            let bytes = ImageIndex(format: .oci, manifests: descriptors).bytes
            return Descriptor(mediaType: .ociIndex, digest: blob(bytes), size: Int64(bytes.count))
        }

        /// The layout as a directory and as an archive.
        func sources(_ scratch: borrowing Scratch) throws -> [LayoutSource] {
            let directory = scratch.file("layout")
            try Directory.remove(directory)
            try Directory.create("\(directory)/blobs/sha256")
            var tar = RawTar()
            for (name, bytes) in files {
                // Thousands of them, which need not survive a power cut.
                try FileDescriptor.open("\(directory)/\(name)", O_WRONLY | O_CREAT | O_TRUNC).writeAll(bytes)
                tar.header(.init(name, size: bytes.count))
                tar.body(bytes)
            }
            tar.end()
            let archive = try scratch.write(tar.bytes, to: "archive")
            return [
                try LayoutSource(directory: directory, reference: nil),
                try LayoutSource(archive: archive, reference: nil),
            ]
        }
    }

    private func refuses(_ files: Files, _ message: String) throws {
        let scratch = try Scratch()
        for source in try files.sources(scratch) {
            let error = #expect(throws: ImageError.self) { _ = try source.images() }
            #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
        }
    }

    @Test func blobsAreChecked() throws {
        var files = Files()
        let image = files.image()
        files.index([image])
        for (index, file) in files.files.enumerated() where file.name.hasPrefix("blobs/") {
            var changed = files
            changed.files[index].bytes[5] ^= 1
            try refuses(changed, "is another one: its digest is")
            changed = files
            changed.files[index].bytes.append(0x20)
            try refuses(changed, "bytes where")
            changed = files
            changed.files.remove(at: index)
            try refuses(changed, "lacks the blob")
        }
    }

    @Test func layersAreCheckedWhenTheyAreRead() throws {
        let layer = [UInt8](repeating: 7, count: 100_000)
        let digest = Digest.sha256(of: layer)
        let scratch = try Scratch()
        for (size, bytes) in [(Int64(100_000), [UInt8](repeating: 8, count: 100_000)), (99_999, layer), (100_000, nil)]
        {
            var files = Files()
            let descriptor = Descriptor(mediaType: .ociLayer, digest: digest, size: size)
            files.index([files.image(layers: [descriptor], diffIDs: [digest])])
            if let bytes { files.files.append(("blobs/sha256/\(digest.hex)", bytes)) }
            for source in try files.sources(scratch) {
                let image = try source.image()
                #expect(throws: (any Error).self) { _ = try read(try source.openLayer(image.layers[0])) }
            }
        }
    }

    @Test func layersAndDiffIDsAreAsMany() throws {
        var files = Files()
        files.index([files.image(diffIDs: [.sha256(of: [])])])
        try refuses(files, "it has 0 layers, and its configuration 1")
    }

    @Test func indicesInsideEachOtherHaveAnEnd() throws {
        var files = Files()
        var inner = files.image()
        for _ in 0..<4 { inner = files.index(of: [inner]) }
        let scratch = try Scratch()
        var right = files
        right.index([inner])
        for source in try right.sources(scratch) { #expect(try source.images().count == 1) }
        files.index([files.index(of: [inner])])
        try refuses(files, "has more than 4 indices inside each other")
    }

    /// 4 levels with 200 mentions each would be 1.6 billion.
    @Test(.timeLimit(.minutes(15))) func anIndexThatIsNamedOftenIsReadOnce() throws {
        var files = Files()
        var inner = files.image()
        for _ in 0..<4 { inner = files.index(of: [Descriptor](repeating: inner, count: 200)) }
        files.index([Descriptor](repeating: inner, count: 200))
        let scratch = try Scratch()
        for source in try files.sources(scratch) { #expect(try source.images().count == 1) }
        var named = Files()
        inner = named.image()
        for _ in 0..<4 {
            let all = (0..<200).map { number in
                var descriptor = inner
                descriptor.annotations[Annotations.referenceName] = "\(number)"
                return descriptor
            }
            inner = named.index(of: all)
        }
        named.index([inner])
        for source in try named.sources(scratch) { #expect(throws: ImageError.self) { _ = try source.images() } }
    }

    @Test func thousandsOfImagesAreTooMany() throws {
        var files = Files()
        files.index((0..<1001).map { files.image($0) })
        try refuses(files, "has more than 1000 images")
    }

    @Test func documentsHaveALimit() throws {
        var files = Files()
        files.files.append(("index.json", [UInt8](repeating: 0x20, count: 5 << 20)))
        try refuses(files, "is larger than 4194304 bytes")
        files = Files()
        files.index([Descriptor(mediaType: .ociManifest, digest: .sha256(of: []), size: 1 << 40)])
        try refuses(files, "is larger than 4194304 bytes")
        files = Files()
        files.files.append(("index.json", [UInt8](repeating: 0x5B, count: 1 << 20)))
        try refuses(files, "the index of")
    }

    @Test func artifactsAndAttestationsAreNoImages() throws {
        var files = Files()
        var attestation = files.image(1)
        attestation.platform = Platform(os: "unknown", architecture: "unknown")
        let chart = Array(
            #"{"schemaVersion":2,"config":{"mediaType":"application/vnd.cncf.helm.config.v1+json","digest":"\#(Digest.sha256(of: []))","size":0},"layers":[]}"#
                .utf8)
        files.index([
            attestation, Descriptor(mediaType: .ociManifest, digest: files.blob(chart), size: Int64(chart.count)),
            Descriptor(mediaType: MediaType("text/plain"), digest: .sha256(of: []), size: 1),
        ])
        let scratch = try Scratch()
        for source in try files.sources(scratch) {
            #expect(try source.images().isEmpty)
            let error = #expect(throws: ImageError.self) { _ = try source.image() }
            #expect(error?.description.hasSuffix("has no image") == true)
        }
    }

    /// A right entry, with an algorithm that is not read here, is no reason against the others.
    @Test func otherDigestsArePassedOver() throws {
        var files = Files()
        var image = files.image()
        image.annotations[Annotations.referenceName] = "ours"
        let digest = "sha512:" + String(repeating: "0a", count: 64)
        let other = DocumentValue.object(
            try DocumentValue(
                json: Array(
                    #"{"mediaType":"\#(MediaType.ociManifest.rawValue)","digest":"\#(digest)","size":1,"#.utf8)
                    + Array(#""annotations":{"\#(Annotations.referenceName)":"theirs"}}"#.utf8)
            ).object ?? DocumentObject())
        files.files.append(("index.json", ImageIndex(format: .oci, manifests: [image], others: [other]).bytes))
        let scratch = try Scratch()
        for source in try files.sources(scratch) {
            #expect(try source.images().map(\.names) == [["ours"]])
            #expect(try source.image().manifest?.digest == image.digest)
        }
        let layout = scratch.file("layout")
        for wanted in ["theirs", digest] {
            #expect(throws: ImageError.digestAlgorithm(digest: digest, place: "oci:\(layout):\(wanted)")) {
                _ = try LayoutSource(directory: layout, reference: wanted).image()
            }
        }
        // Others' entries stay when an image is put there.
        try ImageFixture.publish(try ImageFixture.image(), to: LayoutDestination(path: layout, reference: "new"))
        let listed = try ImageIndex(parsing: try contents(of: "\(layout)/index.json"), place: layout)
        #expect(listed.manifests.count == 2 && listed.others == [other])
        files = Files()
        files.files.append(("index.json", ImageIndex(format: .oci, manifests: [], others: [other]).bytes))
        for source in try files.sources(scratch) {
            #expect(throws: ImageError.digestAlgorithm(digest: digest, place: "\(source.location)")) {
                _ = try source.image()
            }
        }
    }

    // MARK: - Archives

    @Test(arguments: [
        ("manifest.json is a link", "the member 'manifest.json' of the archive"),
        ("configuration is a link", "the member 'c.json' of the archive"),
        ("manifest.json is a directory", "the member 'manifest.json' of the archive"),
        ("layer leads out", "has no member 'l.tar'"),
        ("layer is an absolute link", "has no member 'l.tar'"),
        ("layer leads to itself", "is a chain of links"),
        ("layer is a device", "is a device or fifo"),
        ("layer is missing", "has no member 'l.tar'"),
        ("configuration is missing", "has no member 'c.json'"),
        ("manifest.json twice", "member 'manifest.json' is there twice"),
        ("absolute", "has an absolute path"),
        ("outside", "leaves the archive with '..'"),
        ("sparse", "is a member of a kind that cannot be read"),
        ("large list", "is larger than 4194304 bytes"),
        ("large configuration", "is larger than 8388608 bytes"),
        ("no list", "it is no JSON list"),
        ("wrong name", "is another one: its digest is"),
        ("cut", "the archive ends too early"),
        ("gzip", "is compressed as a whole, by gzip"),
        ("empty", "the archive ends too early"),
        ("text", "has no mark of a tar"),
        ("nothing", "it has no member 'manifest.json'"),
        ("many", "has more than 1000 images"),
    ])
    func refusesAnArchive(what: String, message: String) throws {
        let scratch = try Scratch()
        let path = try scratch.write(try Self.archive(what), to: "x")
        let error = #expect(throws: ImageError.self) {
            _ = try DockerArchiveSource(path: path, reference: nil).images()
        }
        #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
    }

    private static func archive(_ what: String) throws -> [UInt8] {
        let list = #"[{"Config":"c.json","RepoTags":["x:1"],"Layers":["l.tar"]}]"#
        let wrong = String(repeating: "0", count: 64)
        let configuration = String(
            decoding: ImageConfiguration(
                created: nil, platform: Platform(os: "linux", architecture: "amd64"), process: ProcessConfiguration(),
                diffIDs: [.sha256(of: [])], history: []
            ).bytes, as: UTF8.self)
        var bytes = RawTar.archive { tar in
            switch what {
            case "manifest.json is a link": tar.symlink("manifest.json", to: "c.json")
            case "manifest.json is a directory": tar.directory("manifest.json/")
            case "large list": tar.file("manifest.json", String(repeating: " ", count: 5 << 20))
            case "no list": tar.file("manifest.json", "{}")
            case "wrong name": tar.file("manifest.json", list.replacing("c.json", with: wrong + ".json"))
            case "many":
                tar.file(
                    "manifest.json",
                    "["
                        + [String](repeating: String(list.dropFirst().dropLast()), count: 1001)
                        .joined(separator: ",") + "]")
            case "nothing": tar.file("x")
            default: tar.file("manifest.json", list)
            }
            switch what {
            case "configuration is a link": tar.hardLink("c.json", to: "manifest.json")
            case "configuration is missing": break
            case "large configuration": tar.file("c.json", String(repeating: " ", count: 9 << 20))
            case "wrong name": tar.file(wrong + ".json", configuration)
            default: tar.file("c.json", configuration)
            }
            switch what {
            case "layer leads out": tar.symlink("l.tar", to: "../etc/passwd")
            case "layer is an absolute link": tar.symlink("l.tar", to: "/etc/passwd")
            case "layer leads to itself": tar.symlink("l.tar", to: "./l.tar")
            case "layer is a device": tar.header(.init("l.tar", type: "3"))
            case "layer is missing": break
            case "sparse": tar.header(.init("l.tar", type: "S", size: 0))
            default: tar.file("l.tar")
            }
            switch what {
            case "manifest.json twice": tar.file("./manifest.json", list)
            case "absolute": tar.file("/etc/passwd")
            case "outside": tar.file("a/../../x")
            default: break
            }
        }
        switch what {
        case "cut": bytes.removeLast(1024)
        case "gzip": bytes = try compressed(bytes, .gzip)
        case "empty": bytes = []
        case "text": bytes = [UInt8](repeating: 0x61, count: 2048)
        default: break
        }
        return bytes
    }

    @Test func whatIsNoFileIsNotWaitedFor() throws {
        let scratch = try Scratch()
        mkfifo(scratch.file("fifo"), 0o600)
        for source in [
            ImageLocation.dockerArchive(path: scratch.file("fifo"), reference: nil),
            .ociArchive(path: scratch.path, reference: nil),
        ] {
            #expect(throws: ImageError.self) { _ = try source.localSource() }
        }
        var files = Files()
        let image = files.image()
        files.index([image])
        _ = try files.sources(scratch)
        let blob = scratch.file("layout/blobs/sha256/\(image.digest.hex)")
        unlink(blob)
        mkfifo(blob, 0o600)
        let source = try LayoutSource(directory: scratch.file("layout"), reference: nil)
        #expect(throws: ImageError.notAFile(path: blob)) { _ = try source.images() }
    }
}
