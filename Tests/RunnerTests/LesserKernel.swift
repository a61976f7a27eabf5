// SPDX-License-Identifier: Apache-2.0

import BioPluginHost
import BioTestSupport
import Synchronization
import Testing

/// Starts runners as if on a kernel that has less than this one.
final class LesserKernel: Sendable {
    private let scratch: Scratch
    private let program: String

    /// Made once for all tests, and removed by nobody but the last of them.
    private static let made: Mutex<[String: LesserKernel]> = Mutex([:])

    /// A `bio` that is started without system calls (numbers, with commas between), or with Landlock of an earlier version.
    static func runner(without calls: String = "", landlock version: Int? = nil) throws -> RunnerMode {
        let key = "\(calls) \(version ?? 0)"
        let kernel = try made.withLock { made in
            if let kernel = made[key] { return kernel }
            let kernel = try LesserKernel(without: calls, landlock: version)
            made[key] = kernel
            return kernel
        }
        return .child(executable: kernel.program)
    }

    private init(without calls: String, landlock version: Int?) throws {
        let made = try Scratch()
        program = made.file("lesser")
        var macros = ["-DMISSING=\(calls)", "-DPROGRAM=\"\(try Repository.built("dist/bin/bio"))\""]
        if let version {
            let library = made.file("landlock.so")
            try Self.compile("landlock.c", ["-shared", "-fPIC", "-DVERSION=\(version)", "-o", library])
            macros.append("-DPRELOADED=\"\(library)\"")
        }
        try Self.compile("without.c", macros + ["-o", program])
        scratch = made
    }

    private static func compile(_ source: String, _ words: [String]) throws {
        let outcome = try Tool.run(
            ["cc", "-O1", "-Wall"] + words + [Repository.path("Tests/Support/sandbox/\(source)")])
        #expect(outcome.code == 0, "\(outcome.errorText)")
    }
}
