// SPDX-License-Identifier: Apache-2.0

package import BioDocument
package import BioPackage

/// What a supervisor knows of one of its services, for those that are bound to it.
package struct ServiceMember: Hashable, Sendable {
    package let ident: QualifiedIdent
    package let group: ServiceGroup
    /// What it exports, by the public names.
    package let exports: DocumentObject
    /// It has been up, and is wanted to be.
    package let isAlive: Bool

    package init(ident: QualifiedIdent, group: ServiceGroup, exports: DocumentObject, isAlive: Bool) {
        self.ident = ident
        self.group = group
        self.exports = exports
        self.isAlive = isAlive
    }
}

/// The binds of one service: what its package declares, and what its spec says of them.
package struct ServiceBinding: Sendable {
    package let spec: ServiceSpec
    package let metadata: PackageMetadata

    package init(_ spec: ServiceSpec, of metadata: PackageMetadata) {
        self.spec = spec
        self.metadata = metadata
    }

    private var declared: [PackageMetadata.Entry] { metadata.binds + metadata.bindsOptional }

    /// Refuses what can be known to be wrong before anything runs: a bind twice, one that the package does not have, a
    /// required one that nothing was said about, an address that says too little.
    package func check() throws(ServiceRefusal) {
        var seen: Set<String> = []
        let known = declared.map(\.name)
        for name in spec.binds.map(\.name) + spec.addresses.map(\.name) {
            guard seen.insert(name).inserted else { throw .bindTwice(name, of: metadata.ident) }
            guard known.contains(name) else { throw .unknownBind(name, of: metadata.ident, known: known) }
        }
        let unbound = metadata.binds.map(\.name).filter { !seen.contains($0) }
        guard unbound.isEmpty else { throw .unbound(unbound, of: metadata.ident) }
        for address in spec.addresses {
            let lacking = keys(of: address.name).filter { address.configuration[$0] == nil }
            guard lacking.isEmpty else { throw .addressLacks(lacking, bind: address.name, of: metadata.ident) }
        }
    }

    /// What the package wants to read of what is bound as `name`.
    private func keys(of name: String) -> [String] { declared.first { $0.name == name }?.words ?? [] }

    /// Why the service cannot start yet, in words; nil when it can. Optional binds too are waited for, once they are
    /// given: who gives them wants them.
    package func obstacle(_ member: (ServiceGroup) -> ServiceMember?) -> String? {
        if spec.bindingMode == .relaxed { return nil }
        for bind in spec.binds {
            guard let found = member(bind.target) else {
                return "the bind '\(bind.name)' waits for '\(bind.target)', which is not loaded"
            }
            let lacking = keys(of: bind.name).filter { found.exports[$0] == nil }
            if !lacking.isEmpty {
                let names = lacking.map { "'\($0)'" }.joined(separator: ", ")
                return "the bind '\(bind.name)' wants \(names), which '\(bind.target)' does not export"
            }
            if !found.isAlive { return "the bind '\(bind.name)' waits for '\(bind.target)' to be up" }
        }
        return nil
    }

    /// What templates find under `bind`: for each bind its members, of which a supervisor alone knows one.
    package func context(_ member: (ServiceGroup) -> ServiceMember?, _ host: HostFacts) -> DocumentObject {
        var result = DocumentObject()
        for bind in spec.binds {
            guard let found = member(bind.target) else { continue }
            result[bind.name] = Self.bound(
                RenderContext.member(
                    found.group, found.ident, sys: RenderContext.sys(host), cfg: .object(found.exports),
                    isAlive: found.isAlive))
        }
        for address in spec.addresses { result[address.name] = Self.bound(RenderContext.member(at: address, host)) }
        return result
    }

    private static func bound(_ member: DocumentValue) -> DocumentValue {
        ["first": member, "leader": nil, "members": [member]]
    }
}

extension ServiceSpec {
    /// The services that the start of this one waits for.
    package static func prerequisites(_ spec: ServiceSpec) -> [ServiceGroup] {
        spec.bindingMode == .strict ? spec.binds.map(\.target) : []
    }
}

/// Who waits for whom.
package enum BindCycle {
    /// A cycle that `start` is in, itself at both ends; nil when there is none.
    package static func through(
        _ start: ServiceGroup, _ prerequisites: (ServiceGroup) -> [ServiceGroup]
    ) -> [ServiceGroup]? {
        var visited: Set<ServiceGroup> = []
        func walk(_ path: [ServiceGroup]) -> [ServiceGroup]? {
            for next in prerequisites(path[path.count - 1]) {
                if next == start { return path + [start] }
                if visited.insert(next).inserted, let found = walk(path + [next]) { return found }
            }
            return nil
        }
        return walk([start])
    }
}
