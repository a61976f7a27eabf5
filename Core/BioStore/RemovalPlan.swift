// SPDX-License-Identifier: Apache-2.0

package import BioPackage
import BioSystem

/// What is to be removed, in an order in which no package is ever without one that it needs.
package struct RemovalPlan: Hashable, Sendable {
    /// A package that stays.
    package struct Kept: Hashable, Sendable {
        package let ident: QualifiedIdent
        package let reason: Reason

        package init(ident: QualifiedIdent, reason: Reason) {
            self.ident = ident
            self.reason = reason
        }
    }

    package enum Reason: Hashable, Sendable {
        /// By these, which stay; sorted.
        case needed(by: [QualifiedIdent])
        case excluded
        /// It is one of the newest releases.
        case latest
        case loaded
        /// It is the program that removes packages.
        case program
    }

    /// Whether a package is to stay whoever needs it, and why.
    package typealias Keeping = (InstalledPackage) throws(StoreError) -> Reason?

    /// What goes, those that need others first.
    package let packages: [InstalledPackage]
    /// What could go as well and stays, sorted: dependencies, and releases that are not among the newest.
    package let kept: [Kept]

    /// Plans to remove `package` and, with `dependencies`, everything it needs that nothing else does, but for what
    /// `keeping` has a reason for. A package that others need is refused; `keeping` is not asked about `package`.
    package init(
        removing package: InstalledPackage, in store: PackageStore, dependencies: Bool = true,
        keeping: Keeping = { _ in nil }
    ) throws(StoreError) {
        let needs = try InstalledNeeds(in: store, target: package.target, tolerating: package.ident)
        let others = needs.dependents(of: package.ident)
        guard others.isEmpty else { throw .needed(package.ident, by: others) }
        (packages, kept) = try needs.plan([package], dependencies: dependencies, keeping: keeping)
    }

    /// Plans to remove all releases of `wanted` but the newest `count`. Those that others need, and those that `keeping`
    /// has a reason for, stay.
    package init(
        keepingLatest count: Int, of wanted: PackageIdent, in store: PackageStore, target: PackageTarget = .host,
        dependencies: Bool = true, keeping: Keeping = { _ in nil }
    ) throws(StoreError) {
        var installed: [InstalledPackage]
        do throws(SystemError) { installed = try store.installed(matching: wanted, target: target) } catch {
            throw .system(error)
        }
        let needs = try InstalledNeeds(in: store, target: target)
        // By the order that everything else finds the newest by, which is not that of listings.
        var newest: Set<QualifiedIdent> = []
        while newest.count < count, let package = PackageStore.newest(of: installed) {
            newest.insert(package.ident)
            installed.removeAll { $0.ident == package.ident }
        }
        var old: [InstalledPackage] = []
        var stay: [Kept] = []
        for package in installed {
            if let reason = try keeping(package) {
                stay.append(Kept(ident: package.ident, reason: reason))
            } else {
                old.append(package)
            }
        }
        // One that stays may need another: until nothing changes.
        var going = Set(old.map(\.ident))
        needs.stay(going, &going)
        let needed = old.map(\.ident).filter { !going.contains($0) }
        old.removeAll { !going.contains($0.ident) }
        for ident in needed {
            stay.append(
                Kept(ident: ident, reason: .needed(by: needs.dependents(of: ident).filter { !going.contains($0) })))
        }
        let (packages, kept) = try needs.plan(old, dependencies: dependencies) { package throws(StoreError) in
            newest.contains(package.ident) ? .latest : try keeping(package)
        }
        self.packages = packages
        let told = Set(stay.map(\.ident))
        self.kept = (stay + kept.filter { !told.contains($0.ident) }).sorted { $0.ident < $1.ident }
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

    init(packages: [InstalledPackage], kept: [Kept]) {
        self.packages = packages
        self.kept = kept
    }
}
