// SPDX-License-Identifier: Apache-2.0

import BioSystem
import CBioExport
import Glibc
import Synchronization

/// The host as a plugin sees it: `bio_host` and the service tables; what concerns more than this process becomes a frame.
///
/// One of these serves one runner. The plugin's threads may call the [any] services; the others refuse a thread
/// that is not the job's.
final class HostTables: Sendable {
    /// SAFETY: the tables are written in `init` and only read after; they live in `memory`.
    struct Tables: @unchecked Sendable {
        let host: UnsafePointer<bio_host>
        let services: [(id: String, table: UnsafeRawPointer)]
    }

    /// The ids of the services that this host has.
    static let offered: Set<String> = [
        BIO_EXT_LOG, BIO_EXT_PROGRESS, BIO_EXT_CANCEL, BIO_EXT_FAIL, BIO_EXT_ARENA, BIO_EXT_FILES, BIO_EXT_ROOTFS,
        BIO_EXT_ARCHIVE, BIO_EXT_OCI, BIO_EXT_DOCUMENT, BIO_EXT_CHAIN, BIO_EXT_SECRET, BIO_EXT_TOOL,
        BIO_EXT_REGISTRY, BIO_EXT_TEMPLATE,
    ]

    let channel: FrameChannel
    let memory: LastingMemory
    let showsDebug: Bool
    private let trial: RunnerTrial?
    let trace: CallTrace
    private let cancelEvent: CInt
    private let jobThread: pthread_t
    private let state = Mutex(State())
    private let built: Mutex<Tables?> = Mutex(nil)

    private struct State: ~Copyable, @unchecked Sendable {
        var phase = ExportPhase.describe
        var failure: PluginFailure?
        var nextProgress: UInt64 = 1
        /// SAFETY: what `files.page` handed out last; replaced by the next call on the same thread.
        var page: LastingMemory?
        /// What documents have taken of `memory`.
        var documentBytes = 0
        /// Services called so far.
        var calls = 0
    }

    static let mostDocumentBytes = 64 << 20

    init(channel: FrameChannel, cancelEvent: CInt, _ start: RunnerStart) {
        self.channel = channel
        trace = CallTrace(start.traces ? channel : nil)
        self.cancelEvent = cancelEvent
        showsDebug = start.showsDebug
        trial = start.trial
        memory = LastingMemory(growth: start.trial?.growth ?? 0)
        jobThread = pthread_self()
        built.withLock { $0 = makeTables() }
    }

    var host: UnsafePointer<bio_host> { built.withLock { $0!.host } }

    /// SAFETY: `context` is this object, which lives as long as the plugin may call.
    static func of(_ host: UnsafePointer<bio_host>) -> HostTables {
        Unmanaged<HostTables>.fromOpaque(host.pointee.context!).takeUnretainedValue()
    }

    /// What there is while the library describes itself.
    private static let early: Set<String> = [BIO_EXT_LOG, BIO_EXT_DOCUMENT]

    /// The table of a service. A trial is about exports: what a plugin reads while it describes itself is always there.
    func service(_ id: UnsafePointer<CChar>) -> UnsafeRawPointer? {
        let name = String(cString: id)
        if phase == .describe {
            guard Self.early.contains(name) else { return nil }
        } else if let trial, trial.withheld.contains(name) {
            return nil
        }
        return built.withLock { $0!.services.first { $0.id == name }?.table }
    }

    // MARK: - Phases and failures

    var phase: ExportPhase {
        get { state.withLock { $0.phase } }
        set { state.withLock { $0.phase = newValue } }
    }

    func fail(_ failure: PluginFailure) { state.withLock { $0.failure = failure } }

    /// The reason for the code that a phase returned; the next phase starts without one.
    func takeFailure() -> PluginFailure? {
        state.withLock { state in
            defer { state.failure = nil }
            return state.failure
        }
    }

    var isJobThread: Bool { pthread_equal(jobThread, pthread_self()) != 0 }

    var isCancelled: Bool {
        var event = pollfd(fd: cancelEvent, events: Int16(POLLIN), revents: 0)
        return poll(&event, 1, 0) > 0
    }

    var cancelDescriptor: CInt { cancelEvent }

    // MARK: - Frames

    /// Tells the host something that needs no answer. A host that is gone cannot be told.
    func tell(_ message: RunnerMessage) {
        let bytes = message.bytes
        if bytes.count <= FrameChannel.largestFrame { try? channel.send(bytes) }
    }

    struct Answer: ~Copyable {
        var code: Int32
        var payload: [UInt8] = []
        var descriptor: FileDescriptor?
    }

    /// Calls a host service and waits for its answer.
    func call(_ call: ServiceCall) -> Answer {
        trace.service(call.traceName, call.traceArguments) { (answer: borrowing Answer) in
            call.traceResult(answer.code, answer.payload)
        } _: {
            send(call)
        }
    }

    private func send(_ call: ServiceCall) -> Answer {
        guard isJobThread else {
            fail(PluginFailure(code: BIO_E_MISUSE, message: PluginFailure.wrongThread))
            return Answer(code: BIO_E_MISUSE, descriptor: nil)
        }
        if let code = injectedFault(in: call.traceName) { return Answer(code: code, descriptor: nil) }
        let bytes = RunnerMessage.service(call).bytes
        guard bytes.count <= FrameChannel.largestFrame else {
            fail(
                PluginFailure(code: BIO_E_LIMIT, message: "a service was called with \(bytes.count) bytes of arguments")
            )
            return Answer(code: BIO_E_LIMIT, descriptor: nil)
        }
        do {
            try channel.send(bytes)
            guard var packet = try channel.receive(),
                case .reply(let code, let payload) = try HostMessage(parsing: packet.bytes)
            else { return Answer(code: BIO_E_IO, descriptor: nil) }
            return Answer(code: code, payload: payload, descriptor: packet.takeDescriptor())
        } catch { return Answer(code: BIO_E_IO, descriptor: nil) }
    }

    /// Services called so far.
    var calls: Int { state.withLock { $0.calls } }

    /// Counts a call; the code with which it fails when a trial wants that.
    func injectedFault(in service: String) -> Int32? {
        let phase = phase
        guard phase != .describe else { return nil }
        let call = state.withLock { state in
            state.calls += 1
            return state.calls
        }
        guard let fault = trial?.fault, fault.call == call else { return nil }
        fail(PluginFailure(code: fault.code, message: PluginFailure.injected))
        tell(.observed(phase, .faulted(service)))
        return fault.code
    }

    // MARK: - Progress and pages

    func newProgress() -> UInt64 {
        state.withLock { state in
            defer { state.nextProgress += 1 }
            return state.nextProgress
        }
    }

    /// Counts what a document takes; false when that is more than all of them may.
    func take(documentBytes count: Int) -> Bool {
        state.withLock { state in
            guard count <= Self.mostDocumentBytes - state.documentBytes else { return false }
            state.documentBytes += count
            return true
        }
    }

    /// Memory for the strings of one page; the page before it goes.
    func newPage() -> LastingMemory {
        let page = LastingMemory()
        state.withLock { $0.page = page }
        return page
    }
}
