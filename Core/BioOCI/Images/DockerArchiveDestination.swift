// SPDX-License-Identifier: Apache-2.0

package import BioArchive
import BioCrypto
package import BioSystem

/// `docker-archive:FILE[:REF]`: what `docker load` reads and `docker save` writes.
package final class DockerArchiveDestination: ImageDestination {
    package let location: ImageLocation
    private let compression: Compression
    private let cancellation: Cancellation
    private let output: ArchiveOutput
    private var staged: (image: BuiltImage, references: [ImageReference])?

    package init(
        path: String, reference: String?, compression: Compression = .gzip, cancellation: Cancellation = .never
    ) {
        location = .dockerArchive(path: path, reference: reference)
        self.compression = compression
        self.cancellation = cancellation
        output = ArchiveOutput(path: path, cancellation: cancellation)
    }

    package func stage(_ image: Image, layers: any LayerProvider) throws {
        try output.checkRoom()
        let references = try location.reference.map { [try ImageReference(parsing: $0)] } ?? image.references
        let built = try BuiltImage(
            image, .docker, compression, layers: layers, place: location, cancellation: cancellation)
        try output.stage(ArchiveMembers(members(built, references)))
        staged = (built, references.map(\.tagged))
    }

    package func commit() throws -> PublishedImage {
        guard let (image, references) = staged else { preconditionFailure("a commit follows a stage") }
        let packed = try output.commit()
        return PublishedImage(
            location: location, imageID: image.imageID, manifestDigest: nil, references: references,
            layersWritten: image.layers.count, layersFound: 0, bytesWritten: packed.size,
            file: (packed.digest, packed.size))
    }

    package func takeBack() { output.takeBack() }

    private func members(_ image: BuiltImage, _ references: [ImageReference]) -> [ArchiveMembers.Item] {
        let suffix = compression.fileExtension
        func name(_ layer: LayerBlob) -> String { layer.facts.diffID.hex + suffix }
        let configuration = "\(image.imageID.hex).json"
        let entry = DockerArchiveList.Entry(
            configuration: configuration, references: references, layers: image.layers.map(name))
        var items: [ArchiveMembers.Item] = [
            .init(path: DockerArchiveList.name, content: .bytes(DockerArchiveList.bytes([entry]))),
            .init(path: configuration, content: .bytes(image.configuration)),
        ]
        var seen: Set<Digest> = []
        for layer in image.layers where seen.insert(layer.facts.diffID).inserted {
            items.append(.init(path: name(layer), content: .file(path: layer.path, size: layer.size)))
        }
        return items
    }
}
