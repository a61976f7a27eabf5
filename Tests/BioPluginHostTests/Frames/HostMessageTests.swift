// SPDX-License-Identifier: Apache-2.0

import BioPluginHost
import Testing

@Suite struct HostMessageTests {
    static let messages: [HostMessage] =
        [
            .start(library: "/a/b.so", hostVersion: "1.0", showsDebug: true), .job(format: "tar"),
            .reply(code: -1, payload: [1, 2, 3]), .reply(code: 0, payload: []),
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
    }
}
