// SPDX-License-Identifier: Apache-2.0

package import BioDocument
import BioPackage
import BioSystem

extension SupervisedService {
    /// What `bio svc status` and the gateway tell of it (docs/reference/json/svc-status.schema.json).
    var status: DocumentValue {
        let ident = definition?.ident.description ?? spec.ident.description
        return [
            "service_group": .string(group.description), "service": .string(spec.name), "group": .string(spec.group),
            "spec_ident": .string(spec.ident.description), "ident": .string(ident), "state": .string(phase.name),
            "desired_state": .string(wish == .up ? "up" : "down"), "reason": .optional(reason),
            "pid": process.map { .integer($0.pid) } ?? .null,
            "up_seconds": upSince.map { .integer(($0.distance(to: now)) / Int(nanosecondsPerSecond)) } ?? .null,
            "starts": .integer(startCount), "health": .string(currentHealth.rawValue),
            "user": .optional(definition?.user.user), "binding_mode": .string(spec.bindingMode.rawValue),
            "binds": .strings(spec.binds.map(\.description)),
            "bind_addresses": .strings(spec.addresses.map(\.shown)),
            "composite": .optional(spec.composite?.description),
        ]
    }

    /// A service that is not up is not well, whatever a hook said before.
    var currentHealth: ServiceHealth.Status { phase == .up ? health.status : wish == .up ? .critical : .unknown }

    /// What its health-check hook wrote the last time.
    func healthOutput(isError: Bool) -> String {
        guard health.checked != nil, let process = definition?.process(.healthCheck) else { return "" }
        let path = isError ? process.errorLog : process.outputLog
        guard let bytes = try? TextFile.bytes(path, limit: 1 << 21) else { return "" }
        return String(decoding: bytes.suffix(4096), as: UTF8.self)
    }
}

/// What a supervisor tells of one service, read back.
package struct ServiceStatus: Hashable, Sendable {
    package let value: DocumentValue

    package var group: String { value["service_group"]?.string ?? "" }
    package var service: String { value["service"]?.string ?? "" }
    package var composite: String? { value["composite"]?.string }
    package var state: String { value["state"]?.string ?? "" }
    package var desiredState: String { value["desired_state"]?.string ?? "" }
    package var ident: String { value["ident"]?.string ?? "" }
    package var reason: String? { value["reason"]?.string }
    package var pid: Int? { value["pid"]?.int }
    package var upSeconds: Int? { value["up_seconds"]?.int }
    package var health: String { value["health"]?.string ?? "" }
}
