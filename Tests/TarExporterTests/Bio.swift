// SPDX-License-Identifier: Apache-2.0

import BioSystem
import BioTestSupport
import Glibc

/// Runs the built program in a world of its own: nothing of this process's environment reaches it.
struct Bio: Sendable {
    /// Below which packages are installed.
    var root: String
    var directory: String
    var home: String
    var temporary: String
    var keys: String
    var environment: [String: String] = [:]
    var mask = "022"
    /// A program and its arguments that start `bio` in their turn.
    var wrapper: [String] = []

    struct Outcome: Sendable {
        /// The exit code; 128 + N when a signal N ended it.
        let code: Int32
        let output: [UInt8]
        let errorText: String
        var text: String { String(decoding: output, as: UTF8.self) }
    }

    struct Missing: Error, CustomStringConvertible {
        let description: String
    }

    /// `dist/bin/bio` of this checkout.
    static let program: String = {
        let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        return "/\(root)/dist/bin/bio"
    }()

    /// Runs `bio` with these arguments to its end.
    func run(_ arguments: [String], output: String? = nil) throws -> Outcome {
        let scratch = try Scratch()
        let code = try start(arguments, output: output ?? scratch.file("out"), errors: scratch.file("err")).wait()
        return Outcome(
            code: code, output: output == nil ? try contents(of: scratch.file("out")) : [],
            errorText: String(decoding: try contents(of: scratch.file("err")), as: UTF8.self))
    }

    func run(_ arguments: String...) throws -> Outcome { try run(arguments) }

    /// `bio pkg export tar …`
    func export(_ arguments: String...) throws -> Outcome { try run(["pkg", "export", "tar"] + arguments) }

    /// Starts `bio`; the process id is its own.
    func start(
        _ arguments: [String], output: String = "/dev/null", errors: String = "/dev/null"
    ) throws -> Tool.Running {
        guard try FileStatus.of(Self.program) != nil else {
            throw Missing(description: "there is no \(Self.program): run make first")
        }
        var variables = [
            "PATH": "/usr/bin:/bin", "FS_ROOT": root, "HOME": home, "TMPDIR": temporary, "HAB_CACHE_KEY_PATH": keys,
        ]
        variables.merge(environment) { $1 }
        let settings = variables.map { "\($0.key)=\($0.value)" }.sorted()
        let script = "umask \(mask) && exec \"$@\""
        return try Tool.start(
            ["env", "-i", "-C", directory] + settings + ["sh", "-c", script, "sh"] + wrapper + [Self.program]
                + arguments, output: output, errors: errors)
    }
}
