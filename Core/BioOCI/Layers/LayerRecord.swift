// SPDX-License-Identifier: Apache-2.0

import BioCrypto
import BioDocument

/// What a cache says of a layer, whatever it is compressed with: the file `facts` of its directory.
struct LayerRecord: Hashable, Sendable {
    var facts: LayerFacts
    var title: String
    /// `LayerKey.artifacts`
    var artifacts: [String]

    static let byteLimit = 1 << 20

    var bytes: [UInt8] {
        let document: DocumentValue = [
            "recipe": .string(LayerRecipe.version), "title": .string(title), "diff_id": .string("\(facts.diffID)"),
            "size": .integer(facts.size), "artifacts": .strings(artifacts),
        ]
        return document.jsonBytes(.compact)
    }

    init(facts: LayerFacts, title: String, artifacts: [String]) {
        self.facts = facts
        self.title = title
        self.artifacts = artifacts
    }

    /// nil when it is damaged, or of another recipe: such a layer is not there.
    init?(parsing bytes: [UInt8]) {
        let reading = DocumentReading(what: "record", place: "the layer cache")
        guard let document = try? reading.document(bytes),
            document["recipe"]?.string == LayerRecipe.version,
            let diffID = try? reading.digest(document, "diff_id"), let size = try? reading.size(document, "size"),
            let title = document["title"]?.string, let artifacts = try? reading.strings(document, "artifacts")
        else { return nil }
        self.init(facts: LayerFacts(diffID: diffID, size: size), title: title, artifacts: artifacts)
    }
}

/// What a cache says of a blob of a layer: the file beside it whose name ends in `.json`.
struct BlobRecord: Hashable, Sendable {
    /// The name by which its compression is asked for.
    var compression: String
    var digest: Digest
    var size: Int64

    var bytes: [UInt8] {
        let document: DocumentValue = [
            "compression": .string(compression), "digest": .string("\(digest)"), "size": .integer(size),
        ]
        return document.jsonBytes(.compact)
    }

    init(compression: String, digest: Digest, size: Int64) {
        self.compression = compression
        self.digest = digest
        self.size = size
    }

    init?(parsing bytes: [UInt8]) {
        let reading = DocumentReading(what: "record", place: "the layer cache")
        guard let document = try? reading.document(bytes), let compression = document["compression"]?.string,
            let digest = try? reading.digest(document, "digest"), let size = try? reading.size(document, "size")
        else { return nil }
        self.init(compression: compression, digest: digest, size: size)
    }
}
