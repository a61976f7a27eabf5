// SPDX-License-Identifier: Apache-2.0

import BioPackage
import BioSystem

extension PackageInstaller {
    /// Locks the packages that `locate` finds, once nobody else does anything to them, and returns what it found: those
    /// that are installed stay as they are until `locks` goes, and those that are not are this installation's to bring.
    func lock(
        _ locks: StagingLocks, _ progress: (Event) throws(StoreError) -> Void,
        locate: () throws(StoreError) -> [Located]
    ) throws(StoreError) -> [Located] {
        var told: Set<QualifiedIdent> = []
        while true {
            let located = try locate()
            let wanted = located.map { (ident: $0.ident, use: $0.artifact == nil ? StagingLocks.Use.keep : .change) }
            let busy: QualifiedIdent?
            do throws(SystemError) { busy = try locks.tryLock(wanted) } catch { throw .system(error) }
            if let busy {
                if told.insert(busy).inserted { try progress(.waiting(for: busy)) }
                // Only until it is free: while one waits for the next it could be what others wait for.
                try locks.lock(wanted.filter { $0.ident == busy }, cancellation)
                locks.unlock([busy])
                continue
            }
            if try isUnchanged(located) { return located }
            locks.unlock(wanted.map(\.ident))
        }
    }

    /// Whether what was there when `located` was found is there now, and nothing else.
    private func isUnchanged(_ located: [Located]) throws(StoreError) -> Bool {
        do throws(SystemError) {
            for (ident, artifact) in located
            where try (store.package(ident, target: target) == nil) != (artifact != nil) {
                return false
            }
            return true
        } catch { throw .system(error) }
    }

    /// Removes what killed installations left, as far as that can be removed.
    func removeAbandoned(_ progress: (Event) throws(StoreError) -> Void) throws(StoreError) {
        try InstallationLock.removeAbandoned(in: store.root, cancellation).tell(progress)
    }
}
