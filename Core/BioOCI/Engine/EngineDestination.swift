// SPDX-License-Identifier: Apache-2.0

import BioCrypto

/// A Docker engine that takes an image: layers go uncompressed, and only those that it lacks.
package final class EngineDestination: ImageDestination {
    package let location: ImageLocation
    private let engine: DockerEngine
    private let reference: ImageReference?
    private var staged: EngineArchive?

    /// With `reference` the image gets that name and none of its own.
    package init(_ engine: DockerEngine, reference: ImageReference? = nil) {
        self.engine = engine
        self.reference = reference
        location = .engine(reference: reference.map { "\($0)" })
    }

    /// Asks whether the engine is there. It gets nothing yet: what it has loaded could not be taken back.
    package func stage(_ image: Image, layers: any LayerProvider) throws {
        try engine.ping(seconds: engine.limits.answer)
        staged = EngineArchive(
            image: image, layers: layers, references: reference.map { [$0] } ?? image.references)
    }

    package func commit() throws -> PublishedImage {
        guard let archive = staged.take() else { preconditionFailure("a destination commits once, and staged before") }
        let omitted = try lowestLayersThere(archive)
        let sent: Sent
        do { sent = try send(archive, omitting: omitted) } catch let error as EngineError {
            // It can lose layers between the question and the load, or have no use for an archive that is not whole.
            guard case .refused = error, omitted > 0 else { throw error }
            sent = try send(archive, omitting: 0)
        }
        try check(sent.content, archive.references)
        return PublishedImage(
            location: location, imageID: sent.content.imageID, manifestDigest: nil, references: archive.references,
            layersWritten: archive.image.layers.count - sent.omitted, layersFound: sent.omitted,
            bytesWritten: sent.bytes)
    }

    private struct Sent {
        let content: EngineArchive.Content
        let omitted: Int
        let bytes: Int64
    }

    /// How many layers from the bottom up the engine has; only those whose digests are known count.
    private func lowestLayersThere(_ archive: EngineArchive) throws -> Int {
        // Podman wants archives whole.
        guard try !engine.version().isPodman else { return 0 }
        var known: [Digest] = []
        for layer in archive.image.layers {
            guard let facts = try archive.layers.knownFacts(of: layer) else { break }
            known.append(facts.diffID)
        }
        return try engine.sharedLayers(known)
    }

    private func send(_ archive: EngineArchive, omitting omitted: Int) throws -> Sent {
        let load = try engine.load()
        let content: EngineArchive.Content
        do { content = try archive.write(omitting: omitted, into: load) } catch {
            // The answer that came before the archive's end says why.
            if load.hasAnsweredEarly { try load.finish() }
            throw load.reason(error)
        }
        try load.finish()
        return Sent(content: content, omitted: omitted, bytes: load.bytesSent)
    }

    /// Asks for the image by each of its names: what the engine has must be what was sent.
    private func check(_ content: EngineArchive.Content, _ references: [ImageReference]) throws {
        let names = references.isEmpty ? ["\(content.imageID)"] : references.map { "\($0)" }
        for name in names {
            let found = try engine.image(name)
            guard let found, found.isImage(content.imageID, diffIDs: content.diffIDs) else {
                throw EngineError.otherImage(
                    name: name, expected: content.imageID, found: found.map { "\($0.id)" } ?? "no image")
            }
        }
    }
}
