// SPDX-License-Identifier: Apache-2.0

import BioPackage
import BioSystem
import Glibc

/// A hook that runs while the supervisor looks after other things. It dies with the supervisor, and with this value.
final class HookRun {
    let process: HookProcess
    let pid: Int32
    let started: Int64
    let mark: ProcessMark?
    /// When it is ended because it hangs, by the monotonic clock; nil when it may take as long as it likes.
    let deadline: Int64?
    let output: OutputPipe
    let errors: OutputPipe
    private var outputLines = LineSplitter()
    private var errorLines = LineSplitter()
    private var outputLog: HookLog
    private var errorLog: HookLog
    private(set) var isOverdue = false
    private(set) var isUnwanted = false
    private var isReaped = false
    private var closed: [ObjectIdentifier] = []

    init(_ process: HookProcess, seconds: Int64?, record: String) throws(SupervisorError) {
        self.process = process
        do throws(SystemError) {
            output = try OutputPipe()
            errors = try OutputPipe()
            outputLog = HookLog(try HookProcess.log(process.outputLog))
            errorLog = HookLog(try HookProcess.log(process.errorLog))
            let input = try FileDescriptor.open("/dev/null")
            pid = try ChildProcess.spawn(
                process.request, input: input.rawValue, output: output.writerNumber, errors: errors.writerNumber,
                diesWithParent: true, record: record)
        } catch { throw .hookNotStarted(process.kind, of: process.ident, error) }
        output.closeWriter()
        errors.closeWriter()
        started = MonotonicClock.nanoseconds
        // By its own note: it may have ended already.
        mark = ProcessMark(recorded: record, boot: ProcessMark.currentBoot)
        deadline = seconds.map { MonotonicClock.nanoseconds + $0 * 1_000_000_000 }
    }

    deinit { if !isReaped { kill(-pid, SIGKILL) } }

    var kind: Hook.Kind { process.kind }

    /// Ends it with everything in its group, because it is not wanted any more; its end is told as any other.
    func end() {
        isUnwanted = true
        if !isReaped { kill(-pid, SIGKILL) }
    }

    func endOverdue() {
        isOverdue = true
        if !isReaped { kill(-pid, SIGKILL) }
    }

    func drain(_ pipe: OutputPipe, _ line: (ArraySlice<UInt8>) -> Void) {
        guard let bytes = pipe.read() else { return }
        if bytes.isEmpty { closed.append(ObjectIdentifier(pipe)) }
        take(bytes, pipe, line)
    }

    /// Whether the hook has closed a stream of its: it stays ready for ever.
    func isAtEnd(_ pipe: OutputPipe) -> Bool { closed.contains(ObjectIdentifier(pipe)) }

    /// It has been reaped: what it had written is told.
    func finish(_ line: (ArraySlice<UInt8>) -> Void) {
        isReaped = true
        for pipe in [output, errors] {
            for _ in 0..<16 {
                guard let bytes = pipe.read(), !bytes.isEmpty else { break }
                take(bytes, pipe, line)
            }
        }
        outputLines.finish(line)
        errorLines.finish(line)
    }

    private func take(_ bytes: [UInt8], _ pipe: OutputPipe, _ line: (ArraySlice<UInt8>) -> Void) {
        if pipe === errors {
            errorLog.append(bytes)
            errorLines.feed(bytes, line)
        } else {
            outputLog.append(bytes)
            outputLines.feed(bytes, line)
        }
    }
}

/// The file of what a hook writes. A hook that floods does not fill the disk: what is beyond the
/// bound is told to the supervisor's output alone. A disk that is full does not stop the hook.
private struct HookLog: ~Copyable {
    private let descriptor: FileDescriptor
    private var room = 1 << 20

    init(_ descriptor: consuming FileDescriptor) { self.descriptor = descriptor }

    mutating func append(_ bytes: [UInt8]) {
        guard room > 0 else { return }
        let part = Array(bytes.prefix(room))
        room -= part.count
        do throws(Errno) { try descriptor.writeAll(part) } catch { room = 0 }
    }
}
