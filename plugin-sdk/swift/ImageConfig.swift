// SPDX-License-Identifier: Apache-2.0

import CBioExport

/// How a container of an image runs. The C side of it is `bio_image_config`.
public struct ImageConfig: Sendable {
    /// Seconds; nil: the engine's default.
    public struct HealthCheck: Sendable {
        /// `["CMD", program, argument…]`, `["CMD-SHELL", line]`, or `["NONE"]`.
        public var test: [String]
        public var interval: Int64?
        public var timeout: Int64?
        public var startPeriod: Int64?
        public var retries: Int64?

        public init(
            test: [String], interval: Int64? = nil, timeout: Int64? = nil, startPeriod: Int64? = nil,
            retries: Int64? = nil
        ) {
            self.test = test
            self.interval = interval
            self.timeout = timeout
            self.startPeriod = startPeriod
            self.retries = retries
        }
    }

    /// Name, uid, `name:group` or `uid:gid`; empty: root.
    public var user = ""
    /// Absolute, or empty.
    public var workingDirectory = ""
    public var stopSignal = ""
    public var author = ""
    public var entrypoint: [String] = []
    public var command: [String] = []
    /// `9631/tcp`, `9638/udp`.
    public var ports: [String] = []
    /// Absolute paths.
    public var volumes: [String] = []
    public var environment: [(key: String, value: String)] = []
    public var labels: [(key: String, value: String)] = []
    /// Of the manifest.
    public var annotations: [(key: String, value: String)] = []
    public var healthCheck: HealthCheck?

    public init() {}

    func withABI<R>(_ body: (UnsafePointer<bio_image_config>) -> R) -> R {
        var texts = CallTexts()
        var raw = bio_image_config()
        raw.struct_size = UInt32(MemoryLayout<bio_image_config>.size)
        raw.user = texts.string(user)
        raw.working_dir = texts.string(workingDirectory)
        raw.stop_signal = texts.string(stopSignal)
        raw.author = texts.string(author)
        (raw.entrypoint, raw.entrypoint_count) = texts.strings(entrypoint)
        (raw.command, raw.command_count) = texts.strings(command)
        (raw.ports, raw.port_count) = texts.strings(ports)
        (raw.volumes, raw.volume_count) = texts.strings(volumes)
        (raw.environment, raw.environment_count) = texts.pairs(environment)
        (raw.labels, raw.label_count) = texts.pairs(labels)
        (raw.annotations, raw.annotation_count) = texts.pairs(annotations)
        if let healthCheck {
            (raw.health_test, raw.health_test_count) = texts.strings(healthCheck.test)
            raw.health_interval = healthCheck.interval ?? 0
            raw.health_timeout = healthCheck.timeout ?? 0
            raw.health_start_period = healthCheck.startPeriod ?? 0
            raw.health_retries = healthCheck.retries ?? 0
        }
        defer { texts.free() }
        return body(&raw)
    }
}
