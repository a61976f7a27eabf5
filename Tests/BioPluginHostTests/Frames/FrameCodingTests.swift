// SPDX-License-Identifier: Apache-2.0

import BioPluginHost
import Testing

@Suite struct FrameCodingTests {
    @Test func everyKindOfValueComesBack() throws {
        var writer = FrameWriter()
        writer.u8(7)
        writer.u32(.max)
        writer.u64(1 << 63)
        writer.i32(-5)
        writer.i64(.min)
        writer.bool(true)
        writer.blob([0, 255, 10])
        writer.text("Grüße")
        writer.optionalText(nil)
        writer.optionalText("there")
        writer.list([1, 2, 3]) { $0.u8($1) }
        var reader = FrameReader(writer.bytes)
        #expect(try reader.u8() == 7)
        #expect(try reader.u32() == .max)
        #expect(try reader.u64() == 1 << 63)
        #expect(try reader.i32() == -5)
        #expect(try reader.i64() == .min)
        #expect(try reader.bool("flag"))
        #expect(try reader.blob() == [0, 255, 10])
        #expect(try reader.text("text") == "Grüße")
        #expect(try reader.optionalText("text") == nil)
        #expect(try reader.optionalText("text") == "there")
        #expect(try reader.list("numbers") { (frame) throws(FrameError) in try frame.u8() } == [1, 2, 3])
        try reader.end()
    }

    @Test func integersAreLittleEndian() {
        var writer = FrameWriter()
        writer.u32(0x0102_0304)
        writer.u64(5)
        #expect(writer.bytes == [4, 3, 2, 1, 5, 0, 0, 0, 0, 0, 0, 0])
    }

    @Test func aLengthBeyondTheEndIsTruncated() {
        var reader = FrameReader([255, 255, 255, 255, 1])
        #expect(throws: FrameError.truncated) { try reader.blob() }
    }

    @Test func textThatIsNotUTF8IsNamed() {
        var reader = FrameReader([1, 0, 0, 0, 0xFF])
        #expect(throws: FrameError.notUTF8("name")) { try reader.text("name") }
    }

    @Test func aFlagIsZeroOrOne() {
        var reader = FrameReader([2])
        #expect(throws: FrameError.unknown(field: "flag", value: 2)) { try reader.bool("flag") }
    }

    @Test func aCountBeyondTheBytesIsRefusedBeforeMemoryIsTaken() {
        var reader = FrameReader([0, 0, 0, 1, 9])
        #expect(throws: FrameError.tooMany(field: "things", count: 1 << 24)) {
            try reader.list("things", limit: .max) { (frame) throws(FrameError) in try frame.u8() }
        }
    }

    @Test func aCountBeyondTheLimitIsRefused() {
        var reader = FrameReader([3, 0, 0, 0, 1, 2, 3])
        #expect(throws: FrameError.tooMany(field: "things", count: 3)) {
            try reader.list("things", limit: 2) { (frame) throws(FrameError) in try frame.u8() }
        }
    }

    @Test func bytesThatNobodyAskedForAreRefused() throws {
        let reader = FrameReader([1, 2])
        #expect(throws: FrameError.trailing(2)) { try reader.end() }
    }

    @Test(arguments: [
        (FrameError.truncated, "it ends in the middle of a value"),
        (.trailing(2), "2 bytes follow its last value"), (.notUTF8("name"), "the name is not UTF-8"),
        (.unknown(field: "kind", value: 9), "9 is no kind"),
        (.tooMany(field: "things", count: 9), "9 is too many for the things"),
        (.tooLarge(9), "its 9 bytes are more than a frame may have"),
    ])
    func errorsAreSentences(_ error: FrameError, _ text: String) { #expect(error.description == text) }
}
