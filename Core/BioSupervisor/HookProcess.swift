// SPDX-License-Identifier: Apache-2.0

import BioPackage
import BioSystem
import Glibc

/// A rendered hook as a process: the program in `svc/NAME/hooks`, its output in `svc/NAME/logs`.
struct HookProcess {
    let kind: Hook.Kind
    let ident: QualifiedIdent
    let directory: ServiceDirectory
    let user: ChildProcess.Identity?
    /// `NAME=VALUE`
    let variables: [String]

    var program: String { "\(directory.hooks)/\(kind.rawValue)" }
    var outputLog: String { "\(directory.logs)/\(kind.rawValue).stdout.log" }
    var errorLog: String { "\(directory.logs)/\(kind.rawValue).stderr.log" }

    /// How much of the log an error shows.
    private static let (shownBytes, shownLines) = (4096, 10)

    /// Writes `text` as the program, unless it is there.
    /// - Returns: whether it was not.
    @discardableResult func write(_ text: String) throws(SupervisorError) -> Bool {
        let bytes = Array(text.utf8)
        if try TextFile.bytes(program, limit: Hook.templateLimit * 8) == bytes { return false }
        do throws(SystemError) { try AtomicFile.write(bytes, to: program, mode: 0o755, synchronizing: false) } catch {
            throw .system(error)
        }
        return true
    }

    /// Runs the program to its end. When the wish comes that it stops, it is ended with everything in its process group.
    func run(_ cancellation: Cancellation) throws(SupervisorError) -> ChildProcess.Ending {
        var child: ChildProcess
        do throws(SystemError) { child = try start(request) } catch {
            throw .hookNotStarted(kind, of: ident, error)
        }
        guard let ending = child.run(cancellation) else { throw .cancelled }
        return ending
    }

    /// What is started.
    var request: ChildProcess.Request {
        var request = ChildProcess.Request(program)
        request.variables = variables
        request.directory = directory.path
        request.user = user
        return request
    }

    private func start(_ request: ChildProcess.Request) throws(SystemError) -> ChildProcess {
        let input = try FileDescriptor.open("/dev/null")
        let output = try Self.log(outputLog)
        let errors = try Self.log(errorLog)
        return try ChildProcess(request, input: input, output: output, errors: errors)
    }

    /// A fresh log; what the last run wrote goes.
    static func log(_ path: String) throws(SystemError) -> FileDescriptor {
        try FileDescriptor.open(path, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_NOFOLLOW | O_NONBLOCK, mode: 0o644)
    }

    /// The last lines of what it wrote to standard error; none when they cannot be read.
    var lastLines: [String] {
        guard let file = try? FileDescriptor.open(errorLog, O_RDONLY | O_NOFOLLOW | O_NONBLOCK),
            let size = try? file.status().size
        else { return [] }
        let isWhole = size <= Self.shownBytes
        if !isWhole { lseek(file.rawValue, off_t(size) - off_t(Self.shownBytes), SEEK_SET) }
        guard let bytes = try? file.readToEnd(limit: 2 * Self.shownBytes) else { return [] }
        // Bytes: to Swift a carriage return and a line feed are one character, which is neither.
        var lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        if lines.last?.isEmpty == true { lines.removeLast() }
        // Only the end of the first one is there, unless it is the only one.
        if !isWhole && lines.count > 1 { lines.removeFirst() }
        return lines.suffix(Self.shownLines).map { line in
            String(decoding: line.last == UInt8(ascii: "\r") ? line.dropLast() : line, as: UTF8.self)
        }
    }
}
