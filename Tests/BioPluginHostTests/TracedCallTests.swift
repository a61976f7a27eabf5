// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import BioPluginHost

@Suite struct TracedCallTests {
    private func call(_ name: String = "oci.begin", _ arguments: String = "", _ result: String = "0") -> TracedCall {
        TracedCall(moment: .ended, name: name, arguments: arguments, result: result, nanoseconds: 1_234_567_890)
    }

    private func back(_ call: TracedCall) throws -> TracedCall {
        guard case .traced(let read) = try RunnerMessage(parsing: RunnerMessage.traced(call).bytes) else {
            throw FrameError.truncated
        }
        return read
    }

    @Test func aLineHasCallResultAndSeconds() {
        #expect("\(call("rootfs.begin", "tree 1", "0, handle 2"))" == "rootfs.begin(tree 1) = 0, handle 2 <1.234567>")
        #expect("\(TracedCall(moment: .entered, name: "plugin.run", arguments: ""))" == "plugin.run() ...")
        #expect(TracedCall.seconds(999) == "0.000000" && TracedCall.seconds(61_000_001_000) == "61.000001")
    }

    @Test func whatSteersATerminalIsReplaced() {
        let line = "\(call("a\u{1B}[2J", "\"b\nc\"", "\u{9B}1m"))"
        #expect(line.unicodeScalars.allSatisfy { $0.value >= 0x20 && !(0x7F...0x9F).contains($0.value) })
    }

    @Test func longTextsAreCutBetweenCharacters() throws {
        #expect(try back(call()) == call())
        let long = try back(call("n", String(repeating: "ä", count: 5000), "r"))
        #expect(long.arguments.utf8.count <= TracedCall.longestArguments)
        #expect(long.arguments.hasSuffix("ä..."))
        #expect(try back(long) == long)
    }

    /// The runner may be hostile: it cuts nothing.
    @Test func longerOnesThanARunnerSendsAreRefused() {
        var frame = FrameWriter()
        frame.u8(11)
        frame.u8(1)
        frame.text(String(repeating: "a", count: TracedCall.longestName + 1))
        #expect(throws: FrameError.tooMany(field: "name of a call", count: UInt64(TracedCall.longestName + 1))) {
            try RunnerMessage(parsing: frame.bytes)
        }
        #expect(throws: FrameError.unknown(field: "moment of a call", value: 7)) {
            try RunnerMessage(parsing: [11, 7])
        }
    }

    // MARK: - Answers of typed functions

    @Test func anAnswerFitsItsTypeOrNot() throws {
        func fits(_ answer: FunctionAnswer, _ signature: String) throws -> Bool {
            answer.fits(try FunctionSignature(parsing: signature))
        }
        for (value, type) in [
            (FunctionValue.bool(true), "b"), (.signed(1), "i32"), (.signed(.max), "i64"), (.unsigned(1), "u32"),
            (.unsigned(.max), "u64"), (.double(1), "d"), (.text(""), "s"),
        ] {
            for other in FunctionSignature.Scalar.allCases {
                let isOfType =
                    other.rawValue == type || (type == "i32" && other == .int64) || (type == "u32" && other == .uint64)
                #expect(try fits(.value(value), "\(other.rawValue)()") == isOfType, "\(value) \(other)")
            }
        }
        #expect(try !fits(.value(.signed(1 << 31)), "i32()") && !fits(.value(.unsigned(1 << 32)), "u32()"))
        #expect(try fits(.accepted, "check(s)") && !fits(.accepted, "s()") && !fits(.value(.text("")), "check(s)"))
        #expect(try fits(.refused(code: 2, why: ""), "check(s)") && fits(.refused(code: 2, why: ""), "s()"))
        #expect(try !fits(.refused(code: 2, why: ""), "i64()") && !fits(.refused(code: 0, why: ""), "s()"))
        #expect(try fits(.value(.text("")), "*") && !fits(.accepted, "*"))
    }

    @Test func aNumberThatIsNoneIsNoFrame() {
        var frame = FrameWriter()
        frame.u8(10)
        FunctionAnswer.value(.double(.nan)).write(to: &frame)
        #expect(throws: FrameError.self) { try RunnerMessage(parsing: frame.bytes) }
    }
}
