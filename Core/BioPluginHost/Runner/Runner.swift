// SPDX-License-Identifier: Apache-2.0

import BioSystem
import CBioExport
import CSystem
import Glibc

/// The plugin's side of one export or description: loads the library, then enters it as the host says. The same
/// code runs in a child process and, with `--in-process`, on a thread.
package struct Runner {
    private let channel: FrameChannel

    package init(_ channel: FrameChannel) { self.channel = channel }

    /// The runner in a child process: its socket is descriptor 3. Never returns.
    package static func childMain() -> Never {
        bio_die_with_parent(3)
        // Started as /proc/self/exe it would be listed as 'exe'.
        bio_set_thread_name("bio")
        umask(0o022)
        // What the user's shell left open is none of the plugin's business.
        bio_close_from(4)
        _ = bio_set_cloexec(3, 1)
        Runner(FrameChannel(owning: FileDescriptor(owning: 3))).serve()
        // Not exit(): a plugin's atexit handlers and global destructors have no say any more.
        _exit(0)
    }

    /// Serves the host until it closes the socket.
    package func serve() {
        guard var packet = try? channel.receive(),
            case .start(let start)? = try? HostMessage(parsing: packet.bytes),
            let cancelEvent = packet.takeDescriptor()
        else { return }
        let watch = start.trial.map { RunnerWatch($0) }
        if let sandbox = start.sandbox, !enter(sandbox) { return }
        let tables = HostTables(channel: channel, cancelEvent: cancelEvent.rawValue, start)
        let plugin: PluginLibrary
        guard let path = Self.libraryPath(start, &packet) else { return }
        do throws(LoadRefusal) {
            plugin = try PluginLibrary(
                start, path: path, tables, watch: watch
            ) { tables.tell(.observed(.describe, $0)) }
        } catch {
            tables.tell(.loadFailed(error.failure.naming(start.bundle.library, insteadOf: path)))
            return
        }
        guard describe(plugin), let job = callFunctions(plugin, tables) else { return }
        export(job, plugin, tables, watch, hasTwin: start.trial?.hasTwin ?? false)
        // The event is closed only here: the plugin may poll it until destroy returns.
        _ = consume cancelEvent
    }

    /// Confines this process before anything of the plugin is in it, and says how far that went.
    private func enter(_ sandbox: SandboxRequest) -> Bool {
        do throws(SystemError) {
            var entered = try Sandbox.enter(sandbox)
            let message = RunnerMessage.sandboxed(entered.report).bytes
            guard let listener = entered.takeListener() else {
                try channel.send(message)
                return true
            }
            try channel.send(message, descriptors: [listener.rawValue])
            // Closed here, and before the plugin is loaded: who is judged must not be the judge.
            _ = consume listener
            return true
        } catch {
            try? channel.send(RunnerMessage.notSandboxed("\(error)").bytes)
            return false
        }
    }

    /// Where the library is: in its bundle, or in the sealed memory that came with the packet.
    private static func libraryPath(_ start: RunnerStart, _ packet: inout FrameChannel.Packet) -> String? {
        guard start.sendsLibrary else { return start.bundle.libraryPath }
        // Never closed: the linker knows libraries by their paths, and another one would get this path then.
        guard let library = packet.takeDescriptor() else { return nil }
        return "/proc/self/fd/\(library.release())"
    }

    private func describe(_ plugin: PluginLibrary) -> Bool {
        var frame = FrameWriter()
        plugin.description.write(to: &frame)
        do throws(SystemError) {
            let file = try MemoryFile.make(frame.bytes, name: "the plugin's description")
            try channel.send(RunnerMessage.described.bytes, descriptors: [file.rawValue])
            return true
        } catch { return broken(error) }
    }

    /// Reads the job; the file is closed before the plugin is entered.
    private func snapshot(_ file: consuming FileDescriptor) -> JobSnapshot? {
        do { return try JobSnapshot(parsing: MemoryFile.read(file, name: "the job", limit: 1 << 30)) } catch {
            _ = broken(error)
            return nil
        }
    }

    /// Tells why this runner ends; without that it would look as if the plugin had ended it.
    private func broken(_ error: any Error) -> Bool {
        try? channel.send(RunnerMessage.broken("\(error)").bytes)
        return false
    }

    /// Calls typed functions until a job comes; nil when none does.
    private func callFunctions(_ plugin: PluginLibrary, _ tables: HostTables) -> Job? {
        let sink = FunctionSink(memory: tables.memory)
        while var packet = try? channel.receive() {
            switch try? HostMessage(parsing: packet.bytes) {
            case .invoke(let name, let values)?:
                guard let function = plugin.function(name) else { return nil }
                let answer = tables.trace.plugin(name, values.map(\.traced).joined(separator: ", "), \.traced) {
                    function.call(values, sink: sink)
                }
                tables.tell(.answered(answer))
            case .job(let id)?:
                guard let file = packet.takeDescriptor(), let snapshot = snapshot(file) else { return nil }
                return Job(format: id, snapshot: snapshot)
            default: return nil
            }
        }
        return nil
    }

    private struct Job {
        let format: String
        let snapshot: JobSnapshot
    }

    private func export(
        _ job: Job, _ plugin: PluginLibrary, _ tables: HostTables, _ watch: RunnerWatch?, hasTwin: Bool
    ) {
        guard let format = plugin.format(job.format) else { return }
        var life = ExporterLife(format: format, job: JobTables(job.snapshot, memory: tables.memory), tables: tables)
        life.hasTwin = hasTwin
        watch?.watch([job.snapshot.outDirectory, job.snapshot.scratchDirectory])
        let whole = watch?.state()
        while let packet = try? channel.receive() {
            guard case .call(let phase)? = try? HostMessage(parsing: packet.bytes) else { return }
            tables.phase = phase
            watch?.begin()
            let code = tables.trace.plugin("\(phase)", "", TraceText.value) { life.enter(phase) }
            if let watch { observe(phase, watch, whole, tables) }
            // Taken in any case: a reason given in this phase is none for the next.
            let failure = tables.takeFailure()
            tables.tell(.ended(phase: phase, code: code, failure: code == BIO_OK ? nil : failure))
            if phase == .destroy { return }
        }
        _ = life.enter(.destroy)
    }
}

extension LoadFailure {
    /// The dynamic linker says which file it read, which is none that a user could look for when it was sent.
    fileprivate func naming(_ library: String, insteadOf path: String) -> LoadFailure {
        guard case .library(let text) = self, text.hasPrefix("/proc/"), text.hasPrefix(path) else { return self }
        return .library(library + text.dropFirst(path.count))
    }
}

extension Runner {
    private func observe(_ phase: ExportPhase, _ watch: RunnerWatch, _ whole: ProcessState?, _ tables: HostTables) {
        var seen = watch.changes()
        if phase == .destroy, let whole { seen += watch.left(since: whole) }
        if phase.rawValue < ExportPhase.run.rawValue { seen += watch.written() }
        for change in seen + [.calls(tables.calls)] { tables.tell(.observed(phase, change)) }
    }
}

/// One exporter from create to destroy.
private struct ExporterLife {
    let format: UnsafePointer<bio_format>
    let job: JobTables
    let tables: HostTables
    private var exporter: UnsafeMutablePointer<bio_exporter>?
    /// Of a trial: another exporter lives as long as this one.
    var hasTwin = false
    private var twin: UnsafeMutablePointer<bio_exporter>?

    init(format: UnsafePointer<bio_format>, job: JobTables, tables: HostTables) {
        self.format = format
        self.job = job
        self.tables = tables
    }

    mutating func enter(_ phase: ExportPhase) -> Int32 {
        switch phase {
        case .describe, .function: return BIO_E_MISUSE
        case .create: return create()
        case .destroy:
            if let exporter, let destroy = exporter.pointee.destroy { destroy(exporter) }
            if let twin, let destroy = twin.pointee.destroy { destroy(twin) }
            (exporter, twin) = (nil, nil)
            return BIO_OK
        case .validate: return validateTwin() ?? call(exporter?.pointee.validate)
        case .plan: return call(exporter?.pointee.plan)
        case .run: return call(exporter?.pointee.run)
        }
    }

    private mutating func create() -> Int32 {
        guard exporter == nil, let create = format.pointee.create else { return BIO_E_MISUSE }
        if hasTwin {
            let code = create(format, tables.host, &twin)
            guard code == BIO_OK else { return code }
        }
        var made: UnsafeMutablePointer<bio_exporter>?
        let code = create(format, tables.host, &made)
        guard code == BIO_OK else { return code }
        guard let made else { return wrong("create returned 0, but no exporter") }
        do throws(PluginTableReader.Wrong) {
            let raw = try PluginTableReader.copy(UnsafePointer(made), bio_exporter(), "bio_exporter")
            exporter = made
            if raw.validate == nil || raw.plan == nil || raw.run == nil || raw.destroy == nil {
                return wrong("the exporter lacks one of validate, plan, run, destroy")
            }
            return BIO_OK
        } catch { return wrong(error.text) }
    }

    /// A code that is no success ends the phase.
    private func validateTwin() -> Int32? {
        guard let twin, let validate = twin.pointee.validate else { return nil }
        let code = validate(twin, job.job)
        return code == BIO_OK ? nil : code
    }

    private func call(
        _ function: (@convention(c) (UnsafeMutablePointer<bio_exporter>, UnsafePointer<bio_job>) -> Int32)?
    ) -> Int32 {
        guard let exporter, let function else { return BIO_E_MISUSE }
        return function(exporter, job.job)
    }

    private func wrong(_ text: String) -> Int32 {
        tables.fail(PluginFailure(code: BIO_E_INVALID, message: text))
        return BIO_E_INVALID
    }
}
