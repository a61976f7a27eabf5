// SPDX-License-Identifier: Apache-2.0

import BioArchive
import BioAttestation
import BioCrypto
import BioOCI
import BioPackage

/// Documents about an image on their way: into places that keep such with the image, else to files beside the place.
final class ImageAttestations {
    private let attestations: ExportAttestations
    private let job: ExportJob
    private var files: [(file: SidecarFile, artifact: Artifact)] = []
    private var isStaged = false

    init(_ attestations: ExportAttestations, of job: ExportJob) {
        self.attestations = attestations
        self.job = job
    }

    /// Makes the documents, once, as soon as every layer of `image` is known: after engines have taken theirs, and before
    /// anything else is committed.
    func stage(
        _ image: Image, layers: any LayerProvider, _ compression: Compression?, at destinations: [any ImageDestination]
    ) throws {
        guard !isStaged else { return }
        isStaged = true
        let manifests = destinations.compactMap { $0.stagedManifest?.digest }
        let pushed = destinations.lazy.compactMap(\.location.pushed).first
        let exported = try ExportedImage(image, layers: layers, compression, published: [])
        let documents = try attestations.documents(
            result(image, exported, manifests, pushed), of: job, created: image.created)
        var bases: Set<String> = []
        for destination in destinations where try !destination.attach(documents) {
            let base = destination.location.documentBase(job, image.references)
            guard bases.insert(base).inserted else { continue }
            for document in documents { files.append(try file(document, beside: base)) }
        }
    }

    /// Names the files that `stage` wrote.
    func commit() throws -> [Artifact] {
        for (file, _) in files { try file.commit() }
        return files.map(\.artifact)
    }

    func takeBack() { for (file, _) in files.reversed() { file.takeBack() } }

    private func file(_ document: ImageAttachment, beside base: String) throws -> (SidecarFile, Artifact) {
        let emitted = attestations.emitted(document, beside: base)
        let artifact = Artifact(
            emitted, place: .file(emitted.path), digest: .sha256(of: document.bytes), size: Int64(document.bytes.count))
        return (try SidecarFile(document.bytes, path: emitted.path), artifact)
    }

    /// Whoever has the image knows its manifest or its configuration: both are spoken of.
    private func result(
        _ image: Image, _ exported: ExportedImage, _ manifests: [Digest], _ pushed: ImageReference?
    ) -> ExportFacts.Result {
        let ident = job.primary.ident
        let name = image.references.first.map { "\($0)" } ?? "\(ident.origin)/\(ident.name)"
        var known: Set<Digest> = []
        let subjects =
            manifests.filter { known.insert($0).inserted }.map { Statement.Subject(name: name, sha256: $0) }
            + [Statement.Subject(name: "\(name) (configuration)", sha256: exported.id)]
        return ExportFacts.Result(
            name: name, version: ident.version,
            image: ExportFacts.ImageFacts(
                platform: image.platform, reference: image.references.first, pushed: pushed,
                manifest: manifests.first, layers: layers(exported)), subjects: subjects)
    }

    private func layers(_ exported: ExportedImage) -> [ExportFacts.Layer] {
        let numbers = Dictionary(
            job.packages.enumerated().map { ("\($1.ident)", $0) }, uniquingKeysWith: { first, _ in first })
        return exported.layers.map { layer in
            ExportFacts.Layer(
                title: layer.title, packages: layer.packages.compactMap { numbers[$0] }, diffID: layer.facts.diffID,
                blob: layer.blob.flatMap { blob in
                    ImageFormat.oci.layer(blob.compression).map { .init(digest: blob.digest, mediaType: $0) }
                })
        }
    }
}

extension ImageLocation {
    /// The reference at a registry; nil elsewhere.
    fileprivate var pushed: ImageReference? { if case .registry(let reference) = self { reference } else { nil } }

    /// What the names of files about the image begin with: the place's path, in a layout with the last and so the most
    /// particular of its names there, else the package's name in the working directory.
    func documentBase(_ job: ExportJob, _ references: [ImageReference]) -> String {
        documentBase(named: reference ?? references.last.map { LayoutName($0).name }) ?? job.primary.fileName
    }
}
