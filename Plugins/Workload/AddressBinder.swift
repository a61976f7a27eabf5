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
        guard let (reason, hint) = obstacle(bind, to: other, option) else {
            return .workload(target, port: other.ports[0])
        }
        guard bind.isOptional else {
            throw ExportFailure(code: 2, subject: .package(service), "its bind '\(bind.name)' \(reason)", hint: hint)
        }
        remark("\(service): the optional bind '\(bind.name)' \(reason), and is left out; \(hint)")
        return nil
    }

    /// Why a bind cannot lead to another service of this export by itself, and what to do; nil: it can.
    private func obstacle(
        _ bind: ServicePackage.Bind, to other: ServicePackage, _ option: String
    ) -> (reason: String, hint: String)? {
        let host = ClusterName.workload(other.name)
        guard let port = other.ports.first else {
            return ("is to \(other.ident), which exposes no port", "say where it leads: \(option)HOST:PORT")
        }
        let lacking = bind.keys.filter { $0 != "host" && $0 != "port" }
        if !lacking.isEmpty {
            return (
                "is to \(other.ident), and wants more of it than host and port: \(lacking.joined(separator: ", "))",
                "say it: \(option)\(host):\(port)" + lacking.map { ",\($0)=VALUE" }.joined()
            )
        }
        if isDirect && !knowsNames {
            return (
                "is to \(other.ident), which is called as a release of the chart will be",
                "say where it leads: \(option)RELEASE-\(host):\(port)"
            )
        }
        return nil
    }
}
