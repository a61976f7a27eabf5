// SPDX-License-Identifier: Apache-2.0

import BioDocument
import BioPackage
import BioStore
import BioSystem
import Glibc

/// One service of a supervisor. Whoever learns something tells it, and then lets it `advance`; it never waits.
final class SupervisedService {
    /// What all services of a supervisor share.
    struct Surroundings {
        let store: PackageStore
        let host: HostFacts
        let log: SupervisorLog
        let pause: RestartPause
        /// Seconds that a hook may take which others wait for.
        let hookLimit: Int64
        /// What is known of a service by its group; nil when it is not loaded or not configured yet.
        let member: (ServiceGroup) -> ServiceMember?
        /// Whether a service is loaded, and wanted to be up.
        let isWanted: (ServiceGroup) -> Bool
        /// The cycle of binds that a service is in, if it is in one.
        let cycle: (ServiceGroup) -> [ServiceGroup]?
        /// What others see of a service has changed.
        let hasChanged: () -> Void
    }

    var spec: ServiceSpec
    let surroundings: Surroundings
    let record: ProcessRecord
    var phase = ServicePhase.down
    var wish: ServiceWish
    /// What the next start follows; the process that runs is to end for it.
    var nextSpec: ServiceSpec?

    var definition: ServiceDefinition?
    var configuration: ServiceConfiguration?
    /// What it has told others last: that stays true while it waits for something.
    var exported: (ident: QualifiedIdent, exports: DocumentObject)?
    var rendered: RenderedService?
    /// The members that binds have had, for when those are unloaded.
    var lastMembers: [ServiceGroup: ServiceMember] = [:]
    /// Those of them that the record has.
    var keptMembers: [ServiceGroup: ServiceMember] = [:]
    /// Something that it depends on may have changed.
    var needsLook = true
    /// When it looks again by itself, because something was in the way that no event tells of.
    var nextLook: Int64?

    var process: SupervisedProcess?
    var hook: HookRun?
    var installTurn: (hook: InstallHook, turn: InstallHook.Turn)?
    var jobs: [Job] = []
    var isInitialised = false
    /// It was started with what it is bound to. Started again, it goes on with what it knows.
    var hadBinds = false
    /// What was prepared the last time.
    var lastIdent: QualifiedIdent?
    /// It ends to be started again at once.
    var restarts = false
    var upSince: Int64?
    /// Since it was down the last time.
    var hasBeenUp = false
    var failures = 0
    var startCount = 0
    var health = ServiceHealth()
    var nextHealthCheck: Int64 = 0
    var seenFiles: [String]?
    /// What the hooks that are about to run make known.
    var telling: ToldConfiguration?
    /// Groups of hooks that have ended and left something behind.
    var leftByHooks: [ProcessMark] = []
    /// It ends because that was wanted, whatever is wanted by now.
    var endsByWish = false
    var seenInputs: [[UInt8]?] = []
    /// Why it is not up, or follows an older configuration.
    var reason: String?

    /// A hook that is to run as soon as none does.
    enum Job {
        case install(InstallHook)
        case hook(Hook.Kind)

        /// Whether it makes configuration known.
        var isTelling: Bool {
            if case .hook(let kind) = self { kind == .reload || kind == .reconfigure } else { false }
        }
    }

    /// Seconds after which what did not work is tried again.
    static let retry: Int64 = 10

    init(_ spec: ServiceSpec, _ surroundings: Surroundings) {
        self.spec = spec
        self.surroundings = surroundings
        wish = spec.desiredState == .up ? .up : .down
        record = ProcessRecord(directory: surroundings.store.root.path("sup/default/run/\(spec.name)"))
    }

    var group: ServiceGroup { spec.serviceGroup }
    var log: SupervisorLog { surroundings.log }
    var now: Int64 { MonotonicClock.nanoseconds }
    var isForgotten: Bool { wish == .gone && phase == .down }

    /// What others see of it.
    var member: ServiceMember? {
        exported.map {
            ServiceMember(ident: $0.ident, group: group, exports: $0.exports, isAlive: wish == .up && hasBeenUp)
        }
    }

    /// Takes a configuration, and with it what others may know of it.
    func take(_ next: ServiceConfiguration, of definition: ServiceDefinition) {
        configuration = next
        exported = (definition.ident, definition.exports(of: next))
    }

    /// Whether it has a hook. Of one that was found again and has not been looked at yet, what an earlier supervisor has
    /// rendered counts.
    func has(_ kind: Hook.Kind) -> Bool {
        if let rendered { return rendered.hooks[kind] != nil }
        guard let definition, (try? Hook(kind, of: definition.package)) != nil else { return false }
        return (try? FileStatus.ofLink(definition.process(kind).program))??.kind == .file
    }

    // MARK: - Steps

    /// Does what can be done now. Called after every event; most calls find nothing to do.
    func advance() {
        while step() {}
    }

    /// One step; false when there is none.
    private func step() -> Bool {
        if let hook, let deadline = hook.deadline, now >= deadline, !hook.isOverdue { hook.endOverdue() }
        if let time = nextLook, now >= time { (needsLook, nextLook) = (true, nil) }
        switch phase {
        case .down:
            guard wish == .up else { return false }
            return enter(.waiting)
        case .waiting: return wait()
        case .preparing:
            guard wish == .up, nextSpec == nil else {
                hook?.end()
                jobs = []
                return hook == nil && enter(wish == .up ? .waiting : .down)
            }
            return startJob() || hook == nil && jobs.isEmpty && start()
        case .up:
            if wish != .up || restarts || nextSpec != nil { return stop() }
            if needsLook { lookAgain() }
            return startJob() || checkHealth()
        case .stopping(let deadline):
            if now >= deadline { kill(afterTimeout: true) }
            return false
        case .sweeping(let deadline): return sweep(deadline)
        case .settling: return hook == nil && (startJob() || leave())
        case .pausing(let until):
            guard wish == .up else { return enter(.down) }
            return now >= until || nextSpec != nil ? enter(.waiting) : false
        }
    }

    @discardableResult func enter(_ next: ServicePhase) -> Bool {
        phase = next
        nextLook = nil
        switch next {
        case .down:
            endLeftovers()
            hasBeenUp = false
            isInitialised = false
            hadBinds = false
            reason = nil
            failures = 0
            health = ServiceHealth()
            surroundings.hasChanged()
        case .waiting:
            if let nextSpec {
                (spec, self.nextSpec) = (nextSpec, nil)
                // It was rendered by another spec.
                rendered = nil
                isInitialised = false
                hadBinds = false
            }
            // What is newest now is what starts.
            definition = nil
            restarts = false
            needsLook = true
        case .up: surroundings.hasChanged()
        default: break
        }
        return true
    }

    /// When it has to be asked again although nothing happens; nil for never.
    var deadline: Int64? {
        var times: [Int64] = []
        if let hook, let deadline = hook.deadline, !hook.isOverdue { times.append(deadline) }
        if let nextLook { times.append(nextLook) }
        switch phase {
        case .up where hook == nil && rendered?.hooks[.healthCheck] != nil: times.append(nextHealthCheck)
        case .stopping(let deadline): times.append(deadline)
        case .sweeping: times.append(now + nanosecondsPerSecond / 20)
        case .pausing(let until): times.append(until)
        default: break
        }
        return times.min()
    }

    /// Adds a hook, unless it is about to run anyway.
    func queue(_ kind: Hook.Kind) {
        for case .hook(kind) in jobs { return }
        jobs.append(.hook(kind))
    }

    /// Says why it does not go on, once.
    func block(_ text: String, isWaiting: Bool = true) {
        guard reason != text else { return }
        reason = text
        log.say(group, .service, isWaiting ? "Waiting: \(text)" : text)
    }
}
