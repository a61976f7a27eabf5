// SPDX-License-Identifier: Apache-2.0

import BioPackage
import BioStore
import BioSystem
import Glibc

/// The process of a service: its start, its end, and what comes then.
extension SupervisedService {
    private static let signals: [String: CInt] = Dictionary(
        uniqueKeysWithValues: PackageMetadata.shutdownSignals.compactMap { name in
            SignalName.number(of: name).map { (name, $0) }
        })

    private var shutdownSignal: CInt { definition?.metadata.shutdownSignal.flatMap { Self.signals[$0] } ?? SIGTERM }

    private var shutdownTimeout: Int64 { Int64(definition?.metadata.shutdownTimeout ?? 8) * nanosecondsPerSecond }

    /// Starts its run hook.
    func start() -> Bool {
        guard let definition else { return enter(.waiting) }
        do throws(SystemError) {
            // Before it is there: whoever finds it finds these too.
            try record.create()
            record.configuration = rendered.map { ToldConfiguration($0) }
            keptMembers = [:]
            keepMembers()
            let request = definition.process(.run).request
            let started = try SupervisedProcess.start(request, of: definition.ident, by: spec, record)
            try? AtomicFile.write(
                Array("\(started.pid)".utf8), to: definition.directory.pidFile, synchronizing: false)
            process = started
        } catch {
            let error = SupervisorError.hookNotStarted(.run, of: definition.ident, error)
            failures += 1
            return pause(([error.description] + [error.hint].compactMap { $0 }).joined(separator: "; "))
        }
        log.say(
            group, .process, "Starting service as user=\(definition.user.user), group=\(definition.user.group)")
        becomeUp()
        telling = nil
        if rendered?.hooks[.postRun] != nil { jobs.append(.hook(.postRun)) }
        return true
    }

    private func becomeUp() {
        reason = nil
        hadBinds = true
        lastIdent = definition?.ident
        startCount += 1
        upSince = now
        hasBeenUp = true
        nextHealthCheck = now + nanosecondsPerSecond
        health = ServiceHealth(rendered?.hooks[.healthCheck] == nil ? .ok : .unknown)
        enter(.up)
    }

    /// Takes over the process that an earlier supervisor has left, if it is still there.
    func recover() {
        record.endHook()
        guard let (found, entry) = SupervisedProcess.recover(record) else { return record.remove() }
        process = found
        // What its spec says by now is for the next start.
        if let started = entry.spec, !started.startsSame(as: spec) { (spec, nextSpec) = (started, spec) }
        (lastMembers, keptMembers) = (record.members, record.members)
        log.say(group, .process, "Found its process \(found.pid), which an earlier supervisor had started")
        let package: InstalledPackage?? = try? surroundings.store.package(entry.ident)
        if let package = package ?? nil {
            definition = try? ServiceDefinition(package, in: surroundings.store, surroundings.host)
        }
        // Others that are found again are bound to it, and rendered before its own turn comes.
        let applied = (try? AppliedConfiguration(of: group, in: surroundings.store.root)) ?? nil
        if let definition, let found = try? definition.configuration(applied: applied?.value) {
            take(found, of: definition)
        }
        isInitialised = true
        becomeUp()
        startCount = 0
        // Another release is what is wanted by now.
        if let newest = try? surroundings.store.latest(satisfying: spec.ident), newest.ident != entry.ident {
            restarts = true
        }
    }

    /// Asks its process to end.
    func stop() -> Bool {
        jobs = []
        hook?.end()
        endsByWish = wish != .up || restarts || nextSpec != nil
        if wish != .up || nextSpec != nil { isInitialised = false }
        guard let process else { return enter(.down) }
        log.say(group, .process, "Stopping service, process \(process.pid)")
        process.signal(shutdownSignal)
        return enter(.stopping(deadline: now + shutdownTimeout))
    }

    /// Ends its process at once, with its group.
    func kill(afterTimeout: Bool = false) {
        guard let process else { return }
        if afterTimeout {
            log.say(group, .process, "Its process \(process.pid) has not ended in time, and is killed")
            phase = .stopping(deadline: .max)
        }
        process.end()
    }

    /// Its process has ended.
    func processEnded(_ ending: ChildProcess.Ending) {
        guard let process, !process.hasEnded else { return }
        process.finish { isError, line in log.output(group, isError: isError, line) }
        hook?.end()
        jobs = []
        if case .stopping = phase {
            log.say(group, .process, "Stopped: \(Self.sentence(ending))")
        } else {
            let life = now - (upSince ?? now)
            failures = life >= Int64(surroundings.pause.cooldown) * nanosecondsPerSecond ? 1 : failures + 1
            reason = "its process ended: \(Self.sentence(ending))"
            log.say(group, .process, "Its process \(process.pid) has ended: \(Self.sentence(ending))")
        }
        if process.groupIsThere { process.signalGroup(SIGTERM) }
        enter(.sweeping(deadline: now + shutdownTimeout))
    }

    /// Waits for what the process has left in its group.
    func sweep(_ deadline: Int64) -> Bool {
        if let process, process.groupIsThere {
            if now >= deadline { process.signalGroup(SIGKILL) }
            return false
        }
        process = nil
        upSince = nil
        endLeftovers()
        record.remove()
        if let definition { unlink(definition.directory.pidFile) }
        if has(.postStop) { jobs = [.hook(.postStop)] }
        return enter(.settling)
    }

    /// After its end, and its post-stop hook.
    func leave() -> Bool {
        switch wish {
        case .down, .gone: return enter(.down)
        case .up:
            if endsByWish || nextSpec != nil {
                endsByWish = false
                return enter(.waiting)
            }
            return pause(reason ?? "its process ended", isSaid: true)
        }
    }

    /// Waits a while after something has failed.
    func pause(_ why: String, isSaid: Bool = false) -> Bool {
        reason = why
        failures = max(1, failures)
        let seconds = surroundings.pause.seconds(failures)
        log.say(group, .service, (isSaid ? "The" : "\(why); the") + " next try is in \(seconds) s")
        return enter(.pausing(until: now + Int64(seconds) * nanosecondsPerSecond))
    }

    static func sentence(_ ending: ChildProcess.Ending) -> String {
        switch ending {
        case .exited(let code): "exit code \(code)"
        case .killed(let signal): "killed by SIG\(signal)"
        case .unknown: "nobody knows how"
        }
    }
}
