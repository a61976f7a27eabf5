// SPDX-License-Identifier: Apache-2.0

package import BioDocument
package import BioPackage
import BioSystem

/// What a supervisor is to do with one service: the contents of `sup/default/specs/NAME.spec`.
package struct ServiceSpec: Hashable, Sendable {
    package enum DesiredState: String, Hashable, Sendable { case up, down }

    /// Whether a service with required binds starts before those are there.
    package enum BindingMode: String, Hashable, Sendable, CaseIterable { case strict, relaxed }

    /// As it was asked for: what satisfies it is found when the service starts.
    package var ident: PackageIdent
    package var group = ServiceGroup.defaultGroup
    package var binds: [ServiceBind] = []
    package var addresses: [BoundAddress] = []
    package var bindingMode = BindingMode.strict
    package var desiredState = DesiredState.up
    /// Seconds.
    package var healthCheckInterval: UInt32 = 30
    /// The composite that it was loaded with.
    package var composite: PackageIdent?

    package init(_ ident: PackageIdent) { self.ident = ident }

    package var name: String { ident.name }
    package var serviceGroup: ServiceGroup { ServiceGroup(service: name, group: group) }

    /// Whether a process that was started by this spec is what the other one asks for, should that be up.
    func startsSame(as other: ServiceSpec) -> Bool {
        var (one, two) = (self, other)
        (one.desiredState, two.desiredState) = (.up, .up)
        return one == two
    }

    /// What is bound under `name`.
    func bind(_ name: String) -> ServiceBind? { binds.first { $0.name == name } }
    func address(_ name: String) -> BoundAddress? { addresses.first { $0.name == name } }

    /// As the file has it: upstream's names, and `bind_addresses`.
    package var document: DocumentValue {
        var object = DocumentObject()
        object["ident"] = .string(ident.description)
        object["group"] = .string(group)
        object["topology"] = "standalone"
        object["update_strategy"] = "none"
        object["binds"] = .strings(binds.map(\.description))
        object["bind_addresses"] = .strings(addresses.map(\.description))
        object["binding_mode"] = .string(bindingMode.rawValue)
        object["desired_state"] = .string(desiredState.rawValue)
        object["health_check_interval"] = .integer(healthCheckInterval)
        if let composite { object["composite"] = .string(composite.description) }
        return .object(object)
    }

    /// What a file says, `path` being its name in errors; unknown names are passed over, but for those that look like slips.
    init(_ value: DocumentValue, path: String) throws(SupervisorError) {
        guard let text = value["ident"]?.string, let ident = try? PackageIdent(parsing: text) else {
            throw .badSpec(path: path)
        }
        self.ident = ident
        do throws(ServiceRefusal) {
            for text in Self.strings(value["binds"]) { binds.append(try ServiceBind(parsing: text)) }
            for text in Self.strings(value["bind_addresses"]) { addresses.append(try BoundAddress(parsing: text)) }
            if let text = value["group"]?.string {
                guard ServiceGroup.isName(text) else { throw .badGroup("\(ident.name).\(text)") }
                group = text
            }
        } catch { throw .refused(error, path: path) }
        if let text = value["topology"]?.string, text != "standalone" {
            throw .refused(
                .needsRing("topology = \"\(text)\"", instead: "load it with the topology standalone"), path: path)
        }
        do throws(ServiceRefusal) {
            for key in value.object?.members.map(\.key) ?? [] where !Self.entries.contains(key) {
                // Another release may say more; a slip of the pen is not that.
                if let near = NearestName.of(key, among: Self.entries) { throw .unknownEntry(key, near: near) }
            }
            if let text = value["binding_mode"]?.string {
                guard let mode = BindingMode(rawValue: text.lowercased()) else {
                    throw .badEntry("binding_mode", text, allowed: "strict or relaxed")
                }
                bindingMode = mode
            }
            if let text = value["desired_state"]?.string {
                guard let state = DesiredState(rawValue: text.lowercased()) else {
                    throw .badEntry("desired_state", text, allowed: "up or down")
                }
                desiredState = state
            }
        } catch { throw .refused(error, path: path) }
        if let seconds = value["health_check_interval"]?.int { healthCheckInterval = UInt32(clamping: max(1, seconds)) }
        composite = value["composite"]?.string.flatMap { try? PackageIdent(parsing: $0) }
    }

    /// What a spec may say; the last ones are upstream's, and mean nothing here.
    private static let entries = [
        "ident", "group", "topology", "update_strategy", "binds", "bind_addresses", "binding_mode", "desired_state",
        "health_check_interval", "composite", "bldr_url", "channel", "config_from", "shutdown_timeout",
        "svc_encrypted_password", "update_condition", "application_environment",
    ]

    private static func strings(_ value: DocumentValue?) -> [String] { (value?.array ?? []).compactMap(\.string) }
}
