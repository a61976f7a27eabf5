// SPDX-License-Identifier: Apache-2.0

import BioSystem
import Glibc

/// Runs real programs for tests that need a judge. A program that is missing is a failure, not a skip.
package struct Tool {
    package struct Missing: Error, CustomStringConvertible {
        package let name: String
        package var description: String { "'\(name)' is needed by this test and is not installed" }
    }

    package struct Outcome: Sendable {
        /// The exit code; 128 + N when a signal N ended it.
        package let code: Int32
        package let output: [UInt8]
        package let errors: [UInt8]
        package var text: String { String(decoding: output, as: UTF8.self) }
        package var errorText: String { String(decoding: errors, as: UTF8.self) }
    }

    /// A process that is still running.
    package struct Running: Sendable {
        package let pid: Int32

        package func kill(_ signal: Int32 = SIGKILL) { _ = Glibc.kill(pid, signal) }

        /// Waits for the end: the exit code, or 128 + N.
        package func wait() -> Int32 {
            var status: Int32 = 0
            while waitpid(pid, &status, 0) < 0 && errno == EINTR {}
            return status & 0x7f == 0 ? (status >> 8) & 0xff : 128 + (status & 0x7f)
        }
    }

    /// Runs `arguments[0]` (looked up in PATH) to its end. `input` becomes its standard input.
    package static func run(
        _ arguments: [String], environment extra: [String: String] = [:], input: [UInt8] = []
    ) throws -> Outcome {
        let scratch = try Scratch()
        let standardInput = try scratch.write(input, to: "in")
        let running = try start(
            arguments, environment: extra, input: standardInput, output: scratch.file("out"),
            errors: scratch.file("err"))
        let code = running.wait()
        return Outcome(
            code: code, output: try contents(of: scratch.file("out")), errors: try contents(of: scratch.file("err")))
    }

    /// Starts `arguments[0]` with files for its three streams.
    package static func start(
        _ arguments: [String], environment extra: [String: String] = [:], input: String = "/dev/null",
        output: String = "/dev/null", errors: String = "/dev/null"
    ) throws -> Running {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, input, O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
        posix_spawn_file_actions_addopen(&actions, 2, errors, O_WRONLY | O_CREAT | O_TRUNC, 0o644)

        var variables: [String] = extra.map { "\($0.key)=\($0.value)" }
        var entry = environ
        while let text = entry.pointee.map({ String(cString: $0) }) {
            if let name = text.split(separator: "=", maxSplits: 1).first, extra[String(name)] == nil {
                variables.append(text)
            }
            entry += 1
        }
        let argv = arguments.map { strdup($0) } + [nil]
        let envp = variables.map { strdup($0) } + [nil]
        defer { for pointer in argv + envp { free(pointer) } }
        // Threads of the test runner block signals; a program is to start as a shell would start it.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
        var pid: pid_t = 0
        let result = posix_spawnp(&pid, arguments[0], &actions, &attributes, argv, envp)
        // A missing input says ENOENT too.
        if result == ENOENT, access(input, R_OK) == 0 { throw Missing(name: arguments[0]) }
        guard result == 0 else { throw SystemError("run", arguments[0], Errno(rawValue: result)) }
        return Running(pid: pid)
    }
}
