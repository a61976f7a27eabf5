// SPDX-License-Identifier: Apache-2.0

package import BioCrypto
package import BioDocument

/// What an image is made of and how it runs (OCI image-spec 1.1, config.md). The SHA-256 of its bytes is the image id.
package struct ImageConfiguration: Hashable, Sendable {
    /// RFC 3339; nil: not said.
    package var created: String?
    package var author: String?
    package var platform: Platform
    package var process: ProcessConfiguration
    /// SHA-256 of each layer's uncompressed tar, bottom up.
    package var diffIDs: [Digest]
    package var history: [History]

    /// One step of the image's making.
    package struct History: Hashable, Sendable {
        package var created: String?
        package var createdBy: String?
        package var comment: String?
        /// It made no layer.
        package var isEmptyLayer: Bool

        package init(created: String? = nil, createdBy: String?, comment: String? = nil, isEmptyLayer: Bool = false) {
            self.created = created
            self.createdBy = createdBy
            self.comment = comment
            self.isEmptyLayer = isEmptyLayer
        }
    }

    /// Longer ones are refused.
    package static let byteLimit = 8 << 20

    package init(
        created: String?, author: String? = nil, platform: Platform, process: ProcessConfiguration, diffIDs: [Digest],
        history: [History]
    ) {
        self.created = created
        self.author = author
        self.platform = platform
        self.process = process
        self.diffIDs = diffIDs
        self.history = history
    }

    package var document: DocumentValue {
        var object = DocumentObject()
        if let created { object.append("created", .string(created)) }
        if let author { object.append("author", .string(author)) }
        object.append("architecture", .string(platform.architecture))
        object.append("os", .string(platform.os))
        if let variant = platform.variant { object.append("variant", .string(variant)) }
        object.append("config", process.document)
        object.append("rootfs", ["type": "layers", "diff_ids": .strings(diffIDs.map { "\($0)" })])
        if !history.isEmpty { object.append("history", .array(history.map(\.document))) }
        return .object(object)
    }

    /// The bytes that are stored and digested.
    package var bytes: [UInt8] { document.jsonBytes(.compact) }

    /// `place` is for errors.
    package init(parsing bytes: [UInt8], place: String) throws(ImageError) {
        let reading = DocumentReading(what: "configuration", place: place)
        let document = try reading.document(bytes)
        created = try reading.optionalString(document, "created")
        author = try reading.optionalString(document, "author")
        platform = try Platform(document, reading)
        process = try ProcessConfiguration(document["config"] ?? .object(DocumentObject()), reading)
        guard let rootfs = document["rootfs"] else { throw reading.wrong("'rootfs' is missing") }
        var found: [Digest] = []
        for text in try reading.strings(rootfs, "diff_ids") { found.append(try reading.digest(text, "diff_ids")) }
        diffIDs = found
        history = try reading.list(document, "history") { (value) throws(ImageError) in
            History(
                created: try reading.optionalString(value, "created"),
                createdBy: try reading.optionalString(value, "created_by"),
                comment: try reading.optionalString(value, "comment"),
                isEmptyLayer: value["empty_layer"]?.bool ?? false)
        }
    }
}

extension ImageConfiguration.History {
    var document: DocumentValue {
        var object = DocumentObject()
        if let created { object.append("created", .string(created)) }
        if let createdBy { object.append("created_by", .string(createdBy)) }
        if let comment { object.append("comment", .string(comment)) }
        if isEmptyLayer { object.append("empty_layer", true) }
        return .object(object)
    }
}
