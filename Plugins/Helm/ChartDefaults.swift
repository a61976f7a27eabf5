// SPDX-License-Identifier: Apache-2.0

import BioPluginSDK
import Workload

/// What the values of a service are without the user: what the options of the export say.
struct ChartDefaults {
    var name: String?
    var image: String
    var pullSecrets: [String] = []
    var instances: Int64 = 1
    var topology = "standalone"
    var group = "default"
    var config: String?
    var ring: String?
    var storage: (size: String, path: String, storageClass: String)?
    var binds: [(name: String, service: String, group: String)] = []
    var environment: [(key: String, value: String)] = []
    var serviceType = "ClusterIP"
    var ingressHost: String?
    var resources: DocumentValue = [:]
    var labels: [(key: String, value: DocumentValue)] = []
}
