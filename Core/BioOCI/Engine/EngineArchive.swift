// SPDX-License-Identifier: Apache-2.0

import BioArchive
import BioCrypto

/// The archive that an engine loads, as `docker save` makes it, written in one pass: lengths of layers come from their
/// members, and what depends on their digests (configuration, `manifest.json`) comes last. The lowest layers may be left out:
/// an engine that has them opens none of their files (moby, daemon/internal/image/tarexport/load.go).
struct EngineArchive {
    let image: Image
    let layers: any LayerProvider
    let references: [ImageReference]

    /// What is in an archive that was written.
    struct Content {
        let imageID: Digest
        let diffIDs: [Digest]
    }

    /// Writes it without the lowest `omitted` layers, whose facts must be known.
    func write(omitting omitted: Int, into load: EngineLoad) throws -> Content {
        var facts: [LayerFacts] = []
        for (index, layer) in image.layers.enumerated() {
            if index < omitted {
                guard let known = try layers.knownFacts(of: layer) else {
                    preconditionFailure("only layers with known facts are left out")
                }
                facts.append(known)
            } else {
                facts.append(try write(layer, as: Self.path(index), into: load))
            }
        }
        let configuration = image.configuration(facts).bytes
        let imageID = Digest.sha256(of: configuration)
        try write(configuration, as: "\(imageID.hex).json", into: load)
        let entry = DockerArchiveList.Entry(
            configuration: "\(imageID.hex).json", references: references, layers: image.layers.indices.map(Self.path))
        try write(DockerArchiveList.bytes([entry]), as: DockerArchiveList.name, into: load)
        try load.write([UInt8](repeating: 0, count: 1024))
        return Content(imageID: imageID, diffIDs: facts.map(\.diffID))
    }

    /// By place: when the header goes out the layer's digest need not be known.
    private static func path(_ index: Int) -> String { "layer-\(index).tar" }

    private func write(_ layer: Layer, as path: String, into load: EngineLoad) throws -> LayerFacts {
        let size = try layers.plainSize(of: layer)
        try load.write(try Self.header(path, size))
        let facts = try layers.writePlain(layer, into: LoadSink(load: load))
        guard facts.size == size else {
            throw EngineError.layerLength(title: layer.title, announced: size, delivered: facts.size)
        }
        try load.write(TarHeader.padding(after: size))
        return facts
    }

    private func write(_ bytes: [UInt8], as path: String, into load: EngineLoad) throws {
        try load.write(try Self.header(path, Int64(bytes.count)))
        try load.write(bytes)
        try load.write(TarHeader.padding(after: Int64(bytes.count)))
    }

    private static func header(_ path: String, _ size: Int64) throws(ArchiveError) -> [UInt8] {
        try TarHeader.blocks(
            of: TarMember(path: Array(path.utf8), kind: .file, mode: 0o644, size: size, mtime: 1))
    }
}
