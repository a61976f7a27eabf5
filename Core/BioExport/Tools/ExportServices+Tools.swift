// SPDX-License-Identifier: Apache-2.0

import BioSystem
import CSystem
import Glibc

/// `bio.host.secret/1` and `bio.host.tool/1` in Swift.
extension ExportServices {
    static let mostSecrets = 16
    static let mostToolRuns = 256
    /// Seconds.
    static let longestToolRun: UInt32 = 3600
    static let usualToolRun: UInt32 = 60
    static let mostToolArguments = 256
    /// Handles are not guessable numbers by accident: kind in the high word, count in the low.
    private static let secretKind: UInt64 = 0x7365_6300_0000_0000
    /// Bytes: what is returned, what a file can get, what is returned of the errors.
    private static let toolOutput = 64 << 10
    private static let toolFile: Int64 = 1 << 30
    private static let toolErrors = 4 << 10

    package func openSecret(_ option: String) throws(ServiceError) -> UInt64 {
        guard secrets.count < Self.mostSecrets else {
            throw ServiceError(.limit, "the plugin opened more than \(Self.mostSecrets) secrets")
        }
        guard let value = options[option] else {
            throw ServiceError(
                .invalid, "the plugin takes a secret from the option '\(option)', which it does not have")
        }
        guard case .text(let path, OptionValue.pathKind) = value.content else {
            throw ServiceError(.invalid, "the plugin takes a secret from --\(option), which names no file")
        }
        let secret = try reach.secrets.firstLine(of: path, option: option, cancellation)
        let handle = Self.secretKind | UInt64(secrets.count + 1)
        secrets[handle] = secret
        return handle
    }

    package func runTool(_ request: ToolRequest) throws(ServiceError) -> ToolOutcome {
        guard isRunning else { throw ServiceError(.misuse, "the plugin ran '\(request.program)' outside of run") }
        let path = try reach.tools.path(of: request.program)
        try check(request)
        let input = try toolInput(request.input)
        let secret = try secretDescriptor(request.secret)
        defer { if let secret { close(secret) } }
        let output = try toolOutput(request.output)
        defer { if let output { close(output) } }
        toolRuns.append(request.program)

        var start = ChildProcess.Request(path)
        start.arguments = request.arguments
        start.variables = reach.tools.variables
        start.directory = workspace.scratchDirectory
        let recording = ChildRecording(
            start,
            limits: .init(
                output: Self.toolOutput, file: Self.toolFile, errors: 2 * Self.toolOutput,
                seconds: Int(request.seconds == 0 ? Self.usualToolRun : request.seconds)),
            cancellation: cancellation)
        do throws(ChildRecording.Failure) {
            let outcome = try recording.run(input: input, file: output, third: secret)
            let output = String(decoding: redacted(outcome.output), as: UTF8.self)
            // What is no text has become longer, and so has what held secrets.
            guard output.utf8.count <= Self.toolOutput else { throw ChildRecording.Failure.tooLong }
            return ToolOutcome(
                exitCode: outcome.ending.shellCode, output: output, errors: Self.end(of: redacted(outcome.errors)))
        } catch { throw Self.refusal(request, error) }
    }

    private func check(_ request: ToolRequest) throws(ServiceError) {
        guard toolRuns.count < Self.mostToolRuns else {
            throw ServiceError(.limit, "the plugin ran more than \(Self.mostToolRuns) programs")
        }
        guard request.seconds <= Self.longestToolRun else {
            throw ServiceError(
                .invalid, "the plugin gives '\(request.program)' \(request.seconds) seconds, more than an hour")
        }
        guard request.arguments.count <= Self.mostToolArguments else {
            throw ServiceError(
                .limit,
                "the plugin gives '\(request.program)' \(request.arguments.count) arguments, at most "
                    + "\(Self.mostToolArguments) can be")
        }
        // A C string ends at its first NUL: the program would get another argument than the one that is told.
        guard request.arguments.allSatisfy({ !$0.utf8.contains(0) }) else {
            throw ServiceError(.invalid, "the plugin gives '\(request.program)' an argument with a NUL")
        }
    }

    private static func refusal(_ request: ToolRequest, _ failure: ChildRecording.Failure) -> ServiceError {
        let program = request.program
        return switch failure {
        case .system(let error): ServiceError(.io, "'\(program)' cannot be run: \(error)", hint: error.hint)
        case .cancelled: ServiceError(.cancelled, "the user asked to stop")
        case .tooSlow:
            ServiceError(
                .limit,
                "'\(program)' was ended after \(request.seconds == 0 ? usualToolRun : request.seconds) seconds",
                hint: "it may wait for an answer that nobody can give it: a passphrase, a question", fault: .machine)
        case .tooLong: ServiceError(.limit, "'\(program)' printed more than is allowed and was ended", fault: .machine)
        }
    }

    // MARK: - Streams

    private func toolInput(_ path: String) throws(ServiceError) -> FileDescriptor {
        guard !path.isEmpty else {
            do throws(SystemError) { return try FileDescriptor.open("/dev/null") } catch {
                throw ServiceError(.io, "\(error)", hint: error.hint)
            }
        }
        return try openWritten(path, for: "the input of a program")
    }

    /// A descriptor for the caller to close.
    private func toolOutput(_ path: String) throws(ServiceError) -> CInt? {
        guard !path.isEmpty else { return nil }
        try checkNew(path)
        do throws(SystemError) {
            let directory = try FileDescriptor.open(workspace.outDirectory, O_RDONLY | O_DIRECTORY)
            return try directory.openBeneath(Array(path.utf8), O_WRONLY | O_CREAT | O_EXCL, mode: 0o600).release()
        } catch {
            switch error.errno {
            case .exists: throw ServiceError(.exists, "the output of a program would replace '\(path)'")
            case .noSuchFile:
                throw ServiceError(.notFound, "the directory for the output '\(path)' of a program is not there")
            default: throw ServiceError(.io, "cannot write '\(path)': \(error.errno)")
            }
        }
    }

    /// In memory alone; a descriptor for the caller to close.
    private func secretDescriptor(_ handle: UInt64) throws(ServiceError) -> CInt? {
        guard handle != 0 else { return nil }
        guard let secret = secrets[handle] else {
            throw ServiceError(.handle, "0x\(String(handle, radix: 16)) is no secret of this export")
        }
        let file = FileDescriptor(owning: bio_memfd("secret"))
        do throws(Errno) {
            guard file.rawValue >= 0 else { throw .current }
            try file.writeAll(secret)
        } catch { throw ServiceError(.io, "cannot hand a secret to a program: \(error)") }
        lseek(file.rawValue, 0, SEEK_SET)
        return file.release()
    }

    // MARK: - What a plugin may read

    private func redacted(_ bytes: [UInt8]) -> [UInt8] {
        // The longest first: one may be inside another.
        secrets.values.sorted { $0.count > $1.count }.reduce(bytes) { $0.replacing($1, with: "***".utf8) }
    }

    /// The last bytes, from the beginning of a character on.
    private static func end(of bytes: [UInt8]) -> String {
        // What is no text becomes three times as long.
        var end = bytes.suffix(toolErrors)
        while true {
            let text = String(decoding: end.drop { $0 & 0xC0 == 0x80 }, as: UTF8.self)
            if text.utf8.count <= toolErrors { return text }
            end = end.suffix(end.count / 2)
        }
    }
}
