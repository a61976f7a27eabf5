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
            case .start(let library, let version, let showsDebug)? = try? HostMessage(parsing: packet.bytes),
            let cancelEvent = packet.takeDescriptor()
        else { return }
        let tables = HostTables(channel: channel, cancelEvent: cancelEvent.rawValue, showsDebug: showsDebug)
        let plugin: PluginLibrary
        do throws(LoadRefusal) {
            plugin = try PluginLibrary(
                path: library, hostVersion: version, host: tables.host, memory: tables.memory)
        } catch {
            tables.tell(.loadFailed(error.failure))
            return
        }
        guard describe(plugin) else { return }
        export(plugin, tables)
        // The event is closed only here: the plugin may poll it until destroy returns.
        _ = consume cancelEvent
    }

    private func describe(_ plugin: PluginLibrary) -> Bool {
        var frame = FrameWriter()
        plugin.description.write(to: &frame)
        guard let file = try? MemoryFile.make(frame.bytes, name: "the plugin's description") else { return false }
        return (try? channel.send(RunnerMessage.described.bytes, descriptors: [file.rawValue])) != nil
    }

    /// Reads the job; the file is closed before the plugin is entered.
    private static func snapshot(_ file: consuming FileDescriptor) -> JobSnapshot? {
        guard let bytes = try? MemoryFile.read(file, name: "the job", limit: 1 << 30) else { return nil }
        return try? JobSnapshot(parsing: bytes)
    }

    private func export(_ plugin: PluginLibrary, _ tables: HostTables) {
        guard var packet = try? channel.receive(), case .job(let id)? = try? HostMessage(parsing: packet.bytes),
            let file = packet.takeDescriptor(), let snapshot = Self.snapshot(file),
            let format = plugin.format(id)
        else { return }
        var life = ExporterLife(format: format, job: JobTables(snapshot, memory: tables.memory), tables: tables)
        while let packet = try? channel.receive() {
            guard case .call(let phase)? = try? HostMessage(parsing: packet.bytes) else { return }
            tables.phase = phase
            let code = life.enter(phase)
            // Taken in any case: a reason given in this phase is none for the next.
            let failure = tables.takeFailure()
            tables.tell(.ended(phase: phase, code: code, failure: code == BIO_OK ? nil : failure))
            if phase == .destroy { return }
        }
        _ = life.enter(.destroy)
    }
}

/// One exporter from create to destroy.
private struct ExporterLife {
    let format: UnsafePointer<bio_format>
    let job: JobTables
    let tables: HostTables
    private var exporter: UnsafeMutablePointer<bio_exporter>?

    init(format: UnsafePointer<bio_format>, job: JobTables, tables: HostTables) {
        self.format = format
        self.job = job
        self.tables = tables
    }

    mutating func enter(_ phase: ExportPhase) -> Int32 {
        switch phase {
        case .describe: return BIO_E_MISUSE
        case .create: return create()
        case .destroy:
            if let exporter, let destroy = exporter.pointee.destroy { destroy(exporter) }
            exporter = nil
            return BIO_OK
        case .validate: return call(exporter?.pointee.validate)
        case .plan: return call(exporter?.pointee.plan)
        case .run: return call(exporter?.pointee.run)
        }
    }

    private mutating func create() -> Int32 {
        guard exporter == nil, let create = format.pointee.create else { return BIO_E_MISUSE }
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
