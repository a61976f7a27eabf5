// SPDX-License-Identifier: Apache-2.0

import CBioExport

/// Something for a registry that is no image: a blob with a type. The C side of it is `bio_oci_artifact`.
public struct RegistryArtifact: Sendable {
    /// In which the user named the place: `oci://REGISTRY[/PATH]`.
    public var option: Option
    /// Of the repository, below that path.
    public var name: String
    public var tag: String
    /// Media type and bytes of the configuration.
    public var configType: String
    public var config: String
    /// Media type of the blob, and the file in the output directory that it is.
    public var layerType: String
    public var layer: String
    public var annotations: [(key: String, value: String)] = []

    public init(
        option: Option, name: String, tag: String, configType: String, config: String, layerType: String, layer: String
    ) {
        self.option = option
        self.name = name
        self.tag = tag
        self.configType = configType
        self.config = config
        self.layerType = layerType
        self.layer = layer
    }
}

extension Host {
    /// In plan: emits the reference that the artifact would have. In run: makes it ready to be pushed, and emits it.
    public func push(_ artifact: RegistryArtifact) throws(ExportFailure) {
        guard let registry = table(.registry, bio_registry.self), let push = registry.push else {
            throw .lacking(.registry)
        }
        var texts = CallTexts()
        defer { texts.free() }
        var raw = bio_oci_artifact()
        raw.struct_size = UInt32(MemoryLayout<bio_oci_artifact>.size)
        raw.option = texts.string(artifact.option.id)
        raw.name = texts.string(artifact.name)
        raw.tag = texts.string(artifact.tag)
        raw.config_type = texts.string(artifact.configType)
        raw.config = texts.string(artifact.config)
        raw.layer_type = texts.string(artifact.layerType)
        raw.layer = texts.string(artifact.layer)
        (raw.annotations, raw.annotation_count) = texts.pairs(artifact.annotations)
        let code = push(self.raw, &raw)
        guard code == 0 else { throw .host(code) }
    }
}
