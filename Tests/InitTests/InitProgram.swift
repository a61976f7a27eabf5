// SPDX-License-Identifier: Apache-2.0

import BioSystem
import BioTestSupport
import Glibc
import Testing

/// `bio-init` as `make` has packed it, and a service for it.
struct InitService: ~Copyable {
    let scratch: Scratch

    /// Unpacked once for all tests.
    private final class Program: Sendable {
        private let scratch: Scratch
        let path: String

        init() throws {
            let made = try Scratch()
            guard chmod(made.path, 0o755) == 0 else { throw SystemError("change the mode of", made.path) }
            let share = try Repository.built("dist/share/bio")
            let packed = try Directory.names("\(share)/packages").map { String(decoding: $0, as: UTF8.self) }
                .first { $0.hasPrefix("biome-bio-init-") }
            let outcome = try Tool.run(
                [try Repository.built("dist/bin/bio"), "pkg", "install", "\(share)/packages/\(packed ?? "bio-init")"],
                environment: ["FS_ROOT": made.path, "HOME": made.path, "HAB_CACHE_KEY_PATH": "\(share)/keys"])
            guard outcome.code == 0, let ident = outcome.text.split(separator: "\n").last else {
                throw BuiltBio.Missing(description: "bio-init is not installed: \(outcome.errorText)")
            }
            path = made.file("hab/pkgs/\(ident)/bin/bio-init")
            scratch = made
        }
    }

    private static let compiled = Result { try Program() }

    static func program() throws -> String { try compiled.get().path }

    init() throws {
        let made = try Scratch()
        // The service's user reads what is in it.
        guard chmod(made.path, 0o755) == 0 else { throw SystemError("change the mode of", made.path) }
        scratch = made
    }

    /// Writes a program for a hook; its path.
    func hook(_ name: String, _ text: String, interpreter: String = "/bin/sh") throws -> String {
        let path = scratch.file(name)
        try AtomicFile.write(Array("#!\(interpreter)\n\(text)\n".utf8), to: path, mode: 0o755)
        return path
    }

    /// Writes the description, with the lines that each has.
    func spec(_ lines: String...) throws -> String {
        try scratch.write(
            Array((["bio-init 1", "service web"] + lines + [""]).joined(separator: "\n").utf8), to: "spec")
    }

    func run(_ words: [String], environment: [String: String] = [:]) throws -> Tool.Outcome {
        try Tool.run([Self.program()] + words, environment: environment)
    }

    func start(_ spec: String) throws -> Tool.Running {
        try Tool.start([Self.program(), spec], output: scratch.file("out"), errors: scratch.file("err"))
    }

    /// What it has written so far.
    var output: String { (try? contents(of: scratch.file("out"))).map { String(decoding: $0, as: UTF8.self) } ?? "" }
    var errors: String { (try? contents(of: scratch.file("err"))).map { String(decoding: $0, as: UTF8.self) } ?? "" }

    /// Waits until it has written `text`.
    func wait(for text: String) throws {
        for _ in 0..<3000 {
            if output.contains(text) { return }
            usleep(20_000)
        }
        struct Silent: Error { let wanted, output: String }
        throw Silent(wanted: text, output: output)
    }
}
