// SPDX-License-Identifier: Apache-2.0

import BioPluginHost
import BioSystem
import Testing

@Suite struct HostMessageTests {
    private static var confined: RunnerStart {
        var start = RunnerStart(bundle: PluginBundle(libraryPath: "/a/b.so"), hostVersion: "1.0")
        start.sandbox = SandboxRequest(writable: ["/o", "/s"], readable: ["/a"], startsProcesses: true)
        start.sandbox?.limits.memory = 1 << 20
        return start
    }

    static let messages: [HostMessage] =
        [
            .start(RunnerStart(bundle: PluginBundle(libraryPath: "/a/b.so"), hostVersion: "1.0")), .start(confined),
            .job(format: "tar"),
            .invoke(
                function: "slug",
                values: [.bool(true), .signed(-1), .unsigned(.max), .double(-0.5), .text("größe"), .text("")]),
            .invoke(function: "", values: []), .reply(code: -1, payload: [1, 2, 3]), .reply(code: 0, payload: []),
        ] + ExportPhase.allCases.map { .call($0) }

    @Test(arguments: messages)
    func comesBack(_ message: HostMessage) throws { #expect(try HostMessage(parsing: message.bytes) == message) }

    @Test(arguments: messages)
    func nothingElseIsRead(_ message: HostMessage) {
        FrameAssault.cut(message.bytes) { (bytes) throws(FrameError) in try HostMessage(parsing: bytes) }
        FrameAssault.flip(message.bytes) { (bytes) throws(FrameError) in try HostMessage(parsing: bytes) }
    }

    @Test func unknownKindsAndPhasesAreNamed() {
        #expect(throws: FrameError.unknown(field: "host message", value: 77)) { try HostMessage(parsing: [77]) }
        #expect(throws: FrameError.unknown(field: "phase", value: 9)) { try HostMessage(parsing: [3, 9]) }
        #expect(throws: FrameError.unknown(field: "value of a function", value: 9)) {
            try HostMessage(parsing: [5, 0, 0, 0, 0, 1, 0, 0, 0, 9])
        }
    }
}
