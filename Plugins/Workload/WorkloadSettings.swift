// SPDX-License-Identifier: Apache-2.0

public import BioPluginSDK

/// What the options say, read and checked: nothing here depends on a package. Values that `WorkloadChecks` looks at have
/// been looked at.
public struct WorkloadSettings: Sendable {
    public let makesImage: Bool
    public let runtime: WorkloadRuntime
    /// The former operator makes of its object what it likes.
    public let isOperated: Bool
    public let name: String?
    public let count: Int64
    public let isLeader: Bool
    public let group: String
    /// The text of `user.toml`.
    public let config: [UInt8]?
    /// What it says.
    let configuration: DocumentValue?
    public let environment: [(key: String, value: String)]
    public let storage: StorageRequest?
    /// Name with revision.
    public let ringSecret: String?
    public let binds: [Bind]
    public let addresses: [BoundAddress]
    public let peers: [String]
    public let namespace: String?
    public let labels: [(key: String, value: String)]
    public let serviceType: String
    public let ingressHost: String?
    public let pullSecrets: [String]
    public let cpu: String?
    public let memory: String?

    public init(_ job: Job, _ host: Host) throws(ExportFailure) {
        makesImage = !job.flag(WorkloadOptions.noImage)
        runtime = WorkloadRuntime(job)
        isOperated = job.flag(WorkloadOptions.operated)
        // The original has dashes for dots.
        name = job.text(WorkloadOptions.name)?.split(separator: ".", omittingEmptySubsequences: false)
            .joined(separator: "-")
        count = job.integer(WorkloadOptions.count) ?? 1
        isLeader = job.text(WorkloadOptions.topology) == "leader"
        group = job.text(WorkloadOptions.group) ?? "default"
        (config, configuration) = try Self.config(job, host)
        environment = try Self.environment(job)
        storage = try job.text(WorkloadOptions.storage).map { (text) throws(ExportFailure) in try StorageRequest(text) }
        ringSecret = job.text(WorkloadOptions.ring)
        var binds: [Bind] = []
        for text in job.list(WorkloadOptions.bind) {
            let bind = try Bind(text)
            try Self.checkOnce(bind.name, among: binds.map(\.name), WorkloadOptions.bind)
            binds.append(bind)
        }
        self.binds = binds
        var addresses: [BoundAddress] = []
        for text in job.list(WorkloadOptions.bindAddress) {
            let address = try BoundAddress(text)
            try Self.checkOnce(address.name, among: addresses.map(\.name), WorkloadOptions.bindAddress)
            addresses.append(address)
        }
        self.addresses = addresses
        peers = job.list(WorkloadOptions.peer)
        namespace = job.text(WorkloadOptions.namespace)
        labels = try Self.labels(job)
        serviceType = job.text(WorkloadOptions.serviceType) ?? "ClusterIP"
        ingressHost = job.text(WorkloadOptions.ingressHost)
        pullSecrets = job.list(WorkloadOptions.pullSecret)
        cpu = job.text(WorkloadOptions.cpu).flatMap { Quantity($0)?.text }
        memory = job.text(WorkloadOptions.memory).flatMap { Quantity($0)?.text }
        try check()
        try checkRuntime(job)
    }

    private func check() throws(ExportFailure) {
        if let name, !ClusterName.isWorkload(name) {
            throw .option(
                WorkloadOptions.name, "'\(name)' cannot be the name of a workload",
                hint: "lower-case letters, digits and dashes, a letter first, at most \(ClusterName.longest)")
        }
        for (name, reason) in taken {
            guard environment.contains(where: { $0.key == name }) else { continue }
            throw .option(WorkloadOptions.environment, "'\(name)' cannot be set: \(reason)", hint: "leave it out")
        }
    }

    /// Variables of the supervisor that the rest of the objects counts on. The operator's has none of that.
    private var taken: [(name: String, reason: String)] {
        if isOperated || runtime == .direct { return [] }
        let ports = "Services and probes lead to ports 9631 and 9638"
        return [
            ("HAB_LISTEN_HTTP", ports), ("HAB_LISTEN_GOSSIP", ports),
            ("HAB_SUP_GATEWAY_AUTH_TOKEN", "probes have no token"), ("BIO_HTTP_OPEN_HEALTH", "probes have no token"),
        ] + (ringSecret == nil ? [] : [("HAB_CACHE_KEY_PATH", "--\(WorkloadOptions.ring.id) leads it to the key")])
    }

    private static func config(_ job: Job, _ host: Host) throws(ExportFailure) -> ([UInt8]?, DocumentValue?) {
        // A Secret holds no more.
        let limit = 1_000_000
        let text: [UInt8]?
        do throws(ExportFailure) { text = try job.contents(of: WorkloadOptions.config, limit: limit) } catch {
            var failure = error
            failure.hint = "name a user.toml of at most \(limit) bytes"
            throw failure
        }
        guard let text else { return (nil, nil) }
        let document = try host.read(
            text, as: .toml, name: job.text(WorkloadOptions.config) ?? "", from: .option(WorkloadOptions.config.id))
        return (text, document.value)
    }

    private static func environment(_ job: Job) throws(ExportFailure) -> [(key: String, value: String)] {
        try pairs(job, WorkloadOptions.environment) { key, value in
            let isName = key.isMade(of: "-_.") && key.utf8.first?.isDigit == false && key != "." && !key.hasPrefix("..")
            return isName ? nil : "'\(key)' is no name of a variable: letters, digits, '_', '-' and '.', no digit first"
        }
    }

    private static func labels(_ job: Job) throws(ExportFailure) -> [(key: String, value: String)] {
        try pairs(job, WorkloadOptions.label) { key, value in
            if ["app.kubernetes.io/name", "app.kubernetes.io/instance"].contains(key) {
                return "'\(key)' is what pods are found by"
            }
            if !ClusterName.isLabelKey(key) {
                return
                    "'\(key)' is no key of a label: at most 63 letters, digits, '-', '_' and '.', perhaps with a domain and '/' before them"
            }
            if !ClusterName.isLabelValue(value) {
                return
                    "'\(value)' is no value of a label: at most 63 letters, digits, '-', '_' and '.', a letter or digit at both ends"
            }
            return nil
        }
    }

    /// Each `KEY=VALUE` once. `wrong` says what is wrong with one.
    private static func pairs(_ job: Job, _ option: Option, _ wrong: (String, String) -> String?) throws(ExportFailure)
        -> [(key: String, value: String)]
    {
        var pairs: [(key: String, value: String)] = []
        for text in job.list(option) {
            let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            guard parts.count == 2, !parts[0].isEmpty else {
                throw .option(
                    option, "'\(text)' is not \(option.valueName)",
                    hint: "write a name, '=' and a value, which may be empty")
            }
            if let wrong = wrong(parts[0], parts[1]) {
                throw .option(option, wrong, hint: "choose another name or value")
            }
            try checkOnce(parts[0], among: pairs.map(\.key), option)
            pairs.append((parts[0], parts[1]))
        }
        return pairs
    }

    private static func checkOnce(_ name: String, among others: [String], _ option: Option) throws(ExportFailure) {
        if others.contains(name) { throw .option(option, "'\(name)' is given twice", hint: "keep one of the two") }
    }

}
