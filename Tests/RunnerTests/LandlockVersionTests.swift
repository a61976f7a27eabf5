// SPDX-License-Identifier: Apache-2.0

import BioPluginHost
import BioTestSupport
import Testing

/// The runner where Landlock is as old as on the systems that `bio` is made for: whatever `SandboxTests` promises holds,
/// by other means, and nothing is said to be missing.
@Suite(.timeLimit(.minutes(15))) struct LandlockVersionTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let version: Int
        let attempt: SandboxTests.Attempt
        var testDescription: String { "\(attempt.name) with Landlock \(version)" }
    }

    private static let filtered = "(files outside of its directories) [BIO-P-080]"

    /// How it goes with this version, where that is not how it goes with the newest.
    private static func attempt(_ newest: SandboxTests.Attempt, _ version: Int) -> SandboxTests.Attempt {
        switch newest.name {
        // The filter has it before Landlock knows of it.
        case "truncate_outside" where version < 3: .init(newest.name, "EPERM", "truncate \(filtered)")
        case "empty_readable" where version < 3: .init(newest.name, "EPERM", "openat \(filtered)")
        // Nothing moves between directories, not even its own files.
        case "move_between" where version < 2: .init(newest.name, "EXDEV")
        default: newest
        }
    }

    static let rows = [1, 2, 6].flatMap { version in
        (SandboxTests.network + SandboxTests.files + SandboxTests.attributes + SandboxTests.processes).map {
            Row(version: version, attempt: attempt($0, version))
        }
    }

    @Test(arguments: rows) func whatIsPromisedHolds(_ row: Row) throws {
        try SandboxTests.expect(row.attempt, try LesserKernel.runner(landlock: row.version))
    }

    @Test(arguments: [1, 2, 6]) func onePluginMayStartProcessesAndNoMore(version: Int) throws {
        for (behaviour, line, note) in [
            ("run_program", "run_program went well", nil), ("write_outside", "write_outside EACCES", nil),
            (
                "empty_readable", version < 3 ? "empty_readable EPERM" : "empty_readable EACCES",
                version < 3 ? "openat \(Self.filtered)" : nil
            ),
            // From 6 on Landlock knows which processes are its own, and tells nobody.
            ("kill_host", "kill_host EPERM", version < 6 ? "kill (other processes) [BIO-P-089]" : nil),
        ] as [(String, String, String?)] {
            let world = try HostileWorld()
            let observer = Observer()
            _ = try world.export(
                behaviour, try LesserKernel.runner(landlock: version), observer: observer, startsProcesses: true)
            #expect(observer.lines == [line])
            #expect(observer.notes == [note].compactMap { $0.map { "the sandbox refused it \($0)" } })
        }
    }
}
