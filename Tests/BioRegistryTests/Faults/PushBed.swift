// SPDX-License-Identifier: Apache-2.0

import BioCrypto
import BioDocument
import BioHTTP
import BioOCI
import BioRegistry
import BioSystem
import BioTestSupport
import Testing

/// A scripted registry, and an image of two layers that is pushed to it. Each push is a run of its own: it knows what
/// earlier ones left on the disk, and nothing else.
struct PushBed: ~Copyable {
    static let layers = [pattern(300_000, seed: 1), pattern(200_000, seed: 2)]
    static let configuration = Array(#"{"architecture":"amd64","os":"linux"}"#.utf8)
    static let manifest = ImageManifest(
        format: .oci, configuration: descriptor(.ociConfiguration, configuration),
        layers: layers.map { descriptor(.ociLayer, $0) }
    ).bytes
    /// Of all blobs.
    static let bytes = layers.reduce(configuration.count) { $0 + $1.count }

    let registry: ScriptedRegistry
    private let scratch: Scratch
    var settings: RegistrySettings
    /// Whether a run knows what runs to other repositories left.
    var remembersAll = false

    init(
        _ behaviour: DocumentValue = [:], certificate: String? = nil, clients: Bool = false, knows: Bool = true
    ) throws {
        var settings = RegistrySettings(
            limits: HTTPClient.Limits(connect: 5, stall: 1), connections: 2, retries: 2, userAgent: "bio-tests")
        if knows {
            settings.credentials = Credentials(
                all: .basic(username: ScriptedRegistry.user, password: ScriptedRegistry.password))
        }
        if certificate != nil {
            let authority = try TestCertificates.shared().authority
            settings.tls = { _ in TLSSettings(authorities: [authority]) }
        }
        let registry = try ScriptedRegistry(behaviour, certificate: certificate, clients: clients)
        let scratch = try Scratch()
        (self.registry, self.settings) = (registry, settings)
        self.scratch = scratch
    }

    struct NoFailure: Error {}

    struct Credentials: CredentialProvider {
        var all: RegistryCredential?
        func credential(for repository: BioRegistry.Repository) -> RegistryCredential? { all }
    }

    func repository(_ path: String) -> BioRegistry.Repository { .init(RegistryHost(registry.host), path: path) }

    /// One run: the blobs, then the manifest.
    @discardableResult
    func push(to path: String = "a/app", tag: String = "1") throws -> RepositoryPush {
        let places = BlobPlaces(directory: scratch.file(places(of: path)))
        let push = RepositoryPush(
            repository(path), RegistrySession(RegistryHost(registry.host), settings), places: places)
        let blobs = Self.layers.map { PushedBlob($0) } + [PushedBlob(Self.configuration)]
        try push.bring(blobs)
        try push.manifests.put(Self.manifest, .ociManifest, as: tag)
        return push
    }

    private func places(of path: String) -> String {
        remembersAll ? "places" : "places-" + path.map { $0 == "/" ? "-" : String($0) }.joined()
    }

    /// The error of a run that must not succeed; it and what it left must not hold a secret.
    func failure(
        to path: String = "a/app", location: SourceLocation = #_sourceLocation
    ) throws -> RegistryError {
        do { try push(to: path) } catch let error as RegistryError {
            try expectNoSecret(error, in: scratch.file(places(of: path)), location: location)
            return error
        }
        throw NoFailure()
    }

    /// Everything has arrived.
    func expectThere(_ path: String = "a/app", tag: String = "1", location: SourceLocation = #_sourceLocation) throws {
        let state = try registry.state()
        let digest = Digest.sha256(of: Self.manifest).description
        #expect(state.repositories[path]?.tags[tag] == digest, sourceLocation: location)
        for blob in Self.layers + [Self.configuration] {
            let name = Digest.sha256(of: blob).description
            #expect(state.repositories[path]?.blobs.contains(name) == true, sourceLocation: location)
            #expect(state.blobs[name] == blob.count, sourceLocation: location)
        }
    }

    private func expectNoSecret(_ error: RegistryError, in places: String, location: SourceLocation) throws {
        var texts = ["\(error)", error.hint ?? "", "\(String(reflecting: error))"]
        for name in (try? Directory.names(places)) ?? [] {
            let path = places + "/" + String(decoding: name, as: UTF8.self)
            texts.append(String(decoding: try contents(of: path), as: UTF8.self))
        }
        for secret in try registry.state().secrets {
            for text in texts {
                #expect(!text.contains(secret), "a secret is in: \(text)", sourceLocation: location)
            }
        }
        #expect(
            !"\(error)".unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7F }, "\(error)",
            sourceLocation: location)
    }

    private static func descriptor(_ mediaType: MediaType, _ bytes: [UInt8]) -> Descriptor {
        Descriptor(mediaType: mediaType, digest: .sha256(of: bytes), size: Int64(bytes.count))
    }

    /// Bytes without a pattern that repeats.
    static func pattern(_ count: Int, seed: UInt64) -> [UInt8] {
        var state = seed &* 0x9E37_79B9_7F4A_7C15
        return (0..<count).map { _ in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return UInt8(truncatingIfNeeded: state >> 56)
        }
    }
}
