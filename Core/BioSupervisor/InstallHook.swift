// SPDX-License-Identifier: Apache-2.0

import BioPackage
package import BioStore
package import BioSystem
import Glibc

/// The install hook of a package: run once with success, which INSTALL_HOOK_STATUS in the package's directory keeps
/// (package-model: 6.4 "Install hooks").
package struct InstallHook: Sendable {
    /// What the status says.
    package enum Status: Hashable, Sendable {
        case missing
        case exited(code: Int32)
    }

    private let hook: PackageHook
    private let package: InstalledPackage
    /// Where its status is kept when the package may not be written to; nil for nowhere.
    private let aside: String?

    /// nil when the package has none.
    package init?(
        of package: InstalledPackage, in store: PackageStore, _ host: HostFacts, cancellation: Cancellation = .never,
        aside: String? = nil
    ) throws(SupervisorError) {
        guard let hook = try PackageHook(.install, of: package, in: store, host, cancellation: cancellation) else {
            return nil
        }
        self.hook = hook
        self.package = package
        self.aside = aside.map { "\($0)/\(package.ident.pathComponents.joined(separator: "-"))" }
    }

    private var statusPath: String { "\(package.path)/\(HookStatusFile.install.rawValue)" }

    /// What INSTALL_HOOK_STATUS says; one that says no number is refused.
    package func status() throws(SupervisorError) -> Status {
        if let aside, try status(in: aside) == .exited(code: 0) { return .exited(code: 0) }
        return try status(in: statusPath)
    }

    private func status(in path: String) throws(SupervisorError) -> Status {
        guard let bytes = try TextFile.bytes(path, limit: 4096) else { return .missing }
        guard let code = HookStatusFile.exitCode(in: bytes) else {
            throw .badStatus(path: path, text: String(decoding: bytes.prefix(40), as: UTF8.self))
        }
        return .exited(code: code)
    }

    /// Runs the hook unless it has succeeded, and keeps how it ended. One at a time for a service: who comes second
    /// looks at the status anew. One that fails is an error; one that is cancelled leaves the status as it was.
    package func runIfNeeded(_ progress: PackageHook.Progress = { _ in }) throws(SupervisorError) {
        if try status() == .exited(code: 0) { return }
        let lock = try locked()
        defer { withExtendedLifetime(lock) {} }
        if try status() == .exited(code: 0) { return }
        guard let (process, ending) = try hook.execute(progress) else { return }
        try keep(ending)
        guard ending == .exited(code: 0) else { throw hook.failure(ending, of: process) }
    }

    /// One that is about to run, and that nobody else runs meanwhile.
    struct Turn {
        let process: HookProcess
        fileprivate let lock: LockFile
    }

    /// The first half of `runIfNeeded`, for who waits for the hook's end otherwise: nil when there is nothing to run.
    /// While somebody else runs it, that is the error `cancelled`.
    func begin(_ progress: PackageHook.Progress = { _ in }) throws(SupervisorError) -> Turn? {
        if try status() == .exited(code: 0) { return nil }
        let lock = try locked(Cancellation { true })
        if try status() == .exited(code: 0) { return nil }
        return try hook.prepare(progress).map { Turn(process: $0, lock: lock) }
    }

    /// The second half: keeps how it ended.
    func keep(_ ending: ChildProcess.Ending) throws(SupervisorError) {
        let code: Int32 = if case .exited(let code) = ending { code } else { -1 }
        let contents = HookStatusFile.contents(exitCode: code)
        do throws(SystemError) { try AtomicFile.write(contents, to: statusPath) } catch {
            guard let aside, Self.isRefused(error) else { throw .system(error) }
            do throws(SystemError) {
                try Directory.create(Self.parent(aside))
                try AtomicFile.write(contents, to: aside)
            } catch { throw .system(error) }
        }
    }

    private static func isRefused(_ error: SystemError) -> Bool {
        [EROFS, EACCES, EPERM].contains(error.errno.rawValue)
    }

    private static func parent(_ path: String) -> String {
        String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
    }

    private func locked(_ cancellation: Cancellation? = nil) throws(SupervisorError) -> LockFile {
        let wish = cancellation ?? hook.cancellation
        do throws(SystemError) {
            do throws(SystemError) { return try lock(in: hook.store.root.path("receipts"), wish) } catch {
                guard let aside, Self.isRefused(error) else { throw error }
                return try lock(in: Self.parent(aside), wish)
            }
        } catch { throw error.errno == .cancelled ? .cancelled : .system(error) }
    }

    private func lock(in directory: String, _ wish: Cancellation) throws(SystemError) -> LockFile {
        try Directory.create(directory)
        return try LockFile("\(directory)/.hooks-\(package.ident.name)", cancellation: wish)
    }
}
