// SPDX-License-Identifier: Apache-2.0

import BioPluginHost
import BioSystem
import BioTestSupport
import Glibc
import Synchronization
import Testing

/// What a plugin may do to its own process. Only a child keeps it from the host.
@Suite(.timeLimit(.minutes(15))) struct HostileProcessTests {
    @Test(arguments: [("crash-validate", ExportPhase.validate), ("crash-plan", .plan), ("crash-run", .run)])
    func aCrashIsNamedWithSignalAndLastLines(_ behaviour: String, _ phase: ExportPhase) throws {
        let world = try HostileWorld()
        let error = try world.failure(behaviour, try HostileWorld.child)
        #expect(error?.problem == .crashed(phase, signal: "SIGSEGV", exitCode: nil))
        #expect(error?.lastLines == ["about to crash"])
        #expect(
            error?.description
                == "plugin 'org.biome.test.hostile' crashed with signal SIGSEGV in \(phase) [BIO-P-051]\n"
                + "its last lines:\n  | about to crash")
    }

    @Test func anAbortIsNamed() throws {
        let world = try HostileWorld()
        let error = try world.failure("abort", try HostileWorld.child)
        #expect(error?.problem == .crashed(.run, signal: "SIGABRT", exitCode: nil))
    }

    @Test func anExitIsNamedThoughItClaimsSuccess() throws {
        let world = try HostileWorld()
        let error = try world.failure("exit", try HostileWorld.child)
        #expect(error?.problem == .crashed(.run, signal: nil, exitCode: 0))
        #expect(
            error?.description
                == "plugin 'org.biome.test.hostile' ended the runner in run with exit code 0 [BIO-P-051]")
    }

    @Test(arguments: ["hang-logging", "flood-stderr-forever"])
    func talkingIsNoWork(_ behaviour: String) throws {
        var limits = PhaseLimits()
        limits.run = 2
        let world = try HostileWorld()
        let error = try world.failure(behaviour, try HostileWorld.child, limits: limits)
        #expect(error?.problem == .hung(.run, seconds: 2))
    }

    @Test(arguments: [
        ("progress-in-plan", ExportPhase.plan), ("ask-in-plan", .plan), ("ask-in-validate", .validate),
    ])
    func onlyARunMayLastForAsLongAsItWorks(_ behaviour: String, _ phase: ExportPhase) throws {
        var limits = PhaseLimits()
        (limits.validate, limits.plan) = (1, 1)
        let world = try HostileWorld()
        let error = try world.failure(behaviour, try HostileWorld.child, limits: limits)
        #expect(error?.problem == .hung(phase, seconds: 1))
    }

    @Test func aFloodOnStandardErrorKeepsItsLastLines() throws {
        let world = try HostileWorld()
        let error = try world.failure("flood-stderr", try HostileWorld.child)
        #expect(error?.problem == .crashed(.run, signal: "SIGSEGV", exitCode: nil))
        #expect(error?.lastLines.count == 20)
        #expect(
            error?.lastLines.suffix(2)
                == ["line 199999 of very many that nobody will ever read", "about to crash"])
    }

    @Test(arguments: [
        ("garbage-frame", "its message cannot be read: 255 is no runner message"),
        ("five-descriptors", "its message cannot be received: Message too long"),
        ("close-connection", "it closed its connection to the host"),
        ("ignore-answers", "it does not read what the host says"),
    ])
    func speakingPastTheTablesIsALie(_ behaviour: String, _ text: String) throws {
        let world = try HostileWorld()
        #expect(try world.failure(behaviour, try HostileWorld.child)?.problem == .lied(.run, text))
    }

    @Test func nothingOfTheUsersReachesThePlugin() throws {
        let world = try HostileWorld()
        let observer = Observer()
        _ = try world.export("look-around", try HostileWorld.child, observer: observer)
        #expect(
            observer.lines == [
                "variable LC_ALL=C.UTF-8", "variable TZ=UTC", "variable PATH=/usr/bin:/bin",
                "variable SWIFT_BACKTRACE=enable=no", "umask 022", "descriptor /dev/null", "descriptor pipe",
                "descriptor pipe", "descriptor socket", "descriptor pipe",
            ])
    }

    @Test func aChildOfThePluginGoesWithIt() throws {
        let world = try HostileWorld()
        let observer = Observer()
        let artifacts = try world.export(
            "fork", try HostileWorld.child, observer: observer, startsProcesses: true)
        #expect(artifacts.count == 1)
        #expect(observer.lines.first?.hasPrefix("child ") == true)
        #expect(try ProcessSearch.isGone(world.library))
    }
}
