// SPDX-License-Identifier: Apache-2.0

import BioCrypto
import BioOCI
import BioSystem
import BioTestSupport
import Glibc
import Testing

/// An image of two layers in a layout, and the built program with credentials in the file that Docker has them in.
struct RegistryDesk: ~Copyable {
    private let scratch: Scratch
    var bio: BuiltBio
    /// `oci:` of the image.
    let image: String
    /// Of all blobs: layers and configuration.
    let bytes: Int
    private let manifest: [UInt8]
    private let blobs: [[UInt8]]

    /// `host` is who the credentials are for; nil: there are none.
    init(for host: String? = nil, user: String = ScriptedRegistry.user, password: String = ScriptedRegistry.password)
        throws
    {
        let made = try Scratch()
        for name in ["home", "tmp", "out", "docker"] { try Directory.create(made.file(name)) }
        if let host {
            let pair = try Tool.run(["base64", "-w0"], input: Array("\(user):\(password)".utf8)).text
            _ = try made.write(Array(#"{"auths":{"\#(host)":{"auth":"\#(pair)"}}}"#.utf8), to: "docker/config.json")
        }
        let layers = (1...2).map { number in
            MemoryImages.Layer(
                "layer \(number)",
                tar: RawTar.archive { $0.file("data\(number)", Self.noise(number * 120_000)) })
        }
        try MemoryImages.writeLayout([.init("x", layers: layers)], to: made.file("layout"))
        let stored = MemoryImages.image("x", layers: layers)
        let descriptors = layers.map {
            Descriptor(mediaType: .ociLayer, digest: .sha256(of: $0.tar), size: Int64($0.tar.count))
        }
        let configuration = stored.configuration.bytes
        manifest =
            ImageManifest(
                format: .oci,
                configuration: Descriptor(
                    mediaType: .ociConfiguration, digest: .sha256(of: configuration), size: Int64(configuration.count)),
                layers: descriptors
            ).bytes
        blobs = layers.map(\.tar) + [configuration]
        bytes = blobs.reduce(0) { $0 + $1.count }
        image = "oci:\(made.file("layout")):x"
        var bio = BuiltBio(
            root: made.path, directory: made.file("out"), home: made.file("home"), temporary: made.file("tmp"),
            keys: made.file("keys"))
        bio.environment["DOCKER_CONFIG"] = made.file("docker")
        self.bio = bio
        scratch = made
    }

    var digest: String { Digest.sha256(of: manifest).description }

    func file(_ name: String) -> String { scratch.file(name) }

    /// Puts the image into a registry, past all counting.
    func put(into registry: ScriptedRegistry, as repository: String) throws {
        for blob in blobs { try registry.put(blob: blob, in: repository) }
        try registry.put(manifest: manifest, in: repository, as: "1")
    }

    func expectThere(_ registry: ScriptedRegistry, _ repository: String, location: SourceLocation = #_sourceLocation)
        throws
    {
        let state = try registry.state()
        #expect(state.repositories[repository]?.tags["1"] == digest, sourceLocation: location)
        #expect(state.repositories[repository]?.blobs.count == blobs.count, sourceLocation: location)
    }

    func expectClean(
        _ outcome: BuiltBio.Outcome, _ registry: ScriptedRegistry, location: SourceLocation = #_sourceLocation
    ) throws {
        try expectClean(outcome.text, outcome.errorText, registry, location: location)
    }

    /// No secret in what was said, nor in a file that was written; and nothing half-written.
    func expectClean(
        _ output: String, _ errors: String, _ registry: ScriptedRegistry,
        location: SourceLocation = #_sourceLocation
    ) throws {
        var texts = [("output", output), ("errors", errors)]
        for place in ["home", "tmp", "out"] {
            for line in try treeListing(scratch.file(place), withModes: false) where line.hasPrefix("f ") {
                guard let name = line.split(separator: " ", maxSplits: 2).last else { continue }
                let path = scratch.file(place) + "/" + name
                texts.append((path, String(decoding: try contents(of: path), as: UTF8.self)))
            }
        }
        for secret in try registry.state().secrets {
            for (place, text) in texts {
                #expect(!text.contains(secret), "a secret is in \(place)", sourceLocation: location)
            }
        }
        #expect(try Directory.names(scratch.file("tmp")).isEmpty, sourceLocation: location)
        let printable = errors.unicodeScalars.allSatisfy { $0.value >= 0x20 || $0 == "\n" }
        #expect(printable, "\(errors)", sourceLocation: location)
    }

    /// Text that does not compress and holds nothing by accident.
    private static func noise(_ count: Int) -> String {
        var state = UInt64(count)
        return String(
            decoding: (0..<count).map { _ -> UInt8 in
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                return 0x41 + UInt8(truncatingIfNeeded: state >> 60)
            }, as: UTF8.self)
    }
}
