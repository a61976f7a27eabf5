// SPDX-License-Identifier: Apache-2.0

import BioDocument
import BioPackage
import BioSystem
import Glibc

/// What is kept of a service's processes for a supervisor that comes after a kill of this one: `sup/default/run/NAME`.
/// The numbers are written by the processes themselves before they execute anything: no kill falls between.
struct ProcessRecord: Hashable, Sendable {
    let directory: String

    private var file: String { "\(directory)/process" }
    private var told: String { "\(directory)/told" }
    /// Of the run hook.
    var started: String { "\(directory)/started" }
    /// Of the hook that runs.
    var hook: String { "\(directory)/hook" }

    func create() throws(SystemError) { try Directory.create(directory, mode: 0o700) }

    /// `last` tells whether they outlive this supervisor: not on a file system without FIFOs.
    func makeStreams(
        owner: UInt32?
    ) throws(SystemError) -> (output: OutputPipe, errors: OutputPipe, last: Bool) {
        do throws(SystemError) {
            try create()
            return (
                try OutputPipe(fifo: "\(directory)/out", keeping: false, owner: owner),
                try OutputPipe(fifo: "\(directory)/err", keeping: false, owner: owner), true
            )
        } catch {
            guard [EPERM, EOPNOTSUPP, ENOSYS].contains(error.errno.rawValue) else { throw error }
            return (try OutputPipe(), try OutputPipe(), false)
        }
    }

    func openStreams() throws(SystemError) -> (OutputPipe, OutputPipe) {
        (
            try OutputPipe(fifo: "\(directory)/out", keeping: true),
            try OutputPipe(fifo: "\(directory)/err", keeping: true)
        )
    }

    /// Says what is about to be started, and by which spec; what an earlier process has left goes.
    func write(_ ident: QualifiedIdent, _ spec: ServiceSpec) throws(SystemError) {
        if unlink(started) != 0 && errno != ENOENT { throw SystemError("remove", started) }
        let value: DocumentValue = [
            "ident": .string(ident.description), "boot": .string(ProcessMark.currentBoot), "spec": spec.document,
        ]
        try AtomicFile.write(value.jsonBytes(.compact), to: file, mode: 0o600, synchronizing: false)
    }

    /// What it tells of a process.
    struct Entry {
        let mark: ProcessMark
        let ident: QualifiedIdent
        /// What it was started by; nil when nobody has noted that.
        let spec: ServiceSpec?
    }

    /// nil when there is none, or one that says nothing.
    func read() -> Entry? {
        guard let (value, boot) = contents,
            let ident = value["ident"]?.string.flatMap({ try? QualifiedIdent(parsing: $0) }),
            let mark = ProcessMark(recorded: started, boot: boot)
        else { return nil }
        let spec = value["spec"].flatMap { try? ServiceSpec($0, path: file) }
        return Entry(mark: mark, ident: ident, spec: spec?.name == ident.name ? spec : nil)
    }

    private var contents: (DocumentValue, boot: String)? {
        guard let bytes = try? TextFile.bytes(file, limit: 1 << 18),
            let value = try? DocumentValue(json: String(decoding: bytes, as: UTF8.self)),
            let boot = value["boot"]?.string
        else { return nil }
        return (value, boot)
    }

    /// Ends what a hook of a killed supervisor has left: the hook itself has died with it.
    func endHook() {
        guard let mark = ProcessMark(recorded: hook, boot: ProcessMark.currentBoot) else { return }
        // Of an earlier run of the system only when nobody has the number since.
        mark.killGroup()
        unlink(hook)
    }

    /// What the process was told last; nil when nobody knows.
    var configuration: ToldConfiguration? {
        get { (try? TextFile.text(told, limit: 4096)).flatMap { $0 }.flatMap { ToldConfiguration($0) } }
        nonmutating set {
            guard let newValue else { return }
            try? AtomicFile.write(Array(newValue.text.utf8), to: told, mode: 0o600, synchronizing: false)
        }
    }

    func remove() { try? Directory.remove(directory) }
}
