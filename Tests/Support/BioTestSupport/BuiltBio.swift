// SPDX-License-Identifier: Apache-2.0

import BioSystem
import Glibc

/// Runs the built program in a world of its own: nothing of this process's environment reaches it.
package struct BuiltBio: Sendable {
    /// Below which packages are installed.
    package var root: String
    package var directory: String
    package var home: String
    package var temporary: String
    package var keys: String
    package var environment: [String: String] = [:]
    package var mask = "022"
    /// A program and its arguments that start `bio` in their turn.
    package var wrapper: [String] = []

    package struct Outcome: Sendable {
        /// The exit code; 128 + N when a signal N ended it.
        package let code: Int32
        package let output: [UInt8]
        package let errorText: String
        package var text: String { String(decoding: output, as: UTF8.self) }
    }

    package struct Missing: Error, CustomStringConvertible {
        package let description: String
        package init(description: String) { self.description = description }
    }

    /// `dist/bin/bio` of this checkout.
    package static let program: String = {
        let root = #filePath.split(separator: "/").dropLast(4).joined(separator: "/")
        return "/\(root)/dist/bin/bio"
    }()

    package init(root: String, directory: String, home: String, temporary: String, keys: String) {
        self.root = root
        self.directory = directory
        self.home = home
        self.temporary = temporary
        self.keys = keys
    }

    /// Runs `bio` with these arguments to its end.
    package func run(_ arguments: [String], output: String? = nil) throws -> Outcome {
        let scratch = try Scratch()
        let code = try start(arguments, output: output ?? scratch.file("out"), errors: scratch.file("err")).wait()
        return Outcome(
            code: code, output: output == nil ? try contents(of: scratch.file("out")) : [],
            errorText: String(decoding: try contents(of: scratch.file("err")), as: UTF8.self))
    }

    package func run(_ arguments: String...) throws -> Outcome { try run(arguments) }

    /// Starts `bio`; the process id is its own.
    package func start(
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
