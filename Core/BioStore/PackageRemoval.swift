// SPDX-License-Identifier: Apache-2.0

package import BioPackage
package import BioSystem
import CSystem
import Glibc

/// Takes packages out of a store.
///
/// A package disappears by one rename, under the lock that packages appear under: into a directory of the kind that
/// installations unpack into, which is deleted then. What a kill leaves of it is swept by the next removal, and by the
/// next installation. Its receipt goes right after it.
package struct PackageRemoval: Sendable {
    /// What is happening, for whoever watches.
    package enum Event: Hashable, Sendable {
        case removed(QualifiedIdent)
        /// Another installation or removal has this package just now.
        case waiting(for: QualifiedIdent)
        /// What a killed installation or removal left is gone.
        case sweptAbandoned(path: String)
        /// The package is gone from sight, or was never there; what is left of it could not be deleted.
        case leftAbandoned(path: String, because: StoreError)
    }

    let store: PackageStore
    let target: PackageTarget
    /// Stops between two packages.
    let cancellation: Cancellation

    package init(_ store: PackageStore, target: PackageTarget = .host, cancellation: Cancellation = .never) {
        self.store = store
        self.target = target
        self.cancellation = cancellation
    }

    /// Removes the packages of `plan` in its order. A package that something outside the plan has come to need since
    /// the plan was made is refused, and nothing is removed then.
    package func run(
        _ plan: RemovalPlan, progress: (Event) throws(StoreError) -> Void = { _ in }
    ) throws(StoreError) {
        let _: Never? = try run(plan, preparing: [], willRemove: { _ throws(Never) in }, progress: progress)
    }

    /// The same with something to do right before each package of `preparing` disappears, once it is certain that it
    /// may. Meanwhile nobody installs or removes a package of the plan, or installs what needs one; everything else can
    /// be installed. What has been prepared is removed, also when the wish to stop comes.
    /// - Returns: what `willRemove` threw. The package it was about is there, and so are those after it.
    package func run<Failure: Error>(
        _ plan: RemovalPlan, preparing: Set<QualifiedIdent>, willRemove: (InstalledPackage) throws(Failure) -> Void,
        progress: (Event) throws(StoreError) -> Void = { _ in }
    ) throws(StoreError) -> Failure? {
        try sweep(progress)
        guard !plan.packages.isEmpty else { return nil }
        // Installations that need one of them are waited for, and then count.
        let locks = StagingLocks(in: store.root)
        let wanted: [StagingLocks.Wanted] = plan.packages.map { ($0.ident, .change) }
        if let busy = try Self.cancellable({ () throws(SystemError) in try locks.tryLock(wanted) }) {
            try progress(.waiting(for: busy))
            try locks.lock(wanted, cancellation)
        }
        defer { withExtendedLifetime(locks) {} }
        var hidden: [HiddenPackage] = []
        var failure: StoreError?
        var refusal: Failure?
        do throws(StoreError) { refusal = try hide(plan, preparing, willRemove, &hidden) } catch { failure = error }
        for package in hidden {
            do throws(SystemError) { try package.delete() } catch {
                try progress(.leftAbandoned(path: package.path, because: .system(error)))
                continue
            }
            try progress(.removed(package.ident))
        }
        if let failure { throw failure }
        return refusal
    }

    /// Lets the packages disappear, one after the other; those that have are in `hidden`, also when one fails.
    private func hide<Failure: Error>(
        _ plan: RemovalPlan, _ preparing: Set<QualifiedIdent>, _ willRemove: (InstalledPackage) throws(Failure) -> Void,
        _ hidden: inout [HiddenPackage]
    ) throws(StoreError) -> Failure? {
        let root = store.root
        let lock = try Self.cancellable { () throws(SystemError) in try InstallationLock(in: root) }
        var publishing: LockFile? = try check(plan, cancellation)
        defer { withExtendedLifetime(publishing) {} }
        for package in plan.packages {
            try Self.cancellable { () throws(SystemError) in try cancellation.check("remove", package.path) }
            if preparing.contains(package.ident) {
                // This may take as long as it likes: installations of other packages do not wait for it.
                publishing = nil
                do throws(Failure) { try willRemove(package) } catch { return error }
                publishing = try check(plan, .never)
            }
            let gone = try Self.cancellable { () throws(SystemError) in
                try HiddenPackage(package.ident, in: root, lock)
            }
            if let gone { hidden.append(gone) }
        }
        return nil
    }

    /// Lets nothing appear or disappear from now on, and looks whether the plan still holds.
    private func check(_ plan: RemovalPlan, _ cancellation: Cancellation) throws(StoreError) -> LockFile {
        let lock = try Self.cancellable { () throws(SystemError) in
            try InstallationLock.publishing(in: store.root, cancellation)
        }
        try plan.check(store, target: target)
        return lock
    }

    private static func cancellable<Result>(_ body: () throws(SystemError) -> Result) throws(StoreError) -> Result {
        do throws(SystemError) { return try body() } catch {
            throw error.errno == .cancelled ? .cancelled : .system(error)
        }
    }

    /// Removes what killed installations and removals of any package left.
    private func sweep(_ progress: (Event) throws(StoreError) -> Void) throws(StoreError) {
        let found = InstallationLock.removeAbandoned(in: store.root, cancellation)
        for path in found.removed { try progress(.sweptAbandoned(path: path)) }
        for (path, error) in found.left { try progress(.leftAbandoned(path: path, because: .system(error))) }
    }
}

/// A package that has been taken out of sight, until it is deleted.
private final class HiddenPackage {
    let ident: QualifiedIdent
    private let directory: InstallDirectory

    /// Where it lies now.
    var path: String { directory.path }

    /// Takes `ident` away from its place; nil when somebody else has meanwhile.
    init?(_ ident: QualifiedIdent, in root: FileSystemRoot, _ lock: InstallationLock) throws(SystemError) {
        self.ident = ident
        directory = try InstallDirectory(for: ident, in: root, lock)
        let place = root.packagePath(ident)
        guard let mode = try FileStatus.ofLink(place)?.mode else { return nil }
        try Self.move(place, mode, to: "\(directory.path)/\(ident.release)")
        Self.removeReceipt(of: ident, in: root)
    }

    private static func move(_ place: String, _ mode: UInt32, to hidden: String) throws(SystemError) {
        if rename(place, hidden) == 0 { return }
        // A directory moves to another parent only when its owner may write to it, which root need not care about.
        guard errno == EACCES, mode & 0o200 == 0 else { throw SystemError("remove", place) }
        if chmod(place, mode | 0o200) != 0 { throw SystemError("change the mode of", place) }
        if rename(place, hidden) == 0 { return }
        let error = SystemError("remove", place)
        chmod(place, mode)
        throw error
    }

    func delete() throws(SystemError) { try Directory.remove(path) }

    /// A receipt without its package would be taken for one of whatever is installed there later.
    private static func removeReceipt(of ident: QualifiedIdent, in root: FileSystemRoot) {
        let path = root.receiptPath(ident)
        guard unlink(path) == 0, let slash = path.lastIndex(of: "/") else { return }
        InstallDirectory.removeEmpty(String(path[..<slash]))
    }
}
