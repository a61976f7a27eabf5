// SPDX-License-Identifier: Apache-2.0

package import BioExport
import BioSystem
import CSystem
import Glibc

/// The host's side of one running plugin: starts it, asks for its description, leads it through its phases, serves
/// what it asks for. Everything it says is checked; however it ends, the error names it.
package final class PluginSession {
    private let runner: RunnerProcess
    /// What the runner loads lives as long as it does.
    private let files: VerifiedBundle
    private let limits: PhaseLimits
    private let trial: RunnerTrial?
    /// Services called in this phase.
    private var calls: UInt32 = 0
    private weak var observer: (any PluginObserver)?
    private let narration: PluginNarration
    /// Readable once the user asked to stop; -1 when nobody can.
    private let interruption: CInt
    private var name: String
    /// nil in process: there is no sandbox.
    private let confinement: Confinement?
    private var phase = ExportPhase.describe { didSet { clock = PhaseClock(phase, limits) } }
    private var clock: PhaseClock
    private var services: ExportServices?
    private var log = PluginLog()
    /// When a plugin that does not heed the user's wish to stop is ended; nil: nobody wished it.
    private var cancelEnd: Int64?
    private var outputIsOpen: Bool
    /// The runner is gone, or must not be entered any more.
    private var isOver = false

    /// Starts a runner and gives it the bundle to load. In `writable` directories it may write, and nowhere else;
    /// besides what it needs to run it may read `readable` places.
    package init(
        _ bundle: PluginBundle, _ runtime: PluginExport.Runtime, observer: (any PluginObserver)? = nil,
        writable: [String] = [], readable: [String] = []
    ) throws {
        name = bundle.libraryPath
        limits = runtime.limits
        clock = PhaseClock(.describe, runtime.limits)
        self.observer = observer
        interruption = runtime.interruption
        narration = PluginNarration(observer, trace: runtime.trace, isTrial: runtime.trial != nil)
        files = try VerifiedBundle(bundle, temporaryDirectory: runtime.temporaryDirectory)
        confinement =
            runtime.mode == .inProcess
            ? nil
            : Confinement(
                SandboxRequest(
                    writable: writable, readable: [files.bundle.directory, files.bundle.libraryPath] + readable,
                    startsProcesses: bundle.startsProcesses))
        runner = try RunnerProcess(runtime.mode)
        outputIsOpen = runner.output >= 0
        // Neither a message that does not come nor one that is not read may stop the host.
        _ = bio_set_nonblocking(runner.channel.descriptor, 1)
        var start = RunnerStart(bundle: files.bundle, hostVersion: runtime.hostVersion)
        start.showsDebug = runtime.showsDebug
        start.traces = runtime.trace != nil
        start.sandbox = confinement?.request
        start.sharesProcess = runtime.mode == .inProcess
        start.trial = runtime.trial
        trial = runtime.trial
        var descriptors = [runner.cancelEvent]
        if let library = files.libraryDescriptor {
            start.sendsLibrary = true
            descriptors.append(library)
        }
        try send(.start(start), descriptors: descriptors)
    }

    /// The library's own description, checked.
    package func describe() throws -> PluginDescription {
        try confine()
        var packet = try next()
        switch try parse(packet.bytes) {
        case .described:
            guard let file = packet.takeDescriptor() else { throw lie("its description did not come") }
            let description: PluginDescription
            do { description = try PluginDescription(in: file) } catch {
                let reason: any Error = (error as? SystemError)?.errno ?? error
                throw lie("its description cannot be read: \(reason)")
            }
            name = description.id
            if let problem = description.problem { throw error(.unsound(problem)) }
            return description
        case .loadFailed(let failure): throw error(.notLoaded(failure))
        default: throw lie("it spoke before it described itself")
        }
    }

    /// Takes what the runner says of its sandbox. Nothing of the plugin has run by then: this is no lie of its.
    private func confine() throws {
        guard let confinement else { return }
        var packet = try next()
        switch try parse(packet.bytes) {
        case .sandboxed(let report):
            confinement.began(report, listener: packet.takeDescriptor(), group: runner.group)
            // What the system lacks shows in full only now.
            if let gap = confinement.report.gap, let because = files.bundle.needsSandbox {
                throw ended(.unconfined(gap: gap, because: because))
            }
        case .notSandboxed(let reason):
            throw ended(.notConfined(PluginLog.printable(Array(reason.utf8))))
        default: throw lie("it spoke before it was confined")
        }
    }

    /// What the user must know of how the plugin runs; nil: it is confined as it should be.
    package var sandboxNote: String? {
        confinement == nil ? "it runs inside this process, no sandbox confines it" : confinement?.report.gap
    }

    /// Calls a typed function. What comes back is of its type, or the plugin lied.
    package func call(_ function: FunctionDescription, _ values: [FunctionValue]) throws -> FunctionAnswer {
        phase = .function
        try send(.invoke(function: function.name, values: values))
        let packet = try next()
        switch try parse(packet.bytes) {
        case .answered(.wrong(let text)): throw lie("'\(function.name)' returned \(PluginLog.shown(text))")
        case .answered(let answer):
            guard let type = function.type, answer.fits(type) else {
                throw lie("'\(function.name)' answered what no \(function.signature) can")
            }
            return answer
        default: throw lie("it did not answer a call of '\(function.name)'")
        }
    }

    /// Gives the plugin its job; `services` serve it from now on.
    package func open(_ snapshot: JobSnapshot, format: String, services: ExportServices) throws {
        self.services = services
        let file = try MemoryFile.make(snapshot.bytes, name: "the job")
        try send(.job(format: format), descriptors: [file.rawValue])
    }

    /// Enters one phase and serves the plugin until it is over.
    package func enter(_ phase: ExportPhase) throws {
        self.phase = phase
        services?.phaseBegan(isPlanning: phase == .plan, isRunning: phase == .run)
        try send(.call(phase))
        calls = 0
        stopIfTried()
        while true {
            var packet = try next()
            switch try parse(packet.bytes) {
            case .service(let call):
                calls += 1
                stopIfTried()
                try served { try answer(call) }
            case .ended(phase, let code, let failure):
                if code != 0 { throw failed(code, failure) }
                return
            case .ended(let other, _, _): throw lie("it ended \(other)")
            case .described, .loadFailed: throw lie("it described itself twice")
            case .sandboxed, .notSandboxed, .broken: throw lie("it was confined twice")
            case .answered, .traced: throw lie("it answered a call of a function that nobody made")
            case .log, .progressBegan, .progressed, .progressEnded, .observed: break  // next() has shown them
            }
            _ = packet.takeDescriptor()
        }
    }

    /// Ends the exporter and the runner with all it started; the plugin's `destroy` has its say first, unless it
    /// crashed, hung or lied. What comes after the first call does nothing.
    package func close() {
        if !isOver {
            do { try enter(.destroy) } catch {
                if let error = error as? PluginError { observer?.pluginEndedBadly(error) }
            }
        }
        end()
    }

    /// Ends the runner and all it started, at once: whoever has made no exporter has nothing to close.
    package func end() {
        isOver = true
        runner.end()
    }

    // MARK: - Waiting

    /// The next frame that is neither log nor progress.
    private func next() throws -> FrameChannel.Packet {
        while true {
            try wait(until: clock.end)
            guard let packet = try receive() else { continue }
            let kind = packet.bytes.first.flatMap { RunnerMessage.Kind(rawValue: $0) }
            // Log lines are no work; nothing that takes progress happens before a job.
            let isProgress = kind?.isProgress == true && phase != .describe && phase != .function
            if isProgress || kind == .service { clock.worked() }
            // An end that comes late, because the host was stopped meanwhile, is an end.
            if kind != .ended && MonotonicClock.nanoseconds >= clock.end { throw tooLate() }
            guard isProgress || kind == .log || kind == .traced || kind == .observed else { return packet }
            try served { try show(try parse(packet.bytes)) }
        }
    }

    /// Does something for the plugin, in time that is not the plugin's.
    private func served(_ work: () throws -> Void) rethrows {
        let began = MonotonicClock.nanoseconds
        defer { clock.excuse(MonotonicClock.nanoseconds - began) }
        try work()
    }

    /// A frame if one is there; an ended runner becomes an error.
    private func receive() throws -> FrameChannel.Packet? {
        let packet: FrameChannel.Packet?
        do throws(SystemError) { packet = try runner.channel.receive() } catch {
            if error.errno == .wouldBlock { return nil }
            // The host's end is as it was made: whatever cannot be received was sent so.
            throw lie("its message cannot be received: \(error.errno)")
        }
        if packet == nil { throw crashed() }
        return packet
    }

    /// Waits until a frame may be there, keeping the child's output and the user's wish to stop in view.
    private func wait(until deadline: Int64) throws {
        while true {
            var watched = [
                pollfd(fd: runner.channel.descriptor, events: Int16(POLLIN), revents: 0),
                pollfd(fd: outputIsOpen ? runner.output : -1, events: Int16(POLLIN), revents: 0),
                pollfd(fd: cancelEnd == nil ? interruption : -1, events: Int16(POLLIN), revents: 0),
                pollfd(fd: runner.pidfd, events: Int16(POLLIN), revents: 0),
                pollfd(fd: confinement?.descriptor ?? -1, events: Int16(POLLIN), revents: 0),
            ]
            let end = min(deadline, cancelEnd ?? deadline)
            // One millisecond more than is left: a rounded-down wait would spin at the end.
            let left = max(0, end - MonotonicClock.nanoseconds) / 1_000_000 + 1
            let ready = poll(&watched, 5, CInt(clamping: left))
            if ready < 0 && errno != EINTR { throw SystemError("wait for", "the plugin runner") }
            // The user's wish and the time come before what the plugin says: it may talk without end.
            if watched[2].revents != 0 {
                requestCancel()
            } else if let cancelEnd, MonotonicClock.nanoseconds >= cancelEnd {
                throw tooLate()
            }
            if watched[1].revents != 0 { outputIsOpen = log.drain(runner.output) }
            if watched[4].revents != 0 { try judge() }
            if watched[0].revents != 0 { return }
            if watched[3].revents != 0 { throw crashed() }
            if MonotonicClock.nanoseconds >= end { throw tooLate() }
        }
    }

    /// One system call of the plugin's that waits for the host.
    private func judge() throws {
        guard let confinement, let (refusal, mustEnd, isNew) = confinement.judgeCall() else { return }
        if mustEnd { throw ended(.forbidden(phase, refusal)) }
        if isNew { observer?.runnerNoted("the sandbox refused it \(refusal.text)\(refusal.rule.citation)") }
    }

    private func tooLate() -> any Error {
        end()
        if cancelEnd != nil {
            observer?.pluginWasKilled()
            return ExportCancelled()
        }
        return error(.hung(phase, seconds: limits.seconds(phase)))
    }

    /// In a trial the user stops at a certain moment.
    private func stopIfTried() {
        guard let trial, trial.cancelPhase == phase, trial.cancelCall == calls, cancelEnd == nil else { return }
        requestCancel()
    }

    private func requestCancel() {
        cancelEnd = MonotonicClock.nanoseconds + Int64(limits.cancel) * PhaseClock.second
        runner.requestCancel()
    }

    // MARK: - Serving

    private func answer(_ call: ServiceCall) throws {
        guard let services else { throw lie("it called a service before it had a job") }
        let answer = ServiceAnswer(to: call, services)
        defer { answer.closeDescriptor() }
        let reply = HostMessage.reply(code: answer.code, payload: answer.payload)
        try send(reply, descriptors: answer.descriptor.map { [$0] } ?? [])
    }

    private func show(_ message: RunnerMessage) throws {
        if case .log(.warning, let text) = message, phase == .describe { log.add(text) }
        do throws(PluginNarration.Breach) { try narration.tell(message, of: name) } catch {
            switch error {
            case .lie(let text): throw lie(text)
            case .flood: throw ended(.flooded(lines: PluginNarration.mostLoggedLines))
            }
        }
    }

    // MARK: - Frames and errors

    private func send(_ message: HostMessage, descriptors: [CInt] = []) throws {
        do throws(SystemError) { try runner.channel.send(message.bytes, descriptors: descriptors) } catch {
            if error.errno == .brokenPipe || error.errno.rawValue == ECONNRESET { throw crashed() }
            if error.errno == .wouldBlock { throw lie("it does not read what the host says") }
            throw error
        }
    }

    private func parse(_ bytes: [UInt8]) throws -> RunnerMessage {
        let message: RunnerMessage
        do throws(FrameError) { message = try RunnerMessage(parsing: bytes) } catch {
            throw lie("its message cannot be read: \(error)")
        }
        guard case .broken(let reason) = message else { return message }
        end()
        throw error(.runnerBroken(PluginLog.printable(Array(reason.utf8))))
    }

    private func failed(_ code: Int32, _ failure: PluginFailure?) -> any Error {
        if cancelEnd != nil || services?.isCancelled == true { return ExportCancelled() }
        // The plugin's own words first; without them, those of the service that refused, under whatever code.
        if let failure, !failure.message.isEmpty { return error(.failed(phase, failure)) }
        if let refusal = services?.lastRefusal { return error(.service(phase, refusal)) }
        return error(.gaveNoReason(phase, code: code))
    }

    /// The runner is gone: how?
    private func crashed() -> any Error {
        isOver = true
        if cancelEnd != nil { return ExportCancelled() }
        guard let end = runner.reap(within: 2000) else { return lie("it closed its connection to the host") }
        if outputIsOpen { _ = log.drain(runner.output) }
        return error(.crashed(phase, signal: end.signal, exitCode: end.exitCode))
    }

    private func lie(_ text: String) -> PluginError { ended(.lied(phase, text)) }

    private func ended(_ problem: PluginError.Problem) -> PluginError {
        end()
        return error(problem)
    }

    private func error(_ problem: PluginError.Problem) -> PluginError {
        log.finish()
        return PluginError(plugin: name, problem, lastLines: log.lines, refusals: confinement?.refusals ?? [])
    }
}
