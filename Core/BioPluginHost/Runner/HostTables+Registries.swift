// SPDX-License-Identifier: Apache-2.0

import BioExport
import CBioExport

/// The C function of `bio.host.registry/1`.
extension HostTables {
    var registry: bio_registry {
        bio_registry(
            struct_size: UInt32(MemoryLayout<bio_registry>.size), flags: 0,
            push: { host, artifact in
                HostTables.of(host).checked { (tables) throws(PluginTableReader.Wrong) in
                    tables.call(.registryPush(try HostTables.artifact(artifact))).code
                }
            })
    }

    private static func artifact(
        _ pointer: UnsafePointer<bio_oci_artifact>
    ) throws(PluginTableReader.Wrong) -> RegistryArtifact {
        let raw = try PluginTableReader.copy(pointer, bio_oci_artifact(), "bio_oci_artifact")
        var made = RegistryArtifact()
        made.option = try PluginTableReader.text(raw.option, "option id", limit: 256)
        made.name = try PluginTableReader.text(raw.name, "name of an artifact", limit: 256)
        made.tag = try PluginTableReader.text(raw.tag, "tag of an artifact", limit: 256)
        made.configType = try PluginTableReader.text(raw.config_type, "configuration type", limit: 256)
        made.config = try PluginTableReader.bytes(raw.config, "configuration")
        made.layerType = try PluginTableReader.text(raw.layer_type, "layer type", limit: 256)
        made.layer = try PluginTableReader.text(raw.layer, "layer", limit: 4096)
        for pair in try PluginTableReader.items(raw.annotations, raw.annotation_count, "annotations") {
            made.annotations.append(
                .init(
                    key: try PluginTableReader.text(pair.key, "annotation key", limit: 1024),
                    value: try PluginTableReader.text(pair.value, "annotation", limit: 4096)))
        }
        return made
    }
}
