// SPDX-License-Identifier: Apache-2.0

package import BioExport
import BioSystem
import CSystem
import Glibc

/// What a plugin says while it works, to whoever shows it to the user.
package protocol PluginObserver: AnyObject {
    func pluginLogged(_ level: RunnerMessage.LogLevel, _ message: String)
    func pluginProgressed(_ title: String, done: UInt64, total: UInt64, ended: Bool)
}

/// The host's side of one running plugin: starts it, asks for its description, leads it through its phases, serves
/// what it asks for. Everything it says is checked; however it ends, the error names it.
package final class PluginSession {
    private let runner: RunnerProcess
    private let limits: PhaseLimits
    private weak var observer: (any PluginObserver)?
    /// Readable once the user asked to stop; -1 when nobody can.
    private let interruption: CInt
    private var name: String
    private var phase = ExportPhase.describe { didSet { clock = PhaseClock(phase, limits, now: Self.now()) } }
    private var clock: PhaseClock
    private var services: ExportServices?
    private var log = PluginLog()
    private var loggedLines = 0
    private var progress: [UInt64: (title: String, total: UInt64)] = [:]
    private var cancelledAt: Int64?
    private var outputIsOpen: Bool
    /// The runner is gone, or must not be entered any more.
    private var isOver = false

    static let mostLoggedLines = 100_000

    /// Starts a runner and gives it the library to load.
    package init(
        library: String, mode: RunnerMode, hostVersion: String, limits: PhaseLimits, interruption: CInt = -1,
        observer: (any PluginObserver)? = nil, showsDebug: Bool = false
    ) throws {
        name = library
        self.limits = limits
        clock = PhaseClock(.describe, limits, now: Self.now())
        self.observer = observer
        self.interruption = interruption
        runner = try RunnerProcess(mode)
        outputIsOpen = runner.output >= 0
        // Neither a message that does not come nor one that is not read may stop the host.
        _ = bio_set_nonblocking(runner.channel.descriptor, 1)
        try send(
            .start(library: library, hostVersion: hostVersion, showsDebug: showsDebug),
            descriptors: [runner.cancelEvent])
    }

    /// The library's own description, checked.
    package func describe() throws -> PluginDescription {
        var packet = try next()
        switch try parse(packet.bytes) {
        case .described:
            guard let file = packet.takeDescriptor() else { throw lie("its description did not come") }
            let bytes: [UInt8]
            do throws(SystemError) {
                bytes = try MemoryFile.read(file, name: "the plugin's description", limit: 4 << 20)
            } catch { throw lie("its description cannot be read: \(error.errno)") }
            let description: PluginDescription
            do throws(FrameError) {
                var frame = FrameReader(bytes)
                description = try PluginDescription(from: &frame)
                try frame.end()
            } catch { throw lie("its description cannot be read: \(error)") }
            name = description.id
            if let problem = description.problem { throw error(.unsound(problem)) }
            return description
        case .loadFailed(let failure): throw error(.notLoaded(failure))
        default: throw lie("it spoke before it described itself")
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
        while true {
            var packet = try next()
            switch try parse(packet.bytes) {
            case .service(let call): try served { try answer(call) }
            case .ended(phase, let code, let failure):
                if code != 0 { throw failed(code, failure) }
                return
            case .ended(let other, _, _): throw lie("it ended \(other)")
            case .described, .loadFailed: throw lie("it described itself twice")
            case .log, .progressBegan, .progressed, .progressEnded: break  // next() has shown them
            }
            _ = packet.takeDescriptor()
        }
    }

    /// Ends the exporter and the runner with all it started; the plugin's `destroy` has its say first, unless it
    /// crashed, hung or lied. What comes after the first call does nothing.
    package func close() {
        if !isOver { try? enter(.destroy) }
        end()
    }

    private func end() {
        isOver = true
        runner.end()
    }

    // MARK: - Waiting

    /// The next frame that is neither log nor progress.
    private func next() throws -> FrameChannel.Packet {
        while true {
            try wait(until: clock.end)
            guard let packet = try receive() else { continue }
            let kind = packet.bytes.first ?? 0
            // Log lines are no work; nothing that takes progress happens before the plugin has described itself.
            let isProgress = (4...6).contains(kind) && phase != .describe
            if isProgress || kind == 7 { clock.worked(at: Self.now()) }
            // An end that comes late, because the host was stopped meanwhile, is an end.
            if kind != 8 && Self.now() >= clock.end { throw tooLate() }
            guard isProgress || kind == 3 else { return packet }
            try served { try show(try parse(packet.bytes)) }
        }
    }

    /// Does something for the plugin, in time that is not the plugin's.
    private func served(_ work: () throws -> Void) rethrows {
        let began = Self.now()
        defer { clock.excuse(Self.now() - began) }
        try work()
    }

    /// A frame if one is there; an ended runner becomes an error.
    private func receive() throws -> FrameChannel.Packet? {
        let packet: FrameChannel.Packet?
        do throws(SystemError) { packet = try runner.channel.receive() } catch {
            if error.errno == .wouldBlock { return nil }
            throw error
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
                pollfd(fd: cancelledAt == nil ? interruption : -1, events: Int16(POLLIN), revents: 0),
                pollfd(fd: runner.pidfd, events: Int16(POLLIN), revents: 0),
            ]
            let end = cancelledAt.map { min(deadline, $0 + Int64(limits.cancel) * second) } ?? deadline
            // One millisecond more than is left: a rounded-down wait would spin at the end.
            let ready = poll(&watched, 4, CInt(clamping: max(0, end - Self.now()) / millisecond + 1))
            if ready < 0 && errno != EINTR { throw SystemError("wait for", "the plugin runner") }
            // The user's wish and the time come before what the plugin says: it may talk without end.
            if watched[2].revents != 0 {
                cancelledAt = Self.now()
                runner.requestCancel()
            } else if let cancelledAt, Self.now() >= cancelledAt + Int64(limits.cancel) * second {
                throw tooLate()
            }
            if watched[1].revents != 0 { outputIsOpen = log.drain(runner.output) }
            if watched[0].revents != 0 { return }
            if watched[3].revents != 0 { throw crashed() }
            if Self.now() >= end { throw tooLate() }
        }
    }

    private func tooLate() -> any Error {
        end()
        if cancelledAt != nil { return ExportCancelled() }
        return error(.hung(phase, seconds: limits.seconds(phase)))
    }

    private let second: Int64 = 1_000_000_000
    private let millisecond: Int64 = 1_000_000

    /// Nanoseconds of a clock that nobody sets.
    private static func now() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }

    // MARK: - Serving

    private func answer(_ call: ServiceCall) throws {
        guard let services else { throw lie("it called a service before it had a job") }
        let answer = ServiceAnswer(to: call, services)
        defer { answer.closeDescriptor() }
        let reply = HostMessage.reply(code: answer.code, payload: answer.payload)
        guard reply.bytes.count <= FrameChannel.largestFrame else {
            // What a service tells may be the plugin's own words, or a program's: no reason for the host to end.
            let refusal = ServiceError(
                .limit, "an answer of \(answer.payload.count) bytes is more than the plugin can be told at once")
            try? services.serve { () throws(ServiceError) in throw refusal }
            return try send(.reply(code: refusal.code.rawValue, payload: []))
        }
        try send(reply, descriptors: answer.descriptor.map { [$0] } ?? [])
    }

    private func show(_ message: RunnerMessage) throws {
        switch message {
        case .log(let level, let text):
            loggedLines += 1
            guard loggedLines <= Self.mostLoggedLines else {
                end()
                throw error(.flooded(lines: Self.mostLoggedLines))
            }
            observer?.pluginLogged(level, PluginLog.printable(Array(text.utf8)))
        case .progressBegan(let id, let title, let total):
            guard progress.count < 64 else { throw lie("it has 64 pieces of progress open") }
            let title = PluginLog.printable(Array(title.utf8))
            progress[id] = (title, total)
            observer?.pluginProgressed(title, done: 0, total: total, ended: false)
        case .progressed(let id, let done):
            guard let piece = progress[id] else { throw lie("it went on with progress that it had not begun") }
            observer?.pluginProgressed(piece.title, done: done, total: piece.total, ended: false)
        case .progressEnded(let id):
            guard let piece = progress.removeValue(forKey: id) else {
                throw lie("it ended progress that it had not begun")
            }
            observer?.pluginProgressed(piece.title, done: piece.total, total: piece.total, ended: true)
        default: break
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
        do throws(FrameError) { return try RunnerMessage(parsing: bytes) } catch {
            throw lie("its message cannot be read: \(error)")
        }
    }

    private func failed(_ code: Int32, _ failure: PluginFailure?) -> any Error {
        if cancelledAt != nil || services?.isCancelled == true { return ExportCancelled() }
        // The plugin's own words first; without them, what the host service said when it refused.
        if let failure, !failure.message.isEmpty { return error(.failed(phase, failure)) }
        if let refusal = services?.lastRefusal, refusal.code.rawValue == code { return error(.service(phase, refusal)) }
        return error(.gaveNoReason(phase, code: code))
    }

    /// The runner is gone: how?
    private func crashed() -> any Error {
        isOver = true
        if cancelledAt != nil { return ExportCancelled() }
        guard let end = runner.reap(within: 2000) else { return lie("it closed its connection to the host") }
        if outputIsOpen { _ = log.drain(runner.output) }
        return error(.crashed(phase, signal: end.signal, exitCode: end.exitCode))
    }

    private func lie(_ text: String) -> PluginError {
        end()
        return error(.lied(phase, text))
    }

    private func error(_ problem: PluginError.Problem) -> PluginError {
        log.finish()
        return PluginError(plugin: name, problem, lastLines: log.lines)
    }
}
