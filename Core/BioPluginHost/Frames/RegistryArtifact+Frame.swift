// SPDX-License-Identifier: Apache-2.0

import BioExport

/// How an artifact for a registry travels.
extension RegistryArtifact {
    func write(to frame: inout FrameWriter) {
        for text in [option, name, tag, configType, layerType, layer] { frame.text(text) }
        frame.blob(config)
        frame.list(annotations) {
            $0.text($1.key)
            $0.text($1.value)
        }
    }

    init(from frame: inout FrameReader) throws(FrameError) {
        self.init()
        option = try frame.text("option id")
        name = try frame.text("name of an artifact")
        tag = try frame.text("tag of an artifact")
        configType = try frame.text("configuration type")
        layerType = try frame.text("layer type")
        layer = try frame.text("layer")
        config = try frame.blob()
        annotations = try frame.list("annotations", limit: 4096) { (frame) throws(FrameError) in
            .init(key: try frame.text("annotation key"), value: try frame.text("annotation"))
        }
    }
}
