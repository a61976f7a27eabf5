// SPDX-License-Identifier: Apache-2.0

import BioTestSupport
import Glibc
import Testing

@testable import BioSystem

/// The filter, Landlock and the judge by themselves, in each version of Landlock: what they refuse, and that what they
/// refuse has done no harm. The kernel that runs the tests must have the newest of them.
@Suite(.timeLimit(.minutes(15))) struct SandboxTests {
    private struct Probe: ~Copyable {
        private let scratch: Scratch

        init() throws {
            let made = try Scratch()
            for directory in ["own", "given"] { try Directory.create(made.file(directory)) }
            for file in ["own/file", "own/judges", "given/file"] {
                try AtomicFile.write(Array("kept\n".utf8), to: made.file(file), mode: 0o600)
            }
            scratch = made
        }

        func run(_ attempt: String, landlock version: Int) throws -> String {
            let outcome = try Tool.run([try SandboxTests.program.get().path, "\(version)", attempt, scratch.path])
            #expect(outcome.code == 0, "\(outcome.errorText)")
            return String(outcome.text.dropLast())
        }

        /// `600 5`: mode and size.
        func state(of file: String) throws -> String {
            String(try Tool.run(["stat", "-c", "%a %s", scratch.file(file)]).text.dropLast())
        }
    }

    /// Compiled once for all tests.
    private final class Program: Sendable {
        private let scratch: Scratch
        let path: String

        init() throws {
            let made = try Scratch()
            path = made.file("probe")
            let sources = ["landlock", "filter", "judge"].map { Repository.path("Core/CSystem/\($0).c") }
            let outcome = try Tool.run(
                ["cc", "-std=gnu11", "-O1", "-Wall", "-Werror"]
                    + ["-I\(Repository.path("Core/CSystem/include"))", "-o", path]
                    + [Repository.path("Tests/Support/sandbox/probe.c")] + sources)
            #expect(outcome.code == 0, "\(outcome.errorText)")
            scratch = made
        }
    }

    private static let program = Result { try Program() }

    private static let versions = Array(1...7)

    @Test(arguments: versions) func aFileThatMayBeReadIsNotEmptied(version: Int) throws {
        let told = { (call: String) in version < 3 ? "EPERM, told \(call)" : "EACCES" }
        for (attempt, result) in [
            ("read_given", "went well"), ("write_given", "EACCES"), ("empty_given", told("openat")),
            ("empty_by_old_call", told("open")), ("empty_by_mode_three", told("openat")),
            ("empty_by_new_call", version < 3 ? "ENOSYS" : "EACCES"), ("empty_by_truncate", told("truncate")),
        ] {
            let probe = try Probe()
            #expect(try probe.run(attempt, landlock: version) == result, "\(attempt)")
            #expect(try probe.state(of: "given/file") == "600 5", "\(attempt)")
        }
    }

    @Test(arguments: versions) func itsOwnFileMayBeEmptied(version: Int) throws {
        for attempt in ["empty_own", "rewrite_own"] {
            let probe = try Probe()
            #expect(try probe.run(attempt, landlock: version) == "went well", "\(attempt)")
            #expect(try probe.state(of: "own/file") == "600 0", "\(attempt)")
        }
    }

    /// The same number is another file of the judge's: it is the caller's that is meant.
    @Test(arguments: ["own_by_proc", "own_by_thread", "own_by_dev", "own_by_name", "own_without_following"])
    func aDescriptorIsTheCallersOwn(attempt: String) throws {
        let probe = try Probe()
        #expect(try probe.run(attempt, landlock: 7) == "went well")
        #expect(try probe.state(of: "own/file") == "711 5")
        #expect(try probe.state(of: "own/judges") == "600 5")
    }

    @Test func noLinkLeadsToTheJudgesDescriptors() throws {
        let probe = try Probe()
        #expect(try probe.run("own_by_link", landlock: 7) == "ELOOP")
        #expect(try probe.state(of: "own/judges") == "600 5")
    }

    /// A thread beside would stay as it is: this process has many, so nothing at all is done to it.
    @Test func onlyAProcessOfOneThreadIsConfined() throws {
        let error = #expect(throws: SystemError.self) {
            _ = try Sandbox.enter(SandboxRequest(writable: [], readable: []))
        }
        #expect(error?.description == "cannot confine all threads of 'the plugin runner': Device or resource busy")
    }

    @Test(arguments: [
        ("shown", "reachable, counted"), ("hidden", "not reachable, counted"), ("gone", "not reachable, not counted"),
    ])
    func whetherAProcessCanBeJudgedIsTried(_ process: String, _ result: String) throws {
        let outcome = try Tool.run([try Self.program.get().path, process])
        #expect(outcome.code == 0, "\(outcome.errorText)")
        #expect(outcome.text == "\(result)\n")
    }

    @Test func whatCannotBeJudgedIsMissing() throws {
        #expect(!SandboxJudge.unable(getpid()).contains(.attributes))
        #expect(!SandboxJudge.unable(getpgrp()).contains(.threads))
        #expect(SandboxJudge.unable(Int32.max) == [.attributes, .threads])
        let report = SandboxReport(missing: [.files, .threads])
        #expect(report.lacking([.threads, .attributes]).missing == [.files, .attributes, .threads])
        #expect(report.lacking([]) == report)
    }

    @Test(arguments: [
        ("stay_after_parent", "EPERM, told prctl"), ("weaker_signal", "EPERM, told prctl"),
        ("same_signal", "went well"), ("name_thread", "went well"),
        ("take_message", "EPERM, told msgrcv"), ("take_semaphore", "EPERM, told semtimedop"),
        ("take_semaphore_by_old_call", "EPERM, told semop"), ("take_semaphore_in_time", "EPERM, told semtimedop"),
        ("foreign_pair", "EPERM, told socketpair"), ("own_pair", "went well"),
        ("count_bytes", "went well"), ("ask_block_size", "ENOTTY"), ("seal_for_good", "EPERM, told ioctl"),
        ("type_into_terminal", "EPERM, told ioctl"), ("make_subvolume", "ENOTTY"),
    ])
    func anAttemptIsRefusedOrNot(_ attempt: String, _ result: String) throws {
        let probe = try Probe()
        #expect(try probe.run(attempt, landlock: 7) == result)
    }
}
