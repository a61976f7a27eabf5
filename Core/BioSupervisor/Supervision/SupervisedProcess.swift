// SPDX-License-Identifier: Apache-2.0

import BioDocument
import BioPackage
import BioSystem
import Glibc

/// The process of a service: one that this supervisor has started, or one that an earlier one has.
final class SupervisedProcess {
    let pid: Int32
    /// nil when it ended at once.
    let mark: ProcessMark?
    /// Of one that is not a child of this process, and is waited for by it alone.
    let watch: ProcessWatch?
    /// It has been told that it has.
    private(set) var hasEnded = false
    let output: OutputPipe
    let errors: OutputPipe
    private var outputLines = LineSplitter()
    private var errorLines = LineSplitter()
    private var closed: [ObjectIdentifier] = []

    private init(pid: Int32, mark: ProcessMark?, watch: ProcessWatch?, output: OutputPipe, errors: OutputPipe) {
        self.pid = pid
        self.mark = mark
        self.watch = watch
        self.output = output
        self.errors = errors
    }

    /// Starts the program. It and its streams outlive this supervisor: `record` keeps what a later one needs.
    static func start(
        _ request: ChildProcess.Request, of ident: QualifiedIdent, by spec: ServiceSpec, _ record: ProcessRecord
    ) throws(SystemError) -> SupervisedProcess {
        let streams = try record.makeStreams(owner: request.user?.uid)
        let input = try FileDescriptor.open("/dev/null")
        try record.write(ident, spec)
        // Without streams that outlive this supervisor the process had better not either.
        let pid = try ChildProcess.spawn(
            request, input: input.rawValue, output: streams.output.writerNumber, errors: streams.errors.writerNumber,
            diesWithParent: !streams.last, record: record.started)
        streams.output.closeWriter()
        streams.errors.closeWriter()
        return SupervisedProcess(
            pid: pid, mark: ProcessMark(recorded: record.started, boot: ProcessMark.currentBoot), watch: nil,
            output: streams.output, errors: streams.errors)
    }

    /// Takes over what `record` tells of; nil when that has ended. One that is there and cannot be looked after is ended:
    /// two of a service on the same data would be worse.
    static func recover(_ record: ProcessRecord) -> (process: SupervisedProcess, entry: ProcessRecord.Entry)? {
        guard let entry = record.read(), entry.mark.isAlive else { return nil }
        let mark = entry.mark
        guard let watch = ProcessWatch(mark), let (output, errors) = try? record.openStreams() else {
            mark.killGroup()
            for _ in 0..<200 where mark.isAlive { usleep(10_000) }
            return nil
        }
        return (
            SupervisedProcess(pid: mark.pid, mark: mark, watch: watch, output: output, errors: errors), entry
        )
    }

    /// Sends a signal to the process alone, as the original does.
    func signal(_ number: CInt) {
        guard !hasEnded else { return }
        if let watch { watch.signal(number) } else { kill(pid, number) }
    }

    /// Sends a signal to what is left of its group. Only while some of it is left the number is surely its own.
    func signalGroup(_ number: CInt) { kill(-pid, number) }

    /// Kills it, whichever group it is in by now, and what is left of its own.
    func end() {
        signal(SIGKILL)
        signalGroup(SIGKILL)
    }

    var groupIsThere: Bool { ProcessGroup.isAlive(pid) }

    /// Hands over the lines that have come.
    func drain(_ pipe: OutputPipe, _ line: (_ isError: Bool, ArraySlice<UInt8>) -> Void) {
        guard let bytes = pipe.read() else { return }
        if bytes.isEmpty { closed.append(ObjectIdentifier(pipe)) }
        if pipe === errors {
            errorLines.feed(bytes) { line(true, $0) }
        } else {
            outputLines.feed(bytes) { line(false, $0) }
        }
    }

    /// Whether the process has closed a stream of its: it stays ready for ever.
    func isAtEnd(_ pipe: OutputPipe) -> Bool { closed.contains(ObjectIdentifier(pipe)) }

    /// The last lines of a process that has ended.
    func finish(_ line: (_ isError: Bool, ArraySlice<UInt8>) -> Void) {
        hasEnded = true
        for pipe in [output, errors] {
            // No more than a pipe holds: what it left behind may go on writing.
            for _ in 0..<16 {
                guard let bytes = pipe.read(), !bytes.isEmpty else { break }
                if pipe === errors {
                    errorLines.feed(bytes) { line(true, $0) }
                } else {
                    outputLines.feed(bytes) { line(false, $0) }
                }
            }
        }
        outputLines.finish { line(false, $0) }
        errorLines.finish { line(true, $0) }
    }
}
