// SPDX-License-Identifier: Apache-2.0

public import BioPluginSDK
import ServiceRoot

/// The services of one export: what each is called, what it binds to, and whose rings it joins.
public struct WorkloadPlan: Sendable {
    public struct Workload: Sendable {
        public let package: ServicePackage
        /// Of the packages that the user named, those in its image: the service, and all that are none.
        public let roots: [UInt32]
        public let isFirst: Bool
        /// Of the workload, and the beginning of its objects' names.
        public var name: String
        public var binds: [Bind] = []
        /// The same where there is no ring.
        public var addresses: [BoundAddress] = []
        /// Numbers of the workloads whose ring it is in, without its own.
        public var ring: [Int] = []
    }

    public let settings: WorkloadSettings
    public private(set) var workloads: [Workload]

    /// - Parameters:
    ///   - knowsNames: whether objects are called as the plan says, and not as a release of a chart does.
    ///   - remark: told what the user may want to mend.
    public init(
        _ job: Job, _ settings: WorkloadSettings, _ host: Host, knowsNames: Bool = true, remark: (String) -> Void
    ) throws(ExportFailure) {
        self.settings = settings
        let services = job.roots.filter { $0.roles.contains(.service) }
        let others = job.roots.filter { !$0.roles.contains(.service) }
        guard !services.isEmpty else {
            throw ExportFailure(
                code: 2, subject: .package(job.roots.first?.ident ?? ""),
                "no package is a service: \(job.roots.map(\.ident).joined(separator: ", "))",
                hint: "add a package with a run hook")
        }
        workloads = try services.enumerated().map { (number, package) throws(ExportFailure) in
            Workload(
                package: try ServicePackage(
                    package, of: job, number == 0 ? settings.configuration : nil, settings.runtime, host),
                roots: ([package] + others).map(\.index),
                isFirst: number == 0,
                name: ClusterName.workload(package.name))
        }
        if let name = settings.name { workloads[0].name = name }
        try checkNames()
        if settings.runtime == .direct {
            try DirectOptions.checkVariables(settings.environment, WorkloadOptions.environment, of: services[0])
        }
        for package in workloads.map(\.package) where package.runsAsRoot {
            remark("\(package.ident) runs as root, and so does its container: its SVC_USER is root")
        }
        for package in workloads.map(\.package) where !package.exposedOtherwise.isEmpty {
            remark(
                "\(package.ident) exposes what is no port, and is left out: \(package.exposedOtherwise.joined(separator: ", "))"
            )
        }
        // Without a supervisor its image says so.
        if settings.runtime != .direct { for text in workloads.flatMap(\.package.portRemarks) { remark(text) } }
        if settings.isLeader && settings.count < 3 {
            remark(
                "a leader is elected by three or more: \(services[0].ident) waits for them, and --count is \(settings.count)"
            )
        }
        guard settings.runtime == .ring else {
            // What the image was configured with when it was made counts alone.
            if settings.runtime == .direct && !settings.makesImage { return }
            let binder = try AddressBinder(workloads.map(\.package), settings, knowsNames: knowsNames, remark: remark)
            for number in workloads.indices { workloads[number].addresses = binder.addresses[number] }
            return
        }
        let binder = try Binder(workloads.map(\.package), settings, remark: remark)
        for number in workloads.indices {
            workloads[number].binds = binder.binds[number]
            workloads[number].ring = binder.ring(of: number)
        }
        if !settings.makesImage && !settings.isOperated && wantsRing {
            remark(
                "pods tell their supervisor of a ring, and no image is made: the one that comes with bio has none and "
                    + "ends, so the image must have another (--sup-pkg)"
            )
        }
    }

    /// Whether any supervisor is told what only a ring knows.
    private var wantsRing: Bool {
        settings.isLeader || settings.ringSecret != nil || settings.count > 1 || !settings.peers.isEmpty
            || workloads.contains { !$0.binds.isEmpty || !$0.ring.isEmpty }
    }

    /// One ring has no two services of one name, and one namespace no two objects.
    private func checkNames() throws(ExportFailure) {
        for (number, workload) in workloads.enumerated() {
            for other in workloads[..<number] {
                let isOneService = other.package.name == workload.package.name
                let taken = WorkloadObjects.names(of: workload.name)
                guard isOneService || WorkloadObjects.names(of: other.name).contains(where: taken.contains) else {
                    continue
                }
                throw ExportFailure(
                    code: 2, subject: .package(workload.package.ident),
                    "\(other.package.ident) and \(workload.package.ident) would both have the name '\(workload.name)'",
                    hint: "export them one at a time"
                        + (isOneService ? "" : ", or call the first otherwise with --\(WorkloadOptions.name.id)"))
            }
        }
    }
}
