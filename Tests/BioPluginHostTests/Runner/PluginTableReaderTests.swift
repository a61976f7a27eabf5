// SPDX-License-Identifier: Apache-2.0

import CBioExport
import Testing

@testable import BioPluginHost

@Suite struct PluginTableReaderTests {
    private func wrong(_ body: () throws(PluginTableReader.Wrong) -> some Any) -> String? {
        do throws(PluginTableReader.Wrong) {
            _ = try body()
            return nil
        } catch { return error.text }
    }

    private func string<R>(_ text: [UInt8], _ body: (bio_str) throws -> R) rethrows -> R {
        try (text + [0]).withUnsafeBufferPointer { buffer in
            try buffer.withMemoryRebound(to: CChar.self) {
                try body(bio_str(ptr: $0.baseAddress, len: UInt64(text.count)))
            }
        }
    }

    @Test(arguments: [
        ("abcdef", "abcd"), ("abc", "abc"), ("abcd", "abcd"), ("abcé", "abc"), ("abéf", "abé"), ("a€bc", "a€"),
        ("ab€c", "ab"), ("a😀b", "a"), ("😀b", "😀"), ("", ""),
    ])
    func textIsCutBetweenCharacters(_ text: String, _ cut: String) throws {
        let read = try string(Array(text.utf8)) { try PluginTableReader.cutText($0, "text", longest: 4) }
        #expect(read == cut)
    }

    @Test func whatIsNoTextIsNotCutToOne() {
        let bytes: [UInt8] = [0x80, 0x80, 0x80, 0x80, 0x80, 0x80]
        string(bytes) { text in
            #expect(
                wrong { () throws(PluginTableReader.Wrong) in
                    try PluginTableReader.cutText(text, "text", longest: 4)
                } == "the text is not UTF-8")
        }
    }

    @Test func textIsReadAsFarAsItsLength() throws {
        let read = try string(Array("one\ttwo\n".utf8)) { try PluginTableReader.text($0, "text") }
        #expect(read == "one\ttwo\n")
        #expect(try PluginTableReader.text(bio_str(), "text") == "")
    }

    @Test(arguments: [
        ([0xFF] as [UInt8], "the name is not UTF-8"), ([0x61, 0x1B], "the name holds control characters"),
        ([0x61, 0x00, 0x62], "the name holds control characters"),
        ([UInt8](repeating: 0x61, count: 11), "the name has 11 bytes"),
    ])
    func whatIsNoTextIsSaid(_ bytes: [UInt8], _ text: String) {
        string(bytes) { string in
            #expect(
                wrong { () throws(PluginTableReader.Wrong) in
                    try PluginTableReader.text(string, "name", limit: 10)
                } == text)
        }
    }

    @Test func anyTextMayHoldAllButNUL() throws {
        let bytes = Array("a\r\u{1B}[2J".utf8)
        #expect(try string(bytes) { try PluginTableReader.anyText($0, "label") } == "a\r\u{1B}[2J")
        string([0x61, 0]) { string in
            #expect(
                wrong { () throws(PluginTableReader.Wrong) in try PluginTableReader.anyText(string, "label") }
                    == "the label holds a NUL")
        }
    }

    @Test func aLengthWithoutBytesIsSaid() {
        #expect(
            wrong { () throws(PluginTableReader.Wrong) in
                try PluginTableReader.bytes(bio_str(ptr: nil, len: 3), "name")
            } == "the name has a length but no bytes")
    }

    @Test func arraysAreBounded() {
        #expect(
            wrong { () throws(PluginTableReader.Wrong) in
                try PluginTableReader.items(nil as UnsafePointer<UInt32>?, 2, "things")
            } == "there are 2 things, but no array")
        var one: UInt32 = 1
        #expect(
            wrong { () throws(PluginTableReader.Wrong) in try PluginTableReader.items(&one, 5000, "things") }
                == "5000 things are too many")
    }

    @Test(arguments: [
        (UInt32(4), UInt32(0), "bio_error has 4 bytes, at least 64 are needed"),
        (70_000, 0, "bio_error claims to have 70000 bytes"),
        (64, 1 << 20, "bio_error has flags that must be understood (0x100000)"),
    ])
    func aStructThatCannotBeReadIsSaid(_ size: UInt32, _ flags: UInt32, _ text: String) {
        var error = bio_error()
        error.struct_size = size
        error.flags = flags
        #expect(
            wrong { () throws(PluginTableReader.Wrong) in
                try PluginTableReader.copy(&error, bio_error(), "bio_error")
            } == text)
    }

    @Test func aReservedMemberThatIsNotZeroMustBeUnderstood() {
        var option = bio_option()
        option.struct_size = UInt32(bio_option.firstSize)
        option.reserved0 = 7
        #expect(
            wrong { () throws(PluginTableReader.Wrong) in
                try PluginTableReader.copy(&option, bio_option(), "bio_option")
            } == "bio_option has a reserved member that is not zero (7)")
    }

    /// A struct that is longer here than in its first version: what shipped plugins give is read, and the rest is zero.
    private struct Grown: OpenStruct {
        static let firstSize = 16
        var struct_size: UInt32 = 0
        var flags: UInt32 = 0
        var first: UInt64 = 0
        var second: UInt64 = 0
    }

    @Test(arguments: [(UInt32(16), UInt64(0)), (24, 2), (32, 2)])
    func aStructOfAnOlderVersionIsReadAsFarAsItGoes(_ size: UInt32, _ second: UInt64) throws {
        var grown = Grown(struct_size: size, first: 1, second: 2)
        let read = try PluginTableReader.copy(&grown, Grown(), "grown")
        #expect(read.first == 1 && read.second == second)
    }

    @Test func lessThanTheFirstSizeIsTooLittle() {
        var grown = Grown(struct_size: 15)
        #expect(
            wrong { () throws(PluginTableReader.Wrong) in try PluginTableReader.copy(&grown, Grown(), "grown") }
                == "grown has 15 bytes, at least 16 are needed")
    }

    @Test func aLargerStructAndUnknownPlainFlagsAreFine() throws {
        var error = bio_error()
        error.struct_size = 128
        error.flags = 1 << 15
        error.code = 5
        #expect(try PluginTableReader.copy(&error, bio_error(), "bio_error").code == 5)
    }
}
