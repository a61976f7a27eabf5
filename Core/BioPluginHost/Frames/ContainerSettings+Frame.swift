// SPDX-License-Identifier: Apache-2.0

import BioExport

/// How a container runs (`bio_image_config`), as it travels.
extension ContainerSettings {
    func write(to frame: inout FrameWriter) {
        for text in [user, workingDirectory, stopSignal, author] { frame.text(text) }
        for texts in [entrypoint, command, ports, volumes, healthTest] { frame.list(texts) { $0.text($1) } }
        for pairs in [environment, labels, annotations] {
            frame.list(pairs) {
                $0.text($1.key)
                $0.text($1.value)
            }
        }
        for number in [healthInterval, healthTimeout, healthStartPeriod, healthRetries] { frame.i64(number) }
    }

    init(from frame: inout FrameReader) throws(FrameError) {
        self.init()
        user = try frame.text("user")
        workingDirectory = try frame.text("working directory")
        stopSignal = try frame.text("stop signal")
        author = try frame.text("author")
        entrypoint = try Self.texts("entrypoint", &frame)
        command = try Self.texts("command", &frame)
        ports = try Self.texts("ports", &frame)
        volumes = try Self.texts("volumes", &frame)
        healthTest = try Self.texts("health test", &frame)
        environment = try Self.pairs("environment", &frame)
        labels = try Self.pairs("labels", &frame)
        annotations = try Self.pairs("annotations", &frame)
        healthInterval = try frame.i64()
        healthTimeout = try frame.i64()
        healthStartPeriod = try frame.i64()
        healthRetries = try frame.i64()
    }

    private static func texts(_ field: String, _ frame: inout FrameReader) throws(FrameError) -> [String] {
        try frame.list(field, limit: mostMembers) { (frame) throws(FrameError) in try frame.text(field) }
    }

    private static func pairs(_ field: String, _ frame: inout FrameReader) throws(FrameError) -> [Pair] {
        try frame.list(field, limit: mostMembers) { (frame) throws(FrameError) in
            Pair(key: try frame.text(field), value: try frame.text(field))
        }
    }
}
