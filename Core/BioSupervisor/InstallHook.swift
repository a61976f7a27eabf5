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

    /// nil when the package has none.
    package init?(
        of package: InstalledPackage, in store: PackageStore, _ host: HostFacts, cancellation: Cancellation = .never
    ) throws(SupervisorError) {
        guard let hook = try PackageHook(.install, of: package, in: store, host, cancellation: cancellation) else {
            return nil
        }
        self.hook = hook
        self.package = package
    }

    private var statusPath: String { "\(package.path)/\(HookStatusFile.install.rawValue)" }

    /// What INSTALL_HOOK_STATUS says; one that says no number is refused.
    package func status() throws(SupervisorError) -> Status {
        guard let bytes = try TextFile.bytes(statusPath, limit: 4096) else { return .missing }
        guard let code = HookStatusFile.exitCode(in: bytes) else {
            throw .badStatus(path: statusPath, text: String(decoding: bytes.prefix(40), as: UTF8.self))
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
        let code: Int32 = if case .exited(let code) = ending { code } else { -1 }
        do throws(SystemError) { try AtomicFile.write(HookStatusFile.contents(exitCode: code), to: statusPath) } catch {
            throw .system(error)
        }
        guard ending == .exited(code: 0) else { throw hook.failure(ending, of: process) }
    }

    private func locked() throws(SupervisorError) -> LockFile {
        do throws(SystemError) {
            let directory = hook.store.root.path("receipts")
            try Directory.create(directory)
            return try LockFile("\(directory)/.hooks-\(package.ident.name)", cancellation: hook.cancellation)
        } catch { throw error.errno == .cancelled ? .cancelled : .system(error) }
    }
}
