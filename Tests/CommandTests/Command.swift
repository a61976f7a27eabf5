// SPDX-License-Identifier: Apache-2.0

import BioSystem
import Glibc
import Testing

/// Runs the built program as users do.
struct Command {
    struct Outcome {
        /// The exit code, or 128 and the signal as a shell has it.
        let code: Int32
        let output: String
        let errors: String
    }

    var environment: [String: String] = ["PATH": "/usr/bin:/bin"]
    var input = ""
    /// What standard input is opened from instead of `input`.
    var inputPath: String?
    /// Where standard output goes instead of into the outcome.
    var outputPath: String?

    /// Runs the program with these arguments to its end.
    func run(_ arguments: String...) throws -> Outcome {
        let scratch = try TemporaryDirectory(in: "/tmp", prefix: "bio-command-")
        let child = try start(arguments, scratch: scratch.path)
        return try finish(child, scratch: scratch.path)
    }

    /// Runs it, and calls `body` with its process id before waiting for the end.
    func run(_ arguments: [String], meanwhile body: (pid_t) throws -> Void) throws -> Outcome {
        let scratch = try TemporaryDirectory(in: "/tmp", prefix: "bio-command-")
        let child = try start(arguments, scratch: scratch.path)
        try body(child)
        return try finish(child, scratch: scratch.path)
    }

    /// `dist/bin/bio` of this checkout.
    static let program: String = {
        let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        return "/\(root)/dist/bin/bio"
    }()

    private func start(_ arguments: [String], scratch: String) throws -> pid_t {
        guard try FileStatus.of(Self.program) != nil else {
            throw Missing(description: "there is no \(Self.program): run make first")
        }
        try AtomicFile.write(Array(input.utf8), to: "\(scratch)/in")
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, inputPath ?? "\(scratch)/in", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, outputPath ?? "\(scratch)/out", O_WRONLY | O_CREAT, 0o600)
        posix_spawn_file_actions_addopen(&actions, 2, "\(scratch)/err", O_WRONLY | O_CREAT, 0o600)
        // Threads of the test runner block signals; the program is to start as a shell would start it.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
        var pid: pid_t = 0
        let result = withCStrings([Self.program] + arguments) { argv in
            withCStrings(environment.map { "\($0)=\($1)" }.sorted()) { envp in
                posix_spawn(&pid, Self.program, &actions, &attributes, argv, envp)
            }
        }
        guard result == 0 else { throw SystemError("start", Self.program, Errno(rawValue: result)) }
        return pid
    }

    private func finish(_ child: pid_t, scratch: String) throws -> Outcome {
        var status: CInt = 0
        while waitpid(child, &status, 0) < 0 && errno == EINTR {}
        let signal = status & 0x7F
        return Outcome(
            code: signal == 0 ? (status >> 8) & 0xFF : 128 + signal,
            output: outputPath == nil ? try text("\(scratch)/out") : "", errors: try text("\(scratch)/err"))
    }

    private func text(_ path: String) throws -> String {
        String(decoding: try FileDescriptor.open(path).readToEnd(limit: 1 << 24), as: UTF8.self)
    }

    private struct Missing: Error, CustomStringConvertible { let description: String }
}

private func withCStrings<Result>(
    _ strings: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Result
) -> Result {
    var pointers = strings.map { strdup($0) }
    defer { for pointer in pointers { free(pointer) } }
    pointers.append(nil)
    return pointers.withUnsafeBufferPointer { body($0.baseAddress!) }
}
