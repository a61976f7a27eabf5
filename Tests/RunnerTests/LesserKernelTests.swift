// SPDX-License-Identifier: Apache-2.0

import BioPluginHost
import BioSystem
import BioTestSupport
import Testing

/// A kernel that lacks a part of what the sandbox is made of: the rest is enforced, and the gap is said.
@Suite(.timeLimit(.minutes(15))) struct LesserKernelTests {
    // Numbers of x86_64: landlock_create_ruleset, pidfd_getfd, seccomp.
    private static let landlock = "444"
    private static let judging = "438"
    private static let filtering = "317"
    // process_vm_readv, without which a judge cannot see what a call is about.
    private static let looking = "310"

    struct Case: Sendable, CustomTestStringConvertible {
        let missing: String
        let behaviour: String
        let lines: [String]
        let notes: [String]
        var startsProcesses = false
        var testDescription: String { "\(behaviour) without \(missing)" }
    }

    private static let prefix = "this kernel does not confine it in all: it can "
    private static let filesGap = prefix + "read and write all files of its user"
    private static let judgeGap =
        prefix + "change modes and times of all files of its user and start any number of threads"
    private static let filterGap =
        prefix + "change modes and times of all files of its user, use the network, start processes, start any number "
        + "of threads and make every system call that its user can"

    static let cases = [
        Case(missing: landlock, behaviour: "good", lines: [], notes: [filesGap]),
        Case(
            missing: landlock, behaviour: "tcp", lines: ["tcp EPERM"],
            notes: [filesGap, "the sandbox refused it socket (network) [BIO-P-082]"]),
        Case(
            missing: landlock, behaviour: "kill_host", lines: ["kill_host EPERM"],
            notes: [filesGap, "the sandbox refused it kill (other processes) [BIO-P-089]"]),
        Case(
            missing: landlock, behaviour: "kill_host", lines: ["kill_host EPERM"],
            notes: [filesGap, "the sandbox refused it kill (other processes) [BIO-P-089]"], startsProcesses: true),
        Case(
            missing: landlock, behaviour: "run_program", lines: ["run_program went well"], notes: [filesGap],
            startsProcesses: true),
        Case(
            missing: landlock, behaviour: "truncate_outside", lines: ["truncate_outside EPERM"],
            notes: [filesGap, "the sandbox refused it truncate (files outside of its directories) [BIO-P-080]"]),
        Case(missing: judging, behaviour: "tcp", lines: ["tcp EPERM"], notes: [judgeGap]),
        Case(missing: judging, behaviour: "fork_it", lines: ["fork_it EPERM"], notes: [judgeGap]),
        Case(missing: judging, behaviour: "chmod_inside", lines: ["chmod_inside went well"], notes: [judgeGap]),
        Case(missing: judging, behaviour: "write_outside", lines: ["write_outside EACCES"], notes: [judgeGap]),
        Case(missing: looking, behaviour: "chmod_inside", lines: ["chmod_inside went well"], notes: [judgeGap]),
        Case(missing: filtering, behaviour: "write_outside", lines: ["write_outside EACCES"], notes: [filterGap]),
    ]

    /// What a rule wants all of is known in full only when a runner has tried it.
    @Test func aRuleThatWantsAllOfTheSandboxEndsARunnerWithAGap() throws {
        let world = try HostileWorld()
        var bundle = PluginBundle(libraryPath: world.library)
        bundle.needsSandbox = "audited (/etc/bio/export-plugins.toml:3)"
        let error = #expect(throws: PluginError.self) {
            try PluginExport.describe(
                bundle,
                PluginExport.Runtime(mode: try LesserKernel.runner(without: Self.judging), hostVersion: "test"))
        }
        #expect(
            error?.description
                == "plugin '\(world.library)' was not started: \(Self.judgeGap), and a rule wants all of the sandbox: "
                + "audited (/etc/bio/export-plugins.toml:3) [BIO-P-005]")
        try world.expectNothingLeft()
        let whole = PluginExport.Runtime(mode: try HostileWorld.child, hostVersion: "test")
        #expect(try PluginExport.describe(bundle, whole).id == "org.biome.test.hostile")
    }

    @Test(arguments: cases)
    func whatIsMissingIsSaidAndTheRestIsEnforced(_ row: Case) throws {
        let world = try HostileWorld()
        let observer = Observer()
        let before = try treeListing(world.root)
        let mode = try LesserKernel.runner(without: row.missing)
        let artifacts = try world.export(
            row.behaviour, mode, observer: observer, startsProcesses: row.startsProcesses)
        #expect(artifacts.count == 1)
        #expect(observer.lines == row.lines)
        #expect(observer.notes == row.notes)
        let kept = try treeListing(world.root).filter { !$0.hasSuffix("out/hostile.txt") }
        #expect(kept == before)
    }
}
