// SPDX-License-Identifier: Apache-2.0

import BioPackage
import BioStore
import BioSupervisor

/// Runs hooks of installed packages, for the commands that do.
struct PackageHooks {
    private let context: CommandContext
    private let store: PackageStore
    private let host: HostFacts

    init(_ context: CommandContext) {
        self.context = context
        store = context.store
        host = HostFacts(
            effectiveUserID: context.userID, hostName: HostFacts.currentHostName(),
            address: HostFacts.currentAddress(), version: BioVersion.number, variables: context.environment.all)
    }

    /// Runs the install hooks of the packages that `package` needs, of those first that need least, and its own: each
    /// that has not succeeded yet.
    func install(_ package: InstalledPackage) throws {
        var hooks: [(needs: Int, hook: InstallHook)] = []
        for ident in Set(try package.metadata().tdeps).sorted() where ident != package.ident {
            guard let dependency = try store.package(ident), let hook = try hook(of: dependency) else { continue }
            hooks.append((try dependency.metadata().tdeps.count, hook))
        }
        var order = hooks.enumerated().sorted { ($0.element.needs, $0.offset) < ($1.element.needs, $1.offset) }
            .map(\.element.hook)
        if let own = try hook(of: package) { order.append(own) }
        for hook in order {
            try context.interruption.check()
            try hook.runIfNeeded { event throws(SupervisorError) in context.status.show(event) }
        }
    }

    /// The uninstall hooks of those of `packages` that have one.
    func uninstallHooks(of packages: [InstalledPackage]) throws -> [QualifiedIdent: PackageHook] {
        var hooks: [QualifiedIdent: PackageHook] = [:]
        for package in packages {
            hooks[package.ident] = try PackageHook(
                .uninstall, of: package, in: store, host, cancellation: context.cancellation)
        }
        return hooks
    }

    private func hook(of package: InstalledPackage) throws -> InstallHook? {
        try InstallHook(of: package, in: store, host, cancellation: context.cancellation)
    }
}
