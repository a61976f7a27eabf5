// SPDX-License-Identifier: Apache-2.0

import BioCrypto
import BioDocument
import BioHTTP
import BioOCI
import BioRegistry
import BioTestSupport
import Synchronization

typealias Repository = BioRegistry.Repository
typealias Request = RegistryClient.Request

/// The same for everybody.
struct GivenCredentials: CredentialProvider {
    let credential: RegistryCredential?
    func credential(for repository: Repository) -> RegistryCredential? { credential }

    static let tester = GivenCredentials(
        credential: .basic(username: ScriptedRegistry.user, password: ScriptedRegistry.password))
}

/// What a registry wanted to be told.
final class Warnings: Sendable {
    let texts: Mutex<[String]> = Mutex([])
}

/// A client of a registry that fails as it is told.
struct ClientWorld {
    let registry: ScriptedRegistry
    let settings: RegistrySettings
    let client: RegistryClient
    let repository: Repository
    let warnings = Warnings()

    static let path = "team/app"

    init(
        _ settings: DocumentValue = [:], as credentials: any CredentialProvider = GivenCredentials.tester,
        certificate: String? = nil, clients: Bool = false, tls: TLSSettings = TLSSettings(), retries: Int = 3,
        stall: Int = 30
    ) throws {
        registry = try ScriptedRegistry(settings, certificate: certificate, clients: clients)
        var how = RegistrySettings(
            credentials: credentials, tls: { _ in tls }, limits: .init(connect: 5, stall: stall), retries: retries)
        how.warn = { [warnings] _, text in warnings.texts.withLock { $0.append(text) } }
        self.settings = how
        let session = RegistrySession(RegistryHost(registry.host), how)
        client = RegistryClient(session)
        repository = Repository(session.registry, path: Self.path)
    }

    /// A small question about something that is not there.
    func ask(_ change: (inout Request) -> Void = { _ in }) throws -> HTTPAnswer {
        var request = Request("GET", repository, .path("manifests/none"), action: "give a manifest")
        change(&request)
        return try client.send(request)
    }

    /// Puts a blob into the repository.
    func put(_ bytes: [UInt8], mediaType: MediaType = .ociLayer) throws -> Descriptor {
        try registry.put(blob: bytes, in: Self.path)
        return Descriptor(mediaType: mediaType, digest: .sha256(of: bytes), size: Int64(bytes.count))
    }

    /// Puts an image of one small layer there, without a tag.
    func putImage(_ platform: Platform, mark: String) throws -> Descriptor {
        let layer = [UInt8](repeating: 0, count: 1024) + Array(mark.utf8)
        let configuration = ImageConfiguration(
            created: nil, author: nil, platform: platform, process: ProcessConfiguration(),
            diffIDs: [.sha256(of: layer)], history: [])
        let manifest = ImageManifest(
            format: .oci, configuration: try put(configuration.bytes, mediaType: .ociConfiguration),
            layers: [try put(layer)])
        return try putManifest(manifest.bytes, .ociManifest, as: "image-\(mark)", platform)
    }

    func putManifest(
        _ bytes: [UInt8], _ mediaType: MediaType, as tag: String, _ platform: Platform? = nil
    ) throws -> Descriptor {
        try registry.put(manifest: bytes, in: Self.path, as: tag)
        return Descriptor(
            mediaType: mediaType, digest: .sha256(of: bytes), size: Int64(bytes.count), platform: platform)
    }

    func kinds() throws -> [String] { try registry.state().requests.map(\.kind) }
}
