// SPDX-License-Identifier: Apache-2.0

import BioPluginSDK

/// Finds where binds lead without a ring: where the user says, else to the Service of another package of the export.
struct AddressBinder {
    /// Of each service.
    private(set) var addresses: [[BoundAddress]]

    private let services: [ServicePackage]
    private let knowsNames: Bool
    private let isDirect: Bool

    init(
        _ services: [ServicePackage], _ settings: WorkloadSettings, knowsNames: Bool, remark: (String) -> Void
    ) throws(ExportFailure) {
        try Binder.checkNames(services, settings.addresses.map(\.name), WorkloadOptions.bindAddress)
        self.services = services
        self.knowsNames = knowsNames
        isDirect = settings.runtime == .direct
        addresses = []
        for (number, service) in services.enumerated() {
            var found: [BoundAddress] = []
            for bind in service.binds {
                if let chosen = settings.addresses.first(where: { $0.name == bind.name }) {
                    found.append(chosen)
                } else if let place = try place(of: bind, number, remark) {
                    found.append(BoundAddress(name: bind.name, place: place))
                }
            }
            addresses.append(found)
        }
    }

    private func place(
        of bind: ServicePackage.Bind, _ number: Int, _ remark: (String) -> Void
    ) throws(ExportFailure) -> BoundAddress.Place? {
        let option = "--\(WorkloadOptions.bindAddress.id) \(bind.name)="
        guard let target = try Binder.target(of: bind, number, services, option: "\(option)HOST:PORT", remark) else {
            return nil
        }
        let (service, other) = (services[number].ident, services[target])
        let (reason, hint): (String, String)
        switch way(bind, to: other, option) {
        case .port(let port): return .workload(target, port: port)
        case .none(let why, let whatToDo): (reason, hint) = (why, whatToDo)
        }
        guard bind.isOptional else {
            throw ExportFailure(code: 2, subject: .package(service), "its bind '\(bind.name)' \(reason)", hint: hint)
        }
        remark("\(service): the optional bind '\(bind.name)' \(reason), and is left out; \(hint)")
        return nil
    }

    /// Where a bind leads at another service of this export, or why it cannot by itself, and what to do.
    private enum Way {
        case port(UInt16)
        case none(reason: String, hint: String)
    }

    private func way(_ bind: ServicePackage.Bind, to other: ServicePackage, _ option: String) -> Way {
        let isNamedLater = isDirect && !knowsNames
        let host = (isNamedLater ? "RELEASE-" : "") + ClusterName.workload(other.name)
        let bound = other.boundPort
        guard let first = other.ports.first else {
            return .none(
                reason: "is to \(other.ident), which exposes no port", hint: "say where it leads: \(option)HOST:PORT")
        }
        if bind.keys.contains("port") {
            let hint = "say where it leads: \(option)\(host):PORT"
            if let bound, !other.ports.contains(bound) {
                return .none(
                    reason: "is to \(other.ident), which listens at \(bound) and does not expose it", hint: hint)
            }
            // What is configured to be no port may have been just this one.
            if bound == nil && (other.ports.count > 1 || !other.portRemarks.isEmpty) {
                let all = other.ports.map { "\($0)" }.joined(separator: ", ")
                return .none(
                    reason: "is to \(other.ident), which exposes \(all), and its 'port' cannot be told", hint: hint)
            }
        }
        let port = bound.flatMap { other.ports.contains($0) ? $0 : nil } ?? first
        let lacking = bind.keys.filter { $0 != "host" && $0 != "port" }
        if !lacking.isEmpty {
            return .none(
                reason:
                    "is to \(other.ident), and wants more of it than host and port: \(lacking.joined(separator: ", "))",
                hint: "say it: \(option)\(host):\(port)" + lacking.map { ",\($0)=VALUE" }.joined())
        }
        if isNamedLater {
            return .none(
                reason: "is to \(other.ident), which is called as a release of the chart will be",
                hint: "say where it leads: \(option)\(host):\(port)")
        }
        return .port(port)
    }
}
