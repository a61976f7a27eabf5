// SPDX-License-Identifier: Apache-2.0

package import BioPackage
package import BioStore
package import BioSystem

/// Makes specs of what an operator asks for, and refuses what cannot work before anything is written.
package struct ServiceLoader: Sendable {
    /// What is said about a service beside its name.
    package struct Wishes: Sendable {
        package var group: String?
        package var binds: [ServiceBind] = []
        package var addresses: [BoundAddress] = []
        package var bindingMode: ServiceSpec.BindingMode?
        package var healthCheckInterval: UInt32?

        package init() {}
    }

    private let store: PackageStore
    private let specs: ServiceSpecs

    package init(_ store: PackageStore) {
        self.store = store
        specs = ServiceSpecs(in: store.root)
    }

    /// The specs of a service, or of all services of a composite. Nothing is written.
    package func specs(for ident: PackageIdent, _ wishes: Wishes) throws(SupervisorError) -> [ServiceSpec] {
        let package = try installed(ident)
        let metadata: PackageMetadata
        do throws(StoreError) { metadata = try package.metadata() } catch { throw .store(error) }
        if metadata.type == .composite { return try members(of: ident, metadata, wishes) }
        if let bind = wishes.binds.first(where: { $0.member != nil }) {
            throw .refused(.memberWithoutComposite(bind.description), path: nil)
        }
        let spec = Self.spec(ident, wishes, binds: wishes.binds, addresses: wishes.addresses)
        try check(spec, metadata, package)
        return [spec]
    }

    /// Writes specs, and takes away those of a composite that a newer release of it no longer has.
    /// - Parameters:
    ///   - force: whether services that are loaded already may get other settings.
    ///   - waiting: is called once when somebody else keeps the specs locked for longer than a second.
    package func load(
        _ wanted: [ServiceSpec], force: Bool, cancellation: Cancellation = .never,
        waiting: (_ lock: String) -> Void = { _ in }
    ) throws(SupervisorError) {
        let lock = try specs.locked(cancellation, waiting: waiting)
        defer { withExtendedLifetime(lock) {} }
        let (present, faults) = try specs.all()
        for spec in wanted where !force {
            if let fault = faults.first(where: { $0.name == spec.name }) { throw ServiceSpecs.refusal(fault) }
            guard let found = present.first(where: { $0.name == spec.name }) else { continue }
            throw .refused(.alreadyLoaded(found.serviceGroup, found.ident), path: nil)
        }
        let names = wanted.map(\.name)
        let all = wanted + present.filter { !names.contains($0.name) }
        for spec in wanted {
            let cycle = BindCycle.through(spec.serviceGroup) { group in
                all.first { $0.serviceGroup == group }.map(ServiceSpec.prerequisites) ?? []
            }
            if let cycle { throw .refused(.bindCycle(cycle), path: nil) }
        }
        try specs.write(all: wanted)
        guard let composite = wanted.first?.composite else { return }
        for spec in present where spec.composite?.unversioned == composite.unversioned && !names.contains(spec.name) {
            try specs.remove(spec.name)
        }
    }

    // MARK: - One service

    private static func spec(
        _ ident: PackageIdent, _ wishes: Wishes, binds: [ServiceBind], addresses: [BoundAddress]
    ) -> ServiceSpec {
        var spec = ServiceSpec(ident)
        spec.group = wishes.group ?? ServiceGroup.defaultGroup
        spec.binds = binds.map { ServiceBind(name: $0.name, target: $0.target) }
        spec.addresses = addresses
        spec.bindingMode = wishes.bindingMode ?? .strict
        if let seconds = wishes.healthCheckInterval { spec.healthCheckInterval = seconds }
        return spec
    }

    private func check(
        _ spec: ServiceSpec, _ metadata: PackageMetadata, _ package: InstalledPackage
    ) throws(SupervisorError) {
        var isRunnable = false
        do throws(SystemError) {
            for path in ["hooks/run", "run"] {
                if try FileStatus.ofLink("\(package.path)/\(path)")?.kind == .file { isRunnable = true }
            }
        } catch { throw .system(error) }
        guard isRunnable else { throw .refused(.notRunnable(package.ident), path: nil) }
        do throws(ServiceRefusal) { try ServiceBinding(spec, of: metadata).check() } catch {
            throw .refused(error, path: nil)
        }
        try TemplateCheck.check(package)
    }

    private func installed(_ ident: PackageIdent) throws(SupervisorError) -> InstalledPackage {
        let package: InstalledPackage?
        do throws(SystemError) { package = try store.latest(satisfying: ident) } catch { throw .system(error) }
        guard let package else { throw .refused(.notInstalled(ident), path: nil) }
        return package
    }

    // MARK: - Composites

    /// Each of its services, in the very release that it was built with, bound as its BIND_MAP says.
    private func members(
        of ident: PackageIdent, _ composite: PackageMetadata, _ wishes: Wishes
    ) throws(SupervisorError) -> [ServiceSpec] {
        let map: [PackageMetadata.ServiceBinds]
        do throws(MetadataError) { map = try composite.bindMap() } catch {
            throw .store(.metadata(error, of: store.root.packagePath(composite.ident)))
        }
        let group = wishes.group ?? ServiceGroup.defaultGroup
        let names = composite.resolvedServices.map(\.name)
        for bind in wishes.binds {
            guard let member = bind.member else {
                throw .refused(.bindWithoutMember(bind.description, known: names), path: nil)
            }
            guard names.contains(member) else {
                throw .refused(.noMember(member, of: composite.ident, known: names), path: nil)
            }
        }
        var specs: [ServiceSpec] = []
        var unused = wishes.addresses.map(\.name)
        for (index, service) in composite.resolvedServices.enumerated() {
            if let other = composite.resolvedServices[..<index].first(where: { $0.name == service.name }) {
                throw .refused(.membersAlike(other, service, of: composite.ident), path: nil)
            }
            let package: InstalledPackage?
            do throws(SystemError) { package = try store.package(service) } catch { throw .system(error) }
            guard let package else { throw .refused(.memberMissing(service, of: composite.ident), path: nil) }
            let metadata: PackageMetadata
            do throws(StoreError) { metadata = try package.metadata() } catch { throw .store(error) }
            let mapped = map.filter { service.satisfies($0.service) }.flatMap(\.binds).map {
                ServiceBind(name: $0.name, target: ServiceGroup(service: $0.service.name, group: group))
            }
            let given = wishes.binds.filter { $0.member == service.name }
            let known = (metadata.binds + metadata.bindsOptional).map(\.name)
            let addresses = wishes.addresses.filter { known.contains($0.name) }
            unused.removeAll { known.contains($0) }
            let said = given.map(\.name) + addresses.map(\.name)
            var spec = Self.spec(
                service.ident, wishes, binds: mapped.filter { !said.contains($0.name) } + given, addresses: addresses)
            spec.composite = ident
            try check(spec, metadata, package)
            specs.append(spec)
        }
        if let name = unused.first { throw .refused(.unknownBind(name, of: composite.ident, known: []), path: nil) }
        return specs
    }
}
