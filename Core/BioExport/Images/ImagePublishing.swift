// SPDX-License-Identifier: Apache-2.0

package import BioArchive
package import BioOCI

/// The one image of an export on its way: from what a plugin put together to every place that the user chose. It is
/// staged while the plugin runs and appears once the plugin's process has ended: in engines first, then in registries, then
/// in files, whose last step is a rename; when one of them fails, those before it are taken back, but engines and
/// registries keep what they have.
package final class ImagePublishing {
    /// What the user's options say of images.
    package struct Request {
        /// The names, the first first.
        package var references: [ImageReference]
        /// At least one.
        package var destinations: [any ImageDestination]
        /// Seconds since 1970.
        package var created: Int64
        package var mostLayers: Int
        /// Of layers at places that keep blobs; nil when there is no such place.
        package var compression: Compression?
        /// The kind of the artifacts.
        package var kind: String
        /// Makes what makes layers; the directory is for those that no cache keeps, and goes with the export.
        package var layers: (_ scratch: String) throws -> any LayerProvider
        /// Documents that go with it; nil: none.
        package var attestations: ExportAttestations?

        package init(
            references: [ImageReference], destinations: [any ImageDestination], created: Int64, mostLayers: Int,
            compression: Compression?, kind: String, layers: @escaping (_ scratch: String) throws -> any LayerProvider,
            attestations: ExportAttestations? = nil
        ) {
            self.references = references
            self.destinations = destinations
            self.created = created
            self.mostLayers = mostLayers
            self.compression = compression
            self.kind = kind
            self.layers = layers
            self.attestations = attestations
        }
    }

    private let request: Request
    package private(set) var isPlanned = false
    package private(set) var isMade = false
    /// Why the host could not make the image: told to the user as it is, for it is not the plugin's affair.
    package private(set) var failure: (any Error)?
    /// What came to be, once it is in its places.
    package private(set) var exported: ExportedImage?
    /// After a failure: where the image is nevertheless, because an engine cannot give it back.
    package private(set) var remaining: [PublishedImage] = []
    private var image: Image?
    private var layers: (any LayerProvider)?
    private var committed: [any ImageDestination] = []
    /// What the plugin planned.
    private(set) package var draft: ImageDraft?
    private var documents: ImageAttestations?

    package init(_ request: Request) {
        self.request = request
    }

    /// Of an image that is planned and never made: it has no place.
    package static func plan() -> ImagePublishing {
        ImagePublishing(
            Request(
                references: [], destinations: [], created: 0, mostLayers: PackageLayers.defaultMost,
                compression: nil,
                kind: "", layers: { _ in throw ServiceError(.misuse, "an image that is only planned has no layers") }))
    }

    package var references: [ImageReference] { request.references }

    /// What the image would become, in the order of the user's places; the first is primary.
    package var planned: [Artifact] {
        isPlanned ? request.destinations.enumerated().map { artifact($1.location, isFirst: $0 == 0) } : []
    }

    /// The files of documents about the image, where its places do not keep them.
    package func plannedDocuments(of job: ExportJob) -> [Artifact] {
        isPlanned ? documentFiles(of: job).map { Artifact($0, place: .file($0.path)) } : []
    }

    /// Refuses, before any work, what is in the way of these files: another place of the image, or no file.
    package func checkRoomForDocuments(of job: ExportJob) throws {
        let places = Set(request.destinations.compactMap(\.location.path))
        for document in documentFiles(of: job) {
            if places.contains(document.path) { throw PlacementError.inTheWay(document.path) }
            try SidecarFile.checkRoom(document.path)
        }
    }

    private func documentFiles(of job: ExportJob) -> [EmittedArtifact] {
        guard let attestations = request.attestations else { return [] }
        var bases: Set<String> = []
        return request.destinations.map(\.location).filter { !$0.isRegistry }
            .map { $0.documentBase(job, request.references) }
            .filter { bases.insert($0).inserted }.flatMap { attestations.planned(beside: $0) }
    }

    func plan(_ draft: ImageDraft) throws(ServiceError) {
        guard !isPlanned else { throw ServiceError(.exists, "the plugin planned a second image") }
        isPlanned = true
        self.draft = draft
    }

    /// The places that only one image can have: files, directories, and names of the user's for one place.
    package var places: [String] { request.destinations.compactMap { $0.location.path ?? $0.location.ownName } }

    /// What the image is called everywhere else.
    package var names: [String] { request.references.map { "\($0)" } }

    /// What the image is going to be, once it is staged: digests as far as they are known before the places have it.
    package var staged: [Artifact] {
        request.destinations.enumerated().map { artifact($1.location, isFirst: $0 == 0, staged: $1.stagedManifest) }
    }

    /// Makes the layers and stages the image at every place.
    func make(
        _ draft: ImageDraft, of job: ExportJob, from bytes: PackageBytes, in workspace: ExportWorkspace
    ) throws(ServiceError) {
        guard isPlanned else { throw ServiceError(.invalid, "the plugin published an image that it had not planned") }
        guard !isMade else { throw ServiceError(.exists, "the plugin published a second image") }
        do {
            let image = Image(
                platform: Platform(job.target), process: draft.process ?? ProcessConfiguration(),
                created: ImageTime.text(request.created), author: draft.author,
                layers: try PackageLayers(job.packages, bytes: bytes).layers(
                    draft.packages.sorted(), trees: draft.trees, most: request.mostLayers),
                references: request.references, annotations: draft.annotations)
            let layers = try request.layers(workspace.madeDirectory)
            for destination in request.destinations { try destination.stage(image, layers: layers) }
            self.image = image
            self.layers = layers
            documents = request.attestations.map { ImageAttestations($0, of: job) }
            isMade = true
        } catch {
            failure = error
            switch error {
            case let error as ServiceError: throw error
            case is ExportCancelled, ArchiveError.cancelled: throw ServiceError(.cancelled, "the user asked to stop")
            default: throw ServiceError(.io, "the image cannot be made: \(error)")
            }
        }
    }

    /// Puts the staged image into its places: all of them, or no file. Throws `ExportCancelled` as long as nothing is
    /// in its place. `then` is what else must come to its place for the export to count.
    package func commit<R>(isCancelled: () -> Bool, then: ([Artifact]) throws -> R) throws -> R {
        guard let image, let layers else { preconditionFailure("an image is staged before it is committed") }
        // What cannot be taken back comes first.
        let order = request.destinations.indices.sorted {
            (request.destinations[$0].location.rank, $0) < (request.destinations[$1].location.rank, $1)
        }
        var published: [Int: PublishedImage] = [:]
        do {
            for index in order {
                if isCancelled() { throw ExportCancelled() }
                let destination = request.destinations[index]
                if !destination.location.isEngine { try stageDocuments(image, layers) }
                published[index] = try destination.commit()
                committed.append(destination)
            }
            try stageDocuments(image, layers)
            let all = request.destinations.indices.compactMap { published[$0] }
            let artifacts =
                all.enumerated().map { artifact($1.location, isFirst: $0 == 0, $1) } + (try documents?.commit() ?? [])
            let exported = try ExportedImage(image, layers: layers, request.compression, published: all)
            let result = try then(artifacts)
            self.exported = exported
            return result
        } catch {
            documents?.takeBack()
            for destination in committed.reversed() { destination.takeBack() }
            remaining = order.compactMap { published[$0] ?? request.destinations[$0].halfCommitted }
                .filter(\.location.keepsWhatItGets)
            throw error
        }
    }

    private func stageDocuments(_ image: Image, _ layers: any LayerProvider) throws {
        try documents?.stage(image, layers: layers, request.compression, at: request.destinations)
    }

    private func artifact(
        _ location: ImageLocation, isFirst: Bool, _ published: PublishedImage? = nil, staged: Descriptor? = nil
    ) -> Artifact {
        let form: EmittedArtifact.Form
        let place: Artifact.Place
        let mediaType: String
        switch location {
        case .engine(let reference):
            let names = published.map { $0.references.map(\.description) } ?? request.references.map(\.description)
            form = .reference
            place = .reference(reference ?? names.first ?? published.map { "\($0.imageID)" } ?? "")
            mediaType = MediaType.dockerConfiguration.rawValue
        case .registry(let reference):
            form = .reference
            // The tag may stand for another image tomorrow.
            let pinned = staged.map { reference.pinned(to: $0.digest) }
            place = .reference("\(published?.digestReference ?? pinned ?? reference)")
            mediaType = MediaType.ociManifest.rawValue
        case .layout(let path, _):
            (form, place, mediaType) = (.directory, .directory(path), MediaType.ociManifest.rawValue)
        case .ociArchive(let path, _), .dockerArchive(let path, _):
            (form, place, mediaType) = (.file, .file(path), "application/x-tar")
        }
        var emitted = EmittedArtifact(form: form, role: isFirst ? .primary : .sidecar)
        emitted.kind = request.kind
        emitted.mediaType = mediaType
        emitted.isReproducible = true
        let digest =
            switch form {
            case .file: published?.file?.digest
            case .directory: published?.manifestDigest ?? staged?.digest
            case .reference: published?.manifestDigest ?? published?.imageID ?? staged?.digest
            }
        return Artifact(emitted, place: place, digest: digest, size: published?.file?.size)
    }
}

extension ImageLocation {
    package var isEngine: Bool { if case .engine = self { true } else { false } }
    package var isRegistry: Bool { if case .registry = self { true } else { false } }

    /// What was put there cannot be taken back.
    fileprivate var keepsWhatItGets: Bool { isEngine || isRegistry }

    /// The name that the user gave the image at this place alone; nil when it has the names of the image.
    fileprivate var ownName: String? {
        switch self {
        case .engine(let reference): reference.map { "docker-daemon:\($0)" }
        case .registry(let reference): "\(reference)"
        case .layout, .ociArchive, .dockerArchive: nil
        }
    }

    /// Lower ones commit first.
    fileprivate var rank: Int { isEngine ? 0 : isRegistry ? 1 : 2 }
}
