// SPDX-License-Identifier: Apache-2.0

import BioPackage
import BioSystem

/// Which installed package needs which, by their TDEPS and DEPS.
struct InstalledNeeds {
    private let packages: [QualifiedIdent: InstalledPackage]
    private let needs: [QualifiedIdent: Set<QualifiedIdent>]
    /// The other way round.
    private let neededBy: [QualifiedIdent: [QualifiedIdent]]

    /// Reads the metafiles of every installed package. One that cannot be read could need anything, and is an error;
    /// but `tolerated` itself is to go, and may be broken.
    init(
        in store: PackageStore, target: PackageTarget, tolerating tolerated: QualifiedIdent? = nil
    ) throws(StoreError) {
        let all: [InstalledPackage]
        do throws(SystemError) { all = try store.all(target: target) } catch { throw .system(error) }
        var packages: [QualifiedIdent: InstalledPackage] = [:]
        var needs: [QualifiedIdent: Set<QualifiedIdent>] = [:]
        for package in all {
            packages[package.ident] = package
            do throws(StoreError) {
                let metadata = try package.metadata()
                needs[package.ident] = Set(metadata.tdeps + metadata.deps).subtracting([package.ident])
            } catch {
                // Somebody may have removed it meanwhile.
                let isThere = ((try? store.package(package.ident, target: target)) ?? nil) != nil
                guard !isThere || package.ident == tolerated else { throw error }
            }
        }
        var neededBy: [QualifiedIdent: [QualifiedIdent]] = [:]
        for (package, needed) in needs { for ident in needed { neededBy[ident, default: []].append(package) } }
        self.packages = packages
        self.needs = needs
        self.neededBy = neededBy
    }

    /// Who needs `ident`, sorted.
    func dependents(of ident: QualifiedIdent) -> [QualifiedIdent] {
        (neededBy[ident] ?? []).sorted()
    }

    /// Whether a package that is not in `group` needs `ident`.
    func isNeeded(_ ident: QualifiedIdent, outside group: Set<QualifiedIdent>) -> Bool {
        neededBy[ident]?.contains { !group.contains($0) } ?? false
    }

    /// Takes those of `candidates` out of `going` that something outside it needs, and what these need in turn.
    func stay(_ candidates: Set<QualifiedIdent>, _ going: inout Set<QualifiedIdent>) {
        var work = Array(candidates)
        while let ident = work.popLast() {
            guard going.contains(ident), isNeeded(ident, outside: going) else { continue }
            going.remove(ident)
            work += (needs[ident] ?? []).intersection(candidates)
        }
    }

    /// What can go with `asked`, and what of its dependencies stays.
    func plan(
        _ asked: [InstalledPackage], dependencies: Bool, keeping: RemovalPlan.Keeping
    ) throws(StoreError) -> (packages: [InstalledPackage], kept: [RemovalPlan.Kept]) {
        var going = Set(asked.map(\.ident))
        var candidates: Set<QualifiedIdent> = []
        if dependencies {
            for package in asked { candidates.formUnion(needs[package.ident] ?? []) }
            candidates = candidates.filter { packages[$0] != nil && !going.contains($0) }
        }
        var reasons: [QualifiedIdent: RemovalPlan.Reason] = [:]
        for ident in candidates {
            if let package = packages[ident], let reason = try keeping(package) { reasons[ident] = reason }
        }
        let possible = candidates.filter { reasons[$0] == nil }
        going.formUnion(possible)
        // What stays keeps what it needs; that may be one of those that were to go, so until nothing changes.
        stay(possible, &going)
        // A package has more needs than any package among them.
        let order = going.sorted { left, right in
            let (one, other) = (needs[left]?.count ?? 0, needs[right]?.count ?? 0)
            return one == other ? left < right : one > other
        }
        let kept = candidates.subtracting(going).sorted().map { ident in
            RemovalPlan.Kept(
                ident: ident,
                reason: reasons[ident] ?? .needed(by: dependents(of: ident).filter { !going.contains($0) }))
        }
        let first = asked.map(\.ident).filter { needs[$0] == nil }
        return ((first + order.filter { !first.contains($0) }).compactMap { packages[$0] }, kept)
    }
}
