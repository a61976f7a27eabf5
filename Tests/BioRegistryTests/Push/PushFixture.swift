// SPDX-License-Identifier: Apache-2.0

import BioArchive
import BioCrypto
import BioHTTP
import BioOCI
import BioSystem
import BioTestSupport
import Synchronization

@testable import BioRegistry

/// Blobs, images and sessions for tests that push.
enum PushFixture {
    /// Bytes that look like nothing else: `seed` tells one from another.
    static func bytes(_ count: Int, seed: UInt64 = 1) -> [UInt8] {
        var state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
        return (0..<count).map { _ in
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return UInt8(truncatingIfNeeded: state)
        }
    }

    static func settings(
        connections: Int = 4, retries: Int = 4, cancellation: Cancellation = .never, password: String? = nil
    ) -> RegistrySettings {
        RegistrySettings(
            credentials: password.map { Known(password: $0) } ?? NoCredentials(),
            limits: .init(connect: 5, stall: 5), connections: connections, retries: retries,
            cancellation: cancellation)
    }

    private struct Known: CredentialProvider {
        let password: String

        func credential(for repository: BioRegistry.Repository) -> RegistryCredential? {
            .basic(username: ScriptedRegistry.user, password: password)
        }
    }

    static func repository(_ host: String, _ path: String) -> BioRegistry.Repository {
        BioRegistry.Repository(RegistryHost(host), path: path)
    }

    static func push(
        _ host: String, _ path: String, places: BlobPlaces = BlobPlaces(directory: nil),
        _ settings: RegistrySettings = settings(), progress: @escaping @Sendable (Int64) -> Void = { _ in }
    ) -> RepositoryPush {
        RepositoryPush(
            repository(host, path), RegistrySession(RegistryHost(host), settings), places: places, progress: progress)
    }

    /// An image of layers with those bytes, and what gives them.
    static func image(_ layers: [[UInt8]], references: [String] = ["acme/app:1.0"]) throws -> (Image, PushedLayers) {
        let provider = try PushedLayers(layers)
        let image = Image(
            platform: Platform(os: "linux", architecture: "amd64"), process: ProcessConfiguration(),
            created: "2026-01-01T00:00:00Z", layers: provider.layers,
            references: try references.map { try ImageReference(parsing: $0) })
        return (image, provider)
    }
}

/// Layers that lie in files, and are what somebody said.
final class PushedLayers: LayerProvider {
    let layers: [Layer]
    private let scratch: Scratch
    private var blobs: [String: LayerBlob] = [:]

    init(_ all: [[UInt8]]) throws {
        scratch = try Scratch()
        layers = all.indices.map { number in
            Layer(title: "layer \(number)", packages: [], key: nil) { MembersInMemory([]) }
        }
        for (layer, bytes) in zip(layers, all) {
            let digest = Digest.sha256(of: bytes)
            blobs[layer.title] = LayerBlob(
                facts: LayerFacts(diffID: digest, size: Int64(bytes.count)), compression: .none, digest: digest,
                size: Int64(bytes.count), path: try scratch.write(bytes, to: digest.hex))
        }
    }

    func path(of layer: Int) -> String { blobs[layers[layer].title]?.path ?? "" }
    func knownFacts(of layer: Layer) -> LayerFacts? { blobs[layer.title]?.facts }

    func blob(of layer: Layer, _ compression: Compression) throws -> LayerBlob {
        guard let blob = blobs[layer.title] else { throw ArchiveError.truncated }
        return blob
    }

    func blobs(of layers: [Layer], _ compression: Compression) throws -> [LayerBlob] {
        try layers.map { try blob(of: $0, compression) }
    }

    func writePlain<Sink: ByteSink & ~Copyable>(_ layer: Layer, into sink: consuming Sink) throws -> LayerFacts {
        throw ArchiveError.truncated
    }

    func plainSize(of layer: Layer) throws -> Int64 { try blob(of: layer, .none).size }
}
