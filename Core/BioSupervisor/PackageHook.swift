// SPDX-License-Identifier: Apache-2.0

package import BioPackage
package import BioStore
package import BioSystem
import BioTemplate

/// One hook of one installed package, ready to be rendered and run where packages and services of `store` are.
package struct PackageHook: Sendable {
    /// What became of it.
    package enum Outcome: Hashable, Sendable {
        case succeeded
        /// It was not run: it names `path`, which is not on this system, and packages are below another root.
        case deferred(path: String)
    }

    package enum Event: Hashable, Sendable {
        case executing(Hook.Kind, QualifiedIdent)
        /// The operator's configuration should be at the second path.
        case oldUserConfiguration(path: String, better: String)
        case deferred(Hook.Kind, QualifiedIdent, path: String)
    }

    package typealias Progress = (Event) throws(SupervisorError) -> Void

    package let hook: Hook
    let package: InstalledPackage
    let store: PackageStore
    let host: HostFacts
    let cancellation: Cancellation

    private var root: FileSystemRoot { store.root }
    var directory: ServiceDirectory { ServiceDirectory(package.ident.name, in: root) }

    /// nil when the package has no such hook.
    package init?(
        _ kind: Hook.Kind, of package: InstalledPackage, in store: PackageStore, _ host: HostFacts,
        cancellation: Cancellation = .never
    ) throws(SupervisorError) {
        guard let hook = try Hook(kind, of: package) else { return nil }
        self.hook = hook
        self.package = package
        self.store = store
        self.host = host
        self.cancellation = cancellation
    }

    /// Makes the service's directories, renders `config_install` and the hook, runs it, and waits for its end. Whatever
    /// its exit code, the process has ended when this returns; `nil` when it was not run.
    func execute(_ progress: Progress) throws(SupervisorError) -> (process: HookProcess, ending: ChildProcess.Ending)? {
        guard let process = try prepare(progress) else { return nil }
        return (process, try process.run(cancellation))
    }

    /// The same up to the moment in which it would run: its program is in the service's directory.
    func prepare(_ progress: Progress) throws(SupervisorError) -> HookProcess? {
        let definition = try ServiceDefinition(package, in: store, host)
        let configuration = try definition.configuration()
        if let old = configuration.oldUserConfiguration {
            try progress(.oldUserConfiguration(path: old, better: directory.userConfiguration))
        }
        let renderer = definition.renderer(configuration)
        let text = try hook.render(renderer)
        if let path = try ForeignRoot(root).missingPath(in: text) {
            try progress(.deferred(hook.kind, package.ident, path: path))
            return nil
        }
        do throws(SystemError) { try directory.create(for: definition.user) } catch { throw .system(error) }
        let templates = ConfigurationTemplates(source: "\(package.path)/config_install", renderer: renderer)
        _ = try ConfigurationFiles(target: directory.configInstall, owner: definition.user.identity)
            .write(templates.files())
        try progress(.executing(hook.kind, package.ident))
        let process = definition.process(hook.kind)
        try process.write(text)
        return process
    }

    /// The failure that `ending` is.
    func failure(_ ending: ChildProcess.Ending, of process: HookProcess) -> SupervisorError {
        .hookFailed(
            HookFailure(
                hook: hook.kind, ident: package.ident, ending: ending, lastLines: process.lastLines,
                log: process.errorLog))
    }
}

extension PackageHook {
    /// Runs it, whatever was before. A hook that does not end with 0 is an error.
    package func run(_ progress: Progress = { _ in }) throws(SupervisorError) {
        guard let (process, ending) = try execute(progress) else { return }
        guard ending == .exited(code: 0) else { throw failure(ending, of: process) }
    }
}
