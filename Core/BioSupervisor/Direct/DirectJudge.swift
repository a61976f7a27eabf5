// SPDX-License-Identifier: Apache-2.0

import BioDocument
import BioPackage
import BioTemplate

/// Finds, before anything is rendered, what a template wants that nobody knows yet. What stands in a block that would not be
/// rendered counts too: the next configuration might render it.
struct DirectJudge {
    let metadata: PackageMetadata
    /// Where binds lead.
    let addresses: [BoundAddress]
    let functions: TemplateFunctions

    /// Of `svc`, what is so in a group of one.
    private static let known: Set<String> = ["service", "group", "org", "me"]
    /// Of a member at an address, what no address tells.
    private static let unknown: Set<String> = ["package", "pkg", "member_id"]

    func check(_ template: Template) throws(DirectError) {
        for reference in template.references(functions: functions) {
            guard let reason = reason(against: Self.names(of: reference), reference.use) else { continue }
            throw .needsSupervisor(
                DirectError.Use(
                    file: template.name, position: reference.position, path: reference.path, reason: reason),
                of: metadata.ident)
        }
    }

    /// From the root. Where a partial decides what a path begins at, one that begins like these is taken for one of them.
    private static func names(of reference: TemplateReference) -> [String] {
        if let names = reference.names { return names }
        let names = reference.path.split { $0 == "." || $0 == "/" }.map(String.init)
        return names.first.map { ["svc", "sys", "bind"].contains($0) } == true ? names : []
    }

    private func reason(against names: [String], _ use: TemplateReference.Use) -> DirectError.Reason? {
        guard let first = names.first else { return nil }
        switch first {
        // What is in `{{#with sys}}` is looked at by itself.
        case "sys": return names.count == 1 && use == .context ? nil : .machine
        case "svc": return reason(againstService: Array(names.dropFirst()), use)
        case "bind":
            guard names.count > 1 else { return use == .context || use == .condition ? nil : .whole }
            return reason(againstBind: names[1], Array(names.dropFirst(2)), use)
        default: return nil
        }
    }

    private func reason(againstService names: [String], _ use: TemplateReference.Use) -> DirectError.Reason? {
        guard let first = names.first else { return use == .context || use == .condition ? nil : .whole }
        guard Self.known.contains(first) else { return .group }
        guard first == "me" else { return nil }
        guard names.count > 1 else { return use == .context || use == .condition ? nil : .whole }
        if names[1] == "sys" { return names.count == 2 && use == .context ? nil : .machine }
        return names[1] == "member_id" ? .machine : nil
    }

    private func reason(
        againstBind name: String, _ rest: [String], _ use: TemplateReference.Use
    ) -> DirectError.Reason? {
        guard let address = addresses.first(where: { $0.name == name }) else {
            // An optional bind that leads nowhere is nothing, under a supervisor too.
            return metadata.bindsOptional.contains { $0.name == name } ? nil : .bind(name)
        }
        var rest = rest[...]
        guard let part = rest.popFirst() else { return use == .context || use == .condition ? nil : .whole }
        // Each of them, or one by its number.
        if part == "members" && !rest.isEmpty { rest = rest.dropFirst() }
        guard let key = rest.popFirst() else { return part == "members" && use == .value ? .whole : nil }
        if Self.unknown.contains(key) { return .boundValue(bind: name, key: key) }
        guard let value = rest.first else { return key == "sys" && use != .context ? .whole : nil }
        switch key {
        case "sys": return value == "ip" || value == "hostname" ? nil : .boundValue(bind: name, key: value)
        case "cfg": return address.configuration[value] == nil ? .boundValue(bind: name, key: value) : nil
        default: return nil
        }
    }
}
