// SPDX-License-Identifier: Apache-2.0

import BioDocument
import Testing

@testable import BioAttestation

@Suite struct EnvelopeParsingTests {
    @Test func takesBothAlphabetsAndForeignMembers() throws {
        let standard = try Envelope(
            parsing: Array(#"{"payloadType":"t","payload":"+/8=","signatures":[{"sig":"AA==","keyid":"k"}]}"#.utf8))
        let other = try Envelope(
            parsing: Array(
                #"{"x":[1],"payloadType":"t","payload":"-_8=","signatures":[{"sig":"AA==","keyid":"k","cert":"c"}]}"#
                    .utf8))
        #expect(standard == other)
        #expect(standard.payload == [0xFB, 0xFF])
    }

    @Test(arguments: [#""sig":"AA==""#, #""sig":"AA==","keyid":null"#, #""sig":"AA==","keyid":"""#])
    func aKeyIDMayBeMissing(signature: String) throws {
        let text = #"{"payloadType":"t","payload":"","signatures":[{"# + signature + "}]}"
        let envelope = try Envelope(parsing: Array(text.utf8))
        #expect(envelope.signatures == [.init(keyID: "", bytes: [0])])
        #expect(envelope.verified { _ in nil } == [.unknownKey("")])
    }

    @Test(arguments: [
        ("[]", "payloadType"), ("{}", "payloadType"),
        (#"{"payloadType":"","payload":"","signatures":[{"sig":"AA=="}]}"#, "payloadType"),
        (#"{"payloadType":7,"payload":"","signatures":[{"sig":"AA=="}]}"#, "payloadType"),
        (#"{"payloadType":"t","signatures":[{"sig":"AA=="}]}"#, "payload"),
        (#"{"payloadType":"t","payload":"A","signatures":[{"sig":"AA=="}]}"#, "payload"),
        (#"{"payloadType":"t","payload":"A A=","signatures":[{"sig":"AA=="}]}"#, "payload"),
        (#"{"payloadType":"t","payload":""}"#, "signatures"),
        (#"{"payloadType":"t","payload":"","signatures":[]}"#, "signatures"),
        (#"{"payloadType":"t","payload":"","signatures":{}}"#, "signatures"),
        (#"{"payloadType":"t","payload":"","signatures":[{}]}"#, "sig"),
        (#"{"payloadType":"t","payload":"","signatures":[{"sig":""}]}"#, "sig"),
        (#"{"payloadType":"t","payload":"","signatures":[{"sig":"!"}]}"#, "sig"),
        (#"{"payloadType":"t","payload":"","signatures":[{"sig":"AA==","keyid":7}]}"#, "keyid"),
    ]) func saysWhichMemberIsWrong(text: String, member: String) {
        #expect(throws: EnvelopeError.malformed(member)) { _ = try Envelope(parsing: Array(text.utf8)) }
    }

    @Test func refusesTooManySignaturesAndLongKeyIDs() {
        let many = Array(repeating: #"{"sig":"AA=="}"#, count: 33).joined(separator: ",")
        #expect(throws: EnvelopeError.malformed("signatures")) {
            _ = try Envelope(parsing: Array(#"{"payloadType":"t","payload":"","signatures":[\#(many)]}"#.utf8))
        }
        let long = String(repeating: "k", count: 4097)
        #expect(throws: EnvelopeError.malformed("keyid")) {
            _ = try Envelope(
                parsing: Array(
                    #"{"payloadType":"t","payload":"","signatures":[{"sig":"AA==","keyid":"\#(long)"}]}"#.utf8))
        }
    }

    @Test func refusesWhatIsNoJSON() {
        let texts = ["", "garbage", #"{"payload":"","payload":""}"#, String(repeating: "[", count: 40)]
        for text in texts {
            #expect {
                _ = try Envelope(parsing: Array(text.utf8))
            } throws: { error in
                if case .notJSON? = error as? EnvelopeError { true } else { false }
            }
        }
    }

    @Test func refusesWhatIsTooLong() {
        let bytes = [UInt8](repeating: 0x20, count: Envelope.byteLimit + 1)
        #expect(throws: EnvelopeError.tooLong(limit: Envelope.byteLimit)) { _ = try Envelope(parsing: bytes) }
    }
}
