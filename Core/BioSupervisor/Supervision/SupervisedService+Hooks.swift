// SPDX-License-Identifier: Apache-2.0

import BioPackage
import BioStore
import BioSystem
import Glibc

/// The hooks of a service: one at a time, and never waited for.
extension SupervisedService {
    /// Starts the next hook, if none runs. False when nothing was done.
    func startJob() -> Bool {
        guard hook == nil, !jobs.isEmpty else { return false }
        let job = jobs.removeFirst()
        do throws(SupervisorError) {
            switch job {
            case .install(let install):
                var said: [PackageHook.Event] = []
                let turn = try install.begin { event throws(SupervisorError) in said.append(event) }
                for case .deferred(let kind, let ident, let path) in said {
                    log.say(group, .hooks, "The \(kind.rawValue) hook of '\(ident)' is not run: it needs '\(path)'")
                }
                guard let turn else { return true }
                log.say(group, .hooks, "Running the install hook of '\(turn.process.ident)'")
                installTurn = (install, turn)
                hook = try HookRun(turn.process, seconds: nil, record: noted())
            case .hook(let kind):
                guard let definition, has(kind) else { return true }
                // Install and init hooks may load whole databases, and end with the service. Others hang if they do.
                hook = try HookRun(
                    definition.process(kind), seconds: kind == .initialise ? nil : surroundings.hookLimit,
                    record: noted())
            }
            return true
        } catch {
            installTurn = nil
            if case .cancelled = error {
                // It is not started before it has its turn.
                jobs.insert(job, at: 0)
                block("somebody else runs an install hook")
                nextLook = now + nanosecondsPerSecond
                return false
            }
            let kind: Hook.Kind = if case .hook(let kind) = job { kind } else { .install }
            hookFailed(kind, error.description)
            return true
        }
    }

    /// Its hook has ended.
    func hookEnded(_ ending: ChildProcess.Ending) {
        guard let ended = hook else { return }
        ended.finish { log.output(group, ended.kind, $0) }
        hook = nil
        unlink(record.hook)
        // What it leaves behind ends with the service.
        if let mark = ended.mark, Glibc.kill(-mark.pid, 0) == 0 { leftByHooks.append(mark) }
        let turn = installTurn
        installTurn = nil
        // One that was ended has not failed.
        if ended.isUnwanted && !ended.isOverdue {
            // What it was to prepare is not prepared, should the service be wanted again by now.
            if phase == .preparing { enter(.waiting) }
            return
        }
        if let turn {
            do throws(SupervisorError) { try turn.hook.keep(ending) } catch { return hookFailed(.install, "\(error)") }
        }
        let why = ended.isOverdue ? "it took more than \(surroundings.hookLimit) s" : Self.sentence(ending)
        switch ended.kind {
        case .healthCheck:
            guard phase == .up else { return }
            let code: Int32 = if case .exited(let code) = ending { code } else { -1 }
            let next = ServiceHealth(exitCode: code, checked: now)
            if ended.isOverdue { log.say(group, .hooks, "the health-check hook failed: \(why)") }
            if next.status != health.status { log.say(group, .service, "Health is \(next.status.rawValue), by \(why)") }
            health = next
            nextHealthCheck = now + Int64(spec.healthCheckInterval) * nanosecondsPerSecond
        case .initialise where ending == .exited(code: 0): (isInitialised, lastIdent) = (true, definition?.ident)
        default:
            if ending != .exited(code: 0) { hookFailed(ended.kind, why) }
            told(by: ended.kind, isFailure: ending != .exited(code: 0))
        }
    }

    /// Where the hook's process notes that it has started.
    private func noted() throws(SupervisorError) -> String {
        do throws(SystemError) { try record.create() } catch { throw .system(error) }
        return record.hook
    }

    /// Ends what hooks have left behind.
    func endLeftovers() {
        for mark in leftByHooks { mark.killGroup() }
        leftByHooks = []
    }

    /// A hook that makes configuration known has ended. Once all have, with success, that is done; else it is done again
    /// in a while.
    private func told(by kind: Hook.Kind, isFailure: Bool) {
        guard phase == .up, kind == .reload || kind == .reconfigure, let telling else { return }
        if isFailure {
            self.telling = nil
            jobs.removeAll { $0.isTelling }
            nextLook = now + Self.retry * nanosecondsPerSecond
        } else if !jobs.contains(where: \.isTelling) {
            self.telling = nil
            record.configuration = telling
        }
    }

    private func hookFailed(_ kind: Hook.Kind, _ why: String) {
        let text = "the \(kind.rawValue) hook failed: \(why)"
        switch kind {
        case .install, .initialise:
            guard phase == .preparing, nextSpec == nil else { return }
            jobs = []
            failures += 1
            _ = pause(text)
        default: log.say(group, .hooks, text)
        }
    }

    /// Starts the health-check hook when it is time.
    func checkHealth() -> Bool {
        guard hook == nil, rendered?.hooks[.healthCheck] != nil, now >= nextHealthCheck else { return false }
        nextHealthCheck = now + Int64(spec.healthCheckInterval) * nanosecondsPerSecond
        jobs.append(.hook(.healthCheck))
        return startJob()
    }

    /// The install hooks that have not succeeded: those of what the package needs, those first that need least, and its
    /// own. An export leaves them all to this moment.
    func installJobs(_ definition: ServiceDefinition) throws(SupervisorError) -> [Job] {
        var found: [(needs: Int, hook: InstallHook)] = []
        let store = surroundings.store
        let aside = store.root.path("sup/default/installed")
        for ident in Set(definition.metadata.tdeps).sorted() where ident != definition.ident {
            let package: InstalledPackage?
            do throws(SystemError) { package = try store.package(ident) } catch { throw .system(error) }
            guard let package, let hook = try InstallHook(of: package, in: store, surroundings.host, aside: aside)
            else { continue }
            do throws(StoreError) { found.append((try package.metadata().tdeps.count, hook)) } catch {
                throw .store(error)
            }
        }
        var hooks = found.enumerated().sorted { ($0.element.needs, $0.offset) < ($1.element.needs, $1.offset) }
            .map(\.element.hook)
        if let own = try InstallHook(of: definition.package, in: store, surroundings.host, aside: aside) {
            hooks.append(own)
        }
        var jobs: [Job] = []
        for hook in hooks where try hook.status() != .exited(code: 0) { jobs.append(.install(hook)) }
        return jobs
    }
}
