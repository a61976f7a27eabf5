// SPDX-License-Identifier: Apache-2.0

import BioCrypto
import BioSystem
import BioTestSupport
import Glibc
import Testing

@testable import BioPluginHost

@Suite struct QuarantineTests {
    private static let library = Digest.blake2b256(of: [1])
    private static let day: Int64 = 24 * 3600
    private static let start: Int64 = 1_795_000_000

    private static func crash(
        _ time: Int64, _ id: String = "com.acme.thing", library: Digest = library, host: String = "1"
    ) -> CrashRecord {
        CrashRecord(time: start + time, id: id, library: library, host: host, how: "signal SIGSEGV in run")
    }

    private static func hold(_ times: [Int64], at now: Int64) -> Quarantine.Hold? {
        Quarantine(times.map { crash($0) }, host: "1", now: start + now).hold("com.acme.thing", library: library)
    }

    @Test func threeCrashesWithinADayRestForAWeek() {
        let hold = Self.hold([0, 10, Self.day], at: Self.day + 1)
        #expect(hold?.count == 3 && hold?.until == Self.start + 8 * Self.day)
        #expect(hold?.sentence == "3 crashes within a day, the last with signal SIGSEGV in run")
        #expect(hold?.day == "2026-11-26")
        #expect(Self.hold([0, 10], at: 11) == nil)
        #expect(Self.hold([0, 10, Self.day + 1], at: Self.day + 2) == nil)
        #expect(Self.hold([0, 1, 2], at: 7 * Self.day - 1) != nil)
        #expect(Self.hold([0, 1, 2], at: 7 * Self.day + 2) == nil)
    }

    @Test func aClockThatWasWrongIsNoReason() {
        #expect(Self.hold([100, 101, 102], at: 50) == nil)
    }

    @Test func anotherLibraryAndAnotherBioStartAnew() {
        let crashes = [0, 1, 2].map { Self.crash($0) }
        let same = Quarantine(crashes, host: "1", now: Self.start + 3)
        #expect(same.isSuspect("com.acme.thing") && same.crashes(of: "com.acme.thing") == 3)
        #expect(same.hold("com.acme.thing", library: Digest.blake2b256(of: [2])) == nil)
        #expect(same.hold("com.acme.other", library: Self.library) == nil)
        #expect(!Quarantine(crashes, host: "2", now: Self.start + 3).isSuspect("com.acme.thing"))
    }

    @Test func theFileKeepsWhatMatters() throws {
        let scratch = try Scratch()
        let log = CrashLog(path: scratch.file("state/bio/crashes.json"))
        #expect(log.records() == [])
        for time in 0..<6 { try log.add(Self.crash(Int64(time))) }
        #expect(log.records().map(\.time) == [3, 4, 5].map { Self.start + $0 })
        try log.add(Self.crash(6, "org.other"))
        #expect(log.records().count == 4)
        try log.add(Self.crash(8 * Self.day, "org.third"))
        #expect(log.records().map(\.id) == ["org.third"])
        #expect(try log.clear("nobody.there") == 0 && log.clear("org.third") == 1)
        #expect(log.records() == [])
        #expect(try FileStatus.of(log.path)?.mode == 0o600)
    }

    @Test func theFileStaysSmall() throws {
        let scratch = try Scratch()
        let log = CrashLog(path: scratch.file("crashes.json"))
        for number in 0..<200 { try log.add(Self.crash(Int64(number), "com.acme.p\(number)")) }
        #expect(log.records().count == CrashLog.most)
        #expect(try FileStatus.of(log.path)!.size < CrashLog.largest)
        // The newest stay.
        #expect(log.records().last?.id == "com.acme.p199")
    }

    @Test(arguments: [
        "", "{", "[]", "{\"crashes\": 3}", "{\"crashes\": [3, {}, {\"time\": \"x\"}]}",
        "{\"crashes\": [{\"time\": 1, \"plugin\": \"../x\", \"library\": \"sha256:\", \"bio\": \"1\", \"how\": \"\"}]}",
    ])
    func whatCannotBeReadCountsAsNothing(_ text: String) throws {
        let scratch = try Scratch()
        let log = CrashLog(path: try scratch.write(Array(text.utf8), to: "crashes.json"))
        #expect(log.records() == [])
        try log.add(Self.crash(0))
        #expect(log.records().count == 1)
    }

    @Test func whatIsNoFileIsLeftAlone() throws {
        let scratch = try Scratch()
        try #require(mkfifo(scratch.file("pipe"), 0o600) == 0)
        #expect(CrashLog(path: scratch.file("pipe")).records() == [])
        try #require(symlink("/etc/passwd", scratch.file("link")) == 0)
        #expect(CrashLog(path: scratch.file("link")).records() == [])
        try Directory.create(scratch.file("directory"))
        let log = CrashLog(path: scratch.file("directory"))
        #expect(log.records() == [])
        #expect(throws: SystemError.self) { try log.add(Self.crash(0)) }
    }

    @Test func aLockThatIsNotGivenBackIsNotWaitedForLong() throws {
        let scratch = try Scratch()
        let log = CrashLog(path: scratch.file("crashes.json"))
        let lock = try LockFile("\(log.path).lock", cancellation: .never)
        #expect(throws: SystemError.self) { try log.add(Self.crash(0)) }
        _ = lock
        #expect(log.records() == [])
    }

    @Test(
        arguments: [
            (PluginError.Problem.crashed(.run, signal: "SIGSEGV", exitCode: nil), "signal SIGSEGV in run"),
            (.crashed(.describe, signal: nil, exitCode: 3), "exit code 3 in describe"),
            // Somebody else may have ended it.
            (.crashed(.run, signal: "SIGKILL", exitCode: nil), nil), (.crashed(.run, signal: nil, exitCode: nil), nil),
            (.hung(.run, seconds: 3), nil), (.lied(.run, "x"), nil),
        ] as [(PluginError.Problem, String?)])
    func onlyWhatThePluginDidToItselfIsACrash(_ problem: PluginError.Problem, _ how: String?) {
        #expect(CrashRecord.cause(of: PluginError(plugin: "a.b", problem)) == how)
    }
}
