// SPDX-License-Identifier: Apache-2.0

import BioArchive
import BioCrypto
import BioOCI
import BioSystem
import BioTestSupport
import Glibc

/// Makes layers of members in memory into files of its own.
final class TestLayers: LayerProvider {
    private let scratch: Scratch
    /// The title of a layer that cannot be made.
    var broken: String?
    private(set) var asked = 0

    struct Broken: Error {}

    init() throws { scratch = try Scratch() }

    func knownFacts(of layer: Layer) throws -> LayerFacts? { nil }

    func blob(of layer: Layer, _ compression: Compression) throws -> LayerBlob {
        asked += 1
        if layer.title == broken { throw Broken() }
        let path = scratch.file("\(layer.title.filter { $0 != "/" })-\(compression)")
        let file = try FileDescriptor.open(path, O_RDWR | O_CREAT | O_TRUNC)
        let packed = try pack(layer, compression, into: try FileSink(file, path: path))
        let facts = LayerFacts(diffID: packed.plainDigest ?? packed.digest, size: packed.plainSize)
        return LayerBlob(facts: facts, compression: compression, digest: packed.digest, size: packed.size, path: path)
    }

    func blobs(of layers: [Layer], _ compression: Compression) throws -> [LayerBlob] {
        try layers.map { try blob(of: $0, compression) }
    }

    func writePlain<Sink: ByteSink & ~Copyable>(_ layer: Layer, into sink: consuming Sink) throws -> LayerFacts {
        let packed = try pack(layer, .none, into: sink)
        return LayerFacts(diffID: packed.digest, size: packed.size)
    }

    func plainSize(of layer: Layer) throws -> Int64 { try writePlain(layer, into: CollectedBytes()).size }

    private func pack<Sink: ByteSink & ~Copyable>(
        _ layer: Layer, _ compression: Compression, into sink: consuming Sink
    ) throws -> PackedTar {
        let packing = TarPacking(Pipeline(compression, threads: 1), digestsPlain: true)
        guard let members = try layer.members() as? TestMembers else { throw Broken() }
        return try packing.write(members, into: sink)
    }
}

/// Files with their text.
struct TestMembers: TarMembers {
    let files: [(path: String, text: String)]
    private var position = 0

    init(_ files: [(path: String, text: String)]) { self.files = files }

    mutating func next() -> TarItem? {
        guard position < files.count else { return nil }
        defer { position += 1 }
        let text = Array(files[position].text.utf8)
        return TarItem(
            TarMember(
                path: Array(files[position].path.utf8), kind: .file, mode: 0o644, size: Int64(text.count), mtime: 1),
            .bytes(text))
    }

    mutating func nextMember() -> TarMember? { next()?.member }

    var changed: @Sendable (Int) -> any Error { { _ in TestLayers.Broken() } }
}

enum ImageFixture {
    static func layer(_ title: String, packages: [String] = [], _ files: [(path: String, text: String)]) -> Layer {
        let files = files
        return Layer(title: title, packages: packages, key: nil) { TestMembers(files) }
    }

    /// Two packages and a root file system; `greeting` tells one image from another.
    static func image(_ references: [String] = ["core/hello:latest", "core/hello:1.0"], greeting: String = "hello")
        throws -> Image
    {
        var process = ProcessConfiguration()
        process.entrypoint = ["/hab/pkgs/core/hello/1.0/1/bin/hello"]
        process.environment = ["PATH=/bin"]
        process.exposedPorts = ["8080/tcp"]
        process.labels = ["org.opencontainers.image.title": "hello"]
        return Image(
            platform: Platform(os: "linux", architecture: "amd64"), process: process, created: "2026-01-01T00:00:00Z",
            layers: [
                layer("base packages", packages: ["core/a/1/1", "core/b/1/1"], [("hab/pkgs/core/a/1/1/IDENT", "a")]),
                layer(
                    "core/hello/1.0/1", packages: ["core/hello/1.0/1"], [("hab/pkgs/core/hello/1.0/1/IDENT", greeting)]),
                layer("root filesystem", [("etc/passwd", "root:x:0:0:root:/root:/bin/sh\n"), ("etc/hello", greeting)]),
            ],
            references: try references.map { try ImageReference(parsing: $0) },
            annotations: ["org.opencontainers.image.title": "hello"])
    }

    /// podman with a store and a run directory of its own; several may run at once.
    static func podman(_ store: String) -> [String] {
        [
            "podman", "--root", store, "--runroot", store + "-run", "--tmpdir", store + "-tmp", "--storage-driver",
            "vfs",
        ]
    }

    @discardableResult
    static func publish(_ image: Image, to destination: any ImageDestination) throws -> PublishedImage {
        try destination.stage(image, layers: try TestLayers())
        return try destination.commit()
    }
}

/// What `arguments` write to standard output; a failure is told with what they write to standard error.
func output(of arguments: [String], environment: [String: String] = [:]) throws -> String {
    let outcome = try Tool.run(arguments, environment: environment)
    guard outcome.code == 0 else { throw ToolFailed(arguments: arguments, text: outcome.errorText) }
    return outcome.text
}

struct ToolFailed: Error, CustomStringConvertible {
    let arguments: [String]
    let text: String
    var description: String { "\(arguments.joined(separator: " ")): \(text)" }
}
