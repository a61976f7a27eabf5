// SPDX-License-Identifier: Apache-2.0

import BioCrypto
import BioOCI
import BioSystem

/// `bio.host.registry/1` in Swift: artifacts that are no images, pushed once the plugin has ended.
extension ExportServices {
    package func push(_ artifact: RegistryArtifact) throws(ServiceError) {
        guard isPlanning || isRunning else {
            throw ServiceError(.misuse, "the plugin pushed an artifact outside of plan and run")
        }
        guard reach.registries != nil else {
            throw ServiceError(
                .unsupported, "the format pushes to registries and does not include the options for that")
        }
        guard let value = options[artifact.option] else {
            throw ServiceError(
                .invalid, "the plugin pushes as the option '\(artifact.option)' says, which it does not have")
        }
        // Where the user's name and password go, the user says.
        guard case .text(let place, OptionValue.stringKind) = value.content, value.source != .standard else {
            throw ServiceError(
                .invalid, "the plugin pushes as --\(artifact.option) says, with which the user named no place")
        }
        try Self.check(artifact)
        let reference = try told { try artifact.reference(at: place) }
        var emitted = EmittedArtifact(form: .reference, role: .sidecar)
        emitted.kind = artifactKinds.last ?? ""
        emitted.mediaType = MediaType.ociManifest.rawValue
        emitted.reference = "\(reference)"
        emitted.annotations = artifact.annotations
        emitted.isReproducible = true
        guard isRunning else {
            try told { try reach.registries?.plan(reference) }
            return try emit(emitted)
        }
        let staged = try stage(artifact, as: reference)
        try emit(emitted)
        pushes.append(staged)
    }

    /// The reason for a refusal is kept: it is the user's affair, not the plugin's.
    private func told<R>(_ body: () throws -> R) throws(ServiceError) -> R {
        do { return try body() } catch let error as ServiceError { throw error } catch {
            pushFailure = error
            throw ServiceError(.invalid, "\(error)")
        }
    }

    /// What the plugin claims of an artifact, beside its name.
    private static func check(_ artifact: RegistryArtifact) throws(ServiceError) {
        guard artifact.config.count <= RegistryArtifact.longestConfig else {
            throw ServiceError(
                .limit,
                "the configuration of what the plugin pushes has \(artifact.config.count) bytes, at most "
                    + "\(RegistryArtifact.longestConfig) are allowed")
        }
        guard artifact.annotations.count <= RegistryArtifact.mostAnnotations else {
            throw ServiceError(.limit, "the plugin pushes an artifact with \(artifact.annotations.count) annotations")
        }
        for type in [artifact.configType, artifact.layerType] where !MediaType(type).isWellFormed {
            throw ServiceError(.invalid, "the plugin pushes an artifact of the type '\(type)', which is no media type")
        }
        let keys = artifact.annotations.map(\.key)
        guard !keys.contains(""), Set(keys).count == keys.count else {
            throw ServiceError(.invalid, "the plugin pushes an artifact with an annotation that is nameless or double")
        }
    }

    /// The manifest, whose digest is known before anybody has it.
    private func stage(
        _ artifact: RegistryArtifact, as reference: ImageReference
    ) throws(ServiceError) -> StagedRegistryArtifact {
        let file = try openWritten(artifact.layer, for: "pushed")
        let digest: Digest
        let size: Int64
        do {
            size = try file.status().size
            digest = try Digest.sha256(ofFile: file, cancellation: cancellation)
        } catch let error as SystemError where error.errno == .cancelled {
            throw ServiceError(.cancelled, "the user asked to stop")
        } catch { throw ServiceError(.io, "cannot read '\(artifact.layer)': \(error)") }
        var annotations = Annotations()
        for annotation in artifact.annotations { annotations[annotation.key] = annotation.value }
        let manifest = ImageManifest(
            format: .oci,
            configuration: Descriptor(
                mediaType: MediaType(artifact.configType), digest: .sha256(of: artifact.config),
                size: Int64(artifact.config.count)),
            layers: [Descriptor(mediaType: MediaType(artifact.layerType), digest: digest, size: size)],
            annotations: annotations)
        return StagedRegistryArtifact(reference, manifest, configuration: artifact.config, file: file)
    }

    /// What is said of a pushed artifact once it is made: its name by digest, for the tag may stand for another one
    /// tomorrow.
    func pushed(_ emitted: EmittedArtifact) -> (reference: String, digest: Digest)? {
        guard let push = pushes.first(where: { "\($0.reference)" == emitted.reference }) else { return nil }
        let digest = Digest.sha256(of: push.manifest.bytes)
        return ("\(push.reference.pinned(to: digest))", digest)
    }
}
