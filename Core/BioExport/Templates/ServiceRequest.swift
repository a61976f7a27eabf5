// SPDX-License-Identifier: Apache-2.0

/// A service that a plugin wants rendered (`bio_service_call`).
package struct ServiceRequest: Hashable, Sendable {
    package let package: UInt32
    /// TOML over the package's own, and what messages call it.
    package let configuration: String
    package let configurationName: String
    /// `NAME=HOST:PORT`
    package let binds: [String]
    package let group: String

    package static let mostBinds = 256
    /// Bytes.
    package static let longestConfiguration = 1 << 20

    package init(package: UInt32, configuration: String, configurationName: String, binds: [String], group: String) {
        self.package = package
        self.configuration = configuration
        self.configurationName = configurationName
        self.binds = binds
        self.group = group
    }
}

/// What came of it, beside the files (`bio_service`).
package struct ServiceFacts: Hashable, Sendable {
    package struct Hook: Hashable, Sendable {
        package let name: String
        /// In the tree.
        package let path: String
        /// Absolute.
        package let interpreter: String

        package init(name: String, path: String, interpreter: String) {
            self.name = name
            self.path = path
            self.interpreter = interpreter
        }
    }

    package struct Variable: Hashable, Sendable {
        package let name: String
        package let value: String

        package init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    /// In the tree: `hab/svc/redis`.
    package var directory = ""
    package var user = ""
    package var group = ""
    /// Without `SIG`.
    package var stopSignal = ""
    package var stopSeconds: UInt32 = 0
    package var hooks: [Hook] = []
    /// In byte order of their names.
    package var environment: [Variable] = []
    /// Names of hooks.
    package var leftOut: [String] = []

    package init() {}
}
