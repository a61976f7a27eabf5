// SPDX-License-Identifier: Apache-2.0

package import BioPackage
import BioSystem

/// What is to be removed, in an order in which no package is ever without one that it needs.
package struct RemovalPlan: Hashable, Sendable {
    /// A package that stays because others need it.
    package struct Needed: Hashable, Sendable {
        package let ident: QualifiedIdent
        /// Those that need it and stay, sorted.
        package let by: [QualifiedIdent]

        package init(ident: QualifiedIdent, by: [QualifiedIdent]) {
            self.ident = ident
            self.by = by
        }
    }

    /// What goes, those that need others first.
    package let packages: [InstalledPackage]
    /// Dependencies, and releases that `keepLatest` would remove, which others need.
    package let kept: [Needed]

    /// Plans to remove `package` and, with `dependencies`, everything it needs that nothing else does. What satisfies
    /// one of `excluded` stays. A package that others need is refused.
    package init(
        removing package: InstalledPackage, in store: PackageStore, dependencies: Bool = true,
        excluded: [PackageIdent] = []
    ) throws(StoreError) {
        let needs = try InstalledNeeds(in: store, target: package.target, tolerating: package.ident)
        let others = needs.dependents(of: package.ident)
        guard others.isEmpty else { throw .needed(package.ident, by: others) }
        (packages, kept) = needs.plan([package], dependencies: dependencies, excluded: excluded)
    }

    /// Plans to remove all releases of `wanted` but the newest `count`. Those that others need stay, and are told.
    package init(
        keepingLatest count: Int, of wanted: PackageIdent, in store: PackageStore, target: PackageTarget = .host,
        dependencies: Bool = true, excluded: [PackageIdent] = []
    ) throws(StoreError) {
        let installed: [InstalledPackage]
        do throws(SystemError) { installed = try store.installed(matching: wanted, target: target) } catch {
            throw .system(error)
        }
        let needs = try InstalledNeeds(in: store, target: target)
        // Listings are in order of age, so the newest are last.
        var old = installed.dropLast(count).filter { package in
            !excluded.contains { package.ident.satisfies($0) }
        }
        var needed: [Needed] = []
        // One that stays may need another: until nothing changes.
        while let index = old.firstIndex(where: { needs.isNeeded($0.ident, outside: Set(old.map(\.ident))) }) {
            let ident = old.remove(at: index).ident
            needed.append(Needed(ident: ident, by: needs.dependents(of: ident)))
        }
        let (packages, kept) = needs.plan(old, dependencies: dependencies, excluded: excluded)
        self.packages = packages
        self.kept = (needed + kept).sorted { $0.ident < $1.ident }
    }

    /// Refuses a plan that the store has overtaken: something that stays needs what goes.
    func check(_ store: PackageStore, target: PackageTarget) throws(StoreError) {
        let going = Set(packages.map(\.ident))
        let needs = try InstalledNeeds(in: store, target: target, tolerating: packages.first?.ident)
        for package in packages {
            let others = needs.dependents(of: package.ident).filter { !going.contains($0) }
            guard others.isEmpty else { throw .needed(package.ident, by: others) }
        }
    }

    init(packages: [InstalledPackage], kept: [Needed]) {
        self.packages = packages
        self.kept = kept
    }
}
