// SPDX-License-Identifier: Apache-2.0

import BioAttestation
import BioOCI
import BioRegistry
import BioSystem
import BioTrust
import Glibc

/// The documents that may say something of an image: those that the user names, those that exports put beside a file,
/// and in a registry what refers to the image. Nothing of them is believed here.
struct ImageAttestations {
    /// Of one document, and of all that refer to an image together.
    private static let byteLimit = Envelope.byteLimit
    /// Anybody may push referrers: so many are read.
    private static let mostReferrers = 64

    /// Of an image in a layout.
    private static let mostNames = 64

    private let context: CommandContext

    init(_ context: CommandContext) { self.context = context }

    /// Those that the user names must be there.
    func named(_ paths: [String]) throws -> [AttestationVerifier.Candidate] {
        try paths.map { path in
            .init(place: path, bytes: try FileDescriptor.open(context.absolute(path)).readToEnd(limit: Self.byteLimit))
        }
    }

    /// Beside a file or a directory, under its name, in a layout also with each name of the image, and an ending of
    /// attestations (docs/reference/attestations.md).
    func beside(_ location: ImageLocation, _ image: StoredImage) throws -> [AttestationVerifier.Candidate] {
        var known: Set<String> = []
        let names = [nil] + image.names.prefix(Self.mostNames).map(Optional.some)
        let bases = names.compactMap { location.documentBase(named: $0) }
        // The names are the image's own word: no file is called by one that is too long.
        let places = bases.filter { known.insert($0).inserted }
            .flatMap { base in Attestation.fileSuffixes.map { base + $0 } }
            .filter { $0.utf8.reversed().prefix { $0 != 0x2F }.count <= NAME_MAX }
        return try places.compactMap { place -> AttestationVerifier.Candidate? in
            guard let status = try FileStatus.of(place), status.kind == .file else { return nil }
            guard status.size <= Self.byteLimit else { return nil }
            let bytes = try FileDescriptor.open(place, O_RDONLY | O_NONBLOCK).readToEnd(limit: Self.byteLimit)
            return .init(place: place, bytes: bytes)
        }
    }

    /// What refers to the image in its repository, as far as it can be an attestation: signed provenance, which policies
    /// ask for, before the rest.
    func referring(to image: StoredImage, in source: any ImageSource) throws -> [AttestationVerifier.Candidate] {
        guard let source = source as? RegistrySource, let subject = image.manifest?.digest else { return [] }
        let (client, repository) = (source.client, source.repository)
        let all = try client.referrers(of: subject, in: repository).descriptors.filter { descriptor in
            descriptor.artifactType.map(Attestation.mediaTypes.contains) == true
        }
        let provenance = Attestation.provenance.mediaType(isSigned: true)
        let found =
            all.filter { $0.artifactType == provenance } + all.filter { $0.artifactType != provenance }
        if found.count > Self.mostReferrers {
            context.status.warn(
                "\(found.count) attestations refer to the image: the first \(Self.mostReferrers) are looked at")
        }
        var candidates: [AttestationVerifier.Candidate] = []
        var rest = Self.byteLimit
        for descriptor in found.prefix(Self.mostReferrers) {
            let bytes = try document(of: descriptor, client, repository, limit: rest)
            rest -= bytes.count
            candidates.append(.init(place: "\(descriptor.digest)", bytes: bytes))
        }
        return candidates
    }

    /// Empty, which is no attestation, where the registry has it not as it is listed, or it makes no sense or is too
    /// large: whoever may push must not be able to stop who verifies.
    private func document(
        of referrer: Descriptor, _ client: RegistryClient, _ repository: Repository, limit: Int
    ) throws -> [UInt8] {
        do {
            guard let manifest = try client.manifest(.digest(referrer.digest), of: repository),
                let layer = try ImageManifest(parsing: manifest.bytes, place: "\(repository)").layers.first
            else { return [] }
            return try client.content(layer, of: repository, what: "attestation", limit: limit)
        } catch RegistryError.missing, RegistryError.otherContent, RegistryError.malformed {
            return []
        } catch ImageError.tooLarge, ImageError.tooMany, ImageError.malformed, ImageError.digestAlgorithm {
            return []
        }
    }
}
