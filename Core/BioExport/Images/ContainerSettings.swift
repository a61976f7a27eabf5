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

    /// The same with all that `other` sets in its place; variables, labels and annotations each for themselves.
    func replaced(by other: ContainerSettings) -> ContainerSettings {
        var settings = self
        for field: WritableKeyPath<ContainerSettings, String> in [\.user, \.workingDirectory, \.stopSignal, \.author]
        where !other[keyPath: field].isEmpty { settings[keyPath: field] = other[keyPath: field] }
        for field: WritableKeyPath<ContainerSettings, [String]> in [
            \.entrypoint, \.command, \.ports, \.volumes, \.healthTest,
        ] where !other[keyPath: field].isEmpty { settings[keyPath: field] = other[keyPath: field] }
        for field: WritableKeyPath<ContainerSettings, [Pair]> in [\.environment, \.labels, \.annotations] {
            let own = settings[keyPath: field].filter { pair in !other[keyPath: field].contains { $0.key == pair.key } }
            settings[keyPath: field] = own + other[keyPath: field]
        }
        for field: WritableKeyPath<ContainerSettings, Int64> in [
            \.healthInterval, \.healthTimeout, \.healthStartPeriod, \.healthRetries,
        ] where other[keyPath: field] != 0 { settings[keyPath: field] = other[keyPath: field] }
        return settings
    }

    package var byteCount: Int {
        let texts =
            [user, workingDirectory, stopSignal, author] + entrypoint + command + ports + volumes + healthTest
            + (environment + labels + annotations).flatMap { [$0.key, $0.value] }
        return texts.reduce(0) { $0 + $1.utf8.count }
    }
}
