// SPDX-License-Identifier: Apache-2.0

package import BioDocument

/// What an image consists of (OCI image-spec 1.1, manifest.md; Docker schema 2).
package struct ImageManifest: Hashable, Sendable {
    package var format: ImageFormat
    package var configuration: Descriptor
    /// Bottom up.
    package var layers: [Descriptor]
    package var artifactType: String?
    package var subject: Descriptor?
    /// Docker's schema 2 has none.
    package var annotations: Annotations

    /// Longer ones are refused (4 MiB: what registries accept).
    package static let byteLimit = 4 << 20

    package init(
        format: ImageFormat, configuration: Descriptor, layers: [Descriptor], artifactType: String? = nil,
        subject: Descriptor? = nil, annotations: Annotations = [:]
    ) {
        self.format = format
        self.configuration = configuration
        self.layers = layers
        self.artifactType = artifactType
        self.subject = subject
        self.annotations = annotations
    }

    package var document: DocumentValue {
        var object = DocumentObject()
        object.append("schemaVersion", 2)
        object.append("mediaType", .string(format.manifest.rawValue))
        if let artifactType { object.append("artifactType", .string(artifactType)) }
        object.append("config", configuration.document)
        object.append("layers", .array(layers.map(\.document)))
        if let subject { object.append("subject", subject.document) }
        if !annotations.isEmpty { object.append("annotations", annotations.document) }
        return .object(object)
    }

    /// The bytes that are stored and digested.
    package var bytes: [UInt8] { document.jsonBytes(.compact) }

    /// `place` is for errors.
    package init(parsing bytes: [UInt8], place: String) throws(ImageError) {
        let reading = DocumentReading(what: "manifest", place: place)
        let document = try reading.document(bytes)
        guard document["schemaVersion"]?.int == 2 else { throw reading.wrong("its schemaVersion is not 2") }
        configuration = try Descriptor(document["config"] ?? .null, reading)
        let isDocker =
            try reading.optionalString(document, "mediaType").map { MediaType($0) == .dockerManifest }
            ?? (configuration.mediaType == .dockerConfiguration)
        format = isDocker ? .docker : .oci
        layers = try reading.list(document, "layers") { (value) throws(ImageError) in try Descriptor(value, reading) }
        artifactType = try reading.optionalString(document, "artifactType")
        subject = try document["subject"].map { (value) throws(ImageError) in try Descriptor(value, reading) }
        annotations = try reading.annotations(document, "annotations")
    }
}

/// A list of manifests, for several platforms or names (OCI image-spec 1.1, image-index.md; Docker's manifest list).
package struct ImageIndex: Hashable, Sendable {
    package var format: ImageFormat
    package var manifests: [Descriptor]
    /// Entries with digests that are not SHA-256, as they stand there.
    package var others: [DocumentValue]
    package var annotations: Annotations

    package init(
        format: ImageFormat, manifests: [Descriptor], others: [DocumentValue] = [], annotations: Annotations = [:]
    ) {
        self.format = format
        self.manifests = manifests
        self.others = others
        self.annotations = annotations
    }

    package var document: DocumentValue {
        var object = DocumentObject()
        object.append("schemaVersion", 2)
        object.append("mediaType", .string(format.index.rawValue))
        object.append("manifests", .array(manifests.map(\.document) + others))
        if !annotations.isEmpty { object.append("annotations", annotations.document) }
        return .object(object)
    }

    package var bytes: [UInt8] { document.jsonBytes(.compact) }

    package init(parsing bytes: [UInt8], place: String) throws(ImageError) {
        let reading = DocumentReading(what: "index", place: place)
        let document = try reading.document(bytes)
        guard document["schemaVersion"]?.int == 2 else { throw reading.wrong("its schemaVersion is not 2") }
        let isDocker =
            try reading.optionalString(document, "mediaType").map { MediaType($0) == .dockerManifestList } ?? false
        format = isDocker ? .docker : .oci
        let entries = try reading.list(document, "manifests") { (value) throws(ImageError) in value }
        others = entries.filter(reading.hasOtherAlgorithm)
        manifests = []
        for entry in entries where !reading.hasOtherAlgorithm(entry) {
            manifests.append(try Descriptor(entry, reading))
        }
        annotations = try reading.annotations(document, "annotations")
    }
}
