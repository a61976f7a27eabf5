// SPDX-License-Identifier: Apache-2.0

import BioPluginSDK
import Workload

/// A chart, decided: every option and package has been looked at.
struct Chart {
    let metadata: ChartMetadata
    /// What the user may want to mend.
    let remarks: [String]
    private let services: [ChartService]
    private let plan: WorkloadPlan
    private let peers: [String]
    private let isOperated: Bool
    private let runtime: WorkloadRuntime
    /// Whether `helm test` has something to ask.
    private var isTested: Bool { !isOperated && runtime != .direct }

    /// - Parameter image: finds or makes the image of a service.
    init(
        _ job: Job, _ host: Host, image: (WorkloadPlan, WorkloadPlan.Workload) throws(ExportFailure) -> String
    ) throws(ExportFailure) {
        _ = try HelmOperator.dependency(job)
        let isOperated = job.flag(WorkloadOptions.operated)
        if isOperated { try HabitatObject.check(job) }
        let metadata = try ChartMetadata(job, dependencies: isOperated ? [try HelmOperator.dependency(job)] : [])
        var remarks: [String] = []
        let plan = try WorkloadPlan(job, try WorkloadSettings(job, host), host, knowsNames: false) {
            remarks.append($0)
        }
        try Self.checkNames(plan)
        let peers = plan.settings.peers.indices.map { "peer\($0)" }
        services = try plan.workloads.map { (workload) throws(ExportFailure) in
            ChartService(
                package: workload.package,
                defaults: try ChartDefaults(plan, workload, image: try image(plan, workload)),
                template: workload.isFirst ? metadata.name : "\(metadata.name).\(Self.key(of: workload))",
                path: Self.path(of: workload), peers: peers, wired: Self.wired(workload, plan), isOperated: isOperated,
                runtime: plan.settings.runtime)
        }
        runtime = plan.settings.runtime
        self.plan = plan
        self.isOperated = isOperated
        self.metadata = metadata
        self.remarks = remarks
        self.peers = peers
    }

    /// Where its values are.
    private static func path(of workload: WorkloadPlan.Workload) -> String {
        workload.isFirst ? ".Values" : "(index .Values.services \"\(key(of: workload))\")"
    }

    /// Numbers of its binds to other services of the chart, and where the values of those are.
    private static func wired(_ workload: WorkloadPlan.Workload, _ plan: WorkloadPlan) -> [Int: String] {
        var wired: [Int: String] = [:]
        for (number, bind) in workload.binds.enumerated() where bind.group == plan.settings.group {
            let target = workload.ring.map { plan.workloads[$0] }.first { $0.package.name == bind.service }
            wired[number] = target.map(path)
        }
        return wired
    }

    /// Names of objects begin with the release's and end with a service's: no service may end like another's object.
    private static func checkNames(_ plan: WorkloadPlan) throws(ExportFailure) {
        let endings = ["config", "headless", "gossip-0", "gossip-1", "test"]
        for (number, workload) in plan.workloads.enumerated() {
            let key = key(of: workload)
            let isTaken = plan.workloads[..<number].contains { Self.key(of: $0) == key }
            guard isTaken || number > 0 && endings.contains(key) else { continue }
            throw ExportFailure(
                code: 2, subject: .package(workload.package.ident),
                "in a chart '\(key)' is the name of something else, too", hint: "export it by itself")
        }
    }

    /// Among the chart's services.
    private static func key(of workload: WorkloadPlan.Workload) -> String { ClusterName.label(workload.package.name) }

    /// One line for each image that goes by a name which others may give away.
    var imageRemarks: [String] {
        guard plan.settings.makesImage else { return [] }
        return services.map(\.defaults.image).filter { !$0.contains("@") }
            .map { plan.tagRemark($0, "the chart names") }
    }

    private var entries: [ChartValue] {
        let others = zip(plan.workloads, services).dropFirst().map { workload, service in
            ChartValue(Self.key(of: workload), of: service.entries, "The service \(service.package.name)")
        }
        let settings = plan.settings
        return (services.first?.entries ?? []) + [
            ChartValue(
                "namespace", "\(settings.namespace ?? "")", ValueSchema.namespace,
                "Where the objects are; empty: in the release's namespace")
        ]
            + zip(peers, settings.peers).map {
                ChartValue($0, "\($1)", ValueSchema.address, "A supervisor whose ring is joined")
            } + (others.isEmpty ? [] : [ChartValue("services", of: others, "More services, each with keys as above")])
    }

    /// What Helm itself, a chart that depends on this one, and the chart that this one depends on have here.
    private var ofParents: [(key: String, value: DocumentValue)] {
        [("global", ValueSchema.map), ("enabled", ["type": "boolean"])]
            + (isOperated ? [(HelmOperator.name, ValueSchema.map)] : [])
    }

    /// Its files, with their paths in it.
    func files(_ host: Host) throws(ExportFailure) -> [(path: String, text: String)] {
        let entries = entries
        let schema = DocumentValue.map(["$schema": "http://json-schema.org/draft-07/schema#"])
            .adding(ChartValue.schema(entries, more: ofParents))
        let packages = services.map(\.package.ident)
        return [
            (".helmignore", ChartFiles.ignored),
            ("Chart.yaml", try host.text(of: metadata.file, as: .yaml)),
            (
                "README.md",
                ChartFiles.readMe(metadata, packages: packages, values: entries, runtime, isTested: isTested)
            ),
            ("templates/NOTES.txt", ChartFiles.notes(services, runtime, isTested: isTested)),
            ("values.schema.json", try host.text(of: schema, as: .json)),
            ("values.yaml", try host.text(of: ChartValue.values(entries), as: .yaml)),
        ] + (try templates(host))
    }

    private func objects(
        of service: ChartService, ring: [ChartService], _ workload: WorkloadPlan.Workload
    ) -> [(title: String, object: DocumentValue)] {
        var values = service.values(ring: ring)
        values.addresses = runtime == .alone ? addresses(of: service, workload) : []
        guard isOperated else { return WorkloadObjects(service.package, values).all }
        return HabitatObject(service.package, values, secretName: "\(values.name)-config").all
    }

    /// Where binds lead; to another service of the chart, unless its values say something else.
    private func addresses(of service: ChartService, _ workload: WorkloadPlan.Workload) -> [Term] {
        workload.addresses.enumerated().map { number, address in
            var place = service.value("bindAddress\(number)")
            if case .workload(let other, let port) = address.place {
                let own: Term = "\(services[other].name):\("\(port)")"
                place = .value("\(place.expression) | default (\(own.expression))")
            }
            return "\(address.name)=\(place)"
        }
    }

    private func templates(_ host: Host) throws(ExportFailure) -> [(path: String, text: String)] {
        var helpers: [DocumentValue] = []
        var files: [(path: String, text: String)] = []
        for (workload, service) in zip(plan.workloads, services) {
            let partOf = services.count > 1 ? metadata.name : nil
            helpers += ChartNames.templates(of: service, isFirst: workload.isFirst, partOf: partOf)
            let directory = workload.isFirst ? "templates" : "templates/\(Self.key(of: workload))"
            for (title, object) in objects(of: service, ring: workload.ring.map { services[$0] }, workload) {
                files.append(("\(directory)/\(title).yaml", try host.text(of: object, as: .yamlTemplate)))
            }
            guard isTested else { continue }
            let test = try host.text(of: ChartTest.pod(of: service), as: .yamlTemplate)
            files.append(("templates/tests/\(Self.key(of: workload))-health.yaml", test))
        }
        return [("templates/_helpers.tpl", try host.text(of: helpers, as: .yamlTemplate))] + files
    }
}
