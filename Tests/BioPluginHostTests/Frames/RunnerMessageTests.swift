// SPDX-License-Identifier: Apache-2.0

import BioPluginHost
import BioSystem
import Testing

@Suite struct RunnerMessageTests {
    private static let version = ABIVersion(rawValue: 0x1_0000)

    static let messages: [RunnerMessage] = [
        .described, .loadFailed(.library("no such file")), .loadFailed(.noEntry), .loadFailed(.refused(code: 4)),
        .loadFailed(.abi(used: version, built: version, needed: ABIVersion(rawValue: 10))),
        .loadFailed(.table("too small")), .loadFailed(.machine("mips")), .loadFailed(.runtime("libswiftCore.so")),
        .log(level: .warning, message: "careful"),
        .progressBegan(id: 1, title: "Work", total: 10), .progressed(id: 1, done: 5), .progressEnded(id: 1),
        .service(.rootfsBegin), .ended(phase: .run, code: 0, failure: nil),
        .sandboxed(SandboxReport(missing: [])), .sandboxed(SandboxReport(missing: [.files, .system])),
        .notSandboxed("no"), .broken("no room"), .answered(.accepted), .answered(.value(.bool(false))),
        .answered(.value(.signed(.min))),
        .answered(.value(.unsigned(7))), .answered(.value(.double(1.5))), .answered(.value(.text("x"))),
        .answered(.refused(code: 100, why: "because")), .answered(.wrong("2")), .answered(.unavailable("libffi")),
        .ended(
            phase: .plan, code: 103,
            failure: PluginFailure(code: 103, subjectKind: .path, subject: "a", message: "b", hint: "c")),
    ]

    @Test(arguments: messages)
    func comesBack(_ message: RunnerMessage) throws { #expect(try RunnerMessage(parsing: message.bytes) == message) }

    @Test(arguments: messages)
    func nothingElseIsRead(_ message: RunnerMessage) {
        FrameAssault.cut(message.bytes) { (bytes) throws(FrameError) in try RunnerMessage(parsing: bytes) }
        FrameAssault.flip(message.bytes) { (bytes) throws(FrameError) in try RunnerMessage(parsing: bytes) }
    }

    @Test func anUnknownLogLevelIsANote() throws {
        #expect(try RunnerMessage(parsing: [3, 99, 0, 0, 0, 1, 0, 0, 0, 0x61]) == .log(level: .note, message: "a"))
    }

    @Test func anUnknownSubjectIsNone() throws {
        var bytes = RunnerMessage.ended(phase: .run, code: 1, failure: PluginFailure(code: 1, message: "x")).bytes
        // Kind, phase, code, flag and code again come before it.
        bytes[11] = 99
        guard case .ended(_, _, let failure?) = try RunnerMessage(parsing: bytes) else {
            Issue.record("no failure")
            return
        }
        #expect(failure.subjectKind == .none)
    }

    @Test func unknownKindsAreNamed() {
        #expect(throws: FrameError.unknown(field: "runner message", value: 255)) { try RunnerMessage(parsing: [255]) }
        #expect(throws: FrameError.unknown(field: "load failure", value: 9)) { try RunnerMessage(parsing: [2, 9]) }
        #expect(throws: FrameError.unknown(field: "service call", value: 0)) { try RunnerMessage(parsing: [7, 0]) }
        #expect(throws: FrameError.unknown(field: "promise of the sandbox", value: 99)) {
            try RunnerMessage(parsing: [9, 1, 0, 0, 0, 99])
        }
    }
}
