// SPDX-License-Identifier: Apache-2.0

/// How a container of an image runs, as a plugin says it (`bio_image_config`): nothing in it is believed yet.
package struct ContainerSettings: Hashable, Sendable {
    package struct Pair: Hashable, Sendable {
        package var key: String
        package var value: String
        package init(key: String, value: String) {
            self.key = key
            self.value = value
        }
    }

    package var user = ""
    package var workingDirectory = ""
    package var stopSignal = ""
    package var author = ""
    package var entrypoint: [String] = []
    package var command: [String] = []
    /// `9631/tcp`
    package var ports: [String] = []
    package var volumes: [String] = []
    package var healthTest: [String] = []
    package var environment: [Pair] = []
    package var labels: [Pair] = []
    package var annotations: [Pair] = []
    /// Seconds; 0: the engine's default.
    package var healthInterval: Int64 = 0
    package var healthTimeout: Int64 = 0
    package var healthStartPeriod: Int64 = 0
    package var healthRetries: Int64 = 0

    /// Of each list.
    package static let mostMembers = 256
    /// Bytes of all texts together.
    package static let mostBytes = 64 << 10

    package init() {}

    package var byteCount: Int {
        let texts =
            [user, workingDirectory, stopSignal, author] + entrypoint + command + ports + volumes + healthTest
            + (environment + labels + annotations).flatMap { [$0.key, $0.value] }
        return texts.reduce(0) { $0 + $1.utf8.count }
    }
}
