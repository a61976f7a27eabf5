// SPDX-License-Identifier: Apache-2.0

import BioCLI
import BioDocument
import BioSystem
import Synchronization
import Testing

@Suite struct ResultWriterTests {
    @Test func aReaderThatLeftIsAQuietFailure() {
        let world = World(outputError: .brokenPipe)
        #expect(world.run("--version") == .failure)
        #expect(world.standardError.isEmpty)
    }

    @Test func aFullDiskIsALoudFailure() {
        let world = World(outputError: .noSpace)
        #expect(world.run("--help") == .failure)
        #expect(world.standardError.contains("cannot write the result to standard output: No space left on device"))
    }

    @Test func jsonIsOnePrettyDocument() throws {
        let world = World()
        try world.context.result.json(["b": [1], "a": "é"])
        #expect(world.standardOutput == "{\n  \"b\": [\n    1\n  ],\n  \"a\": \"é\"\n}\n")
    }

    /// A terminal is not steered; a program gets every byte.
    @Test func onATerminalResultsAreSafe() throws {
        let seen = Mutex<[UInt8]>([])
        func shown(isTerminal: Bool) throws -> String {
            seen.withLock { $0 = [] }
            let writer = ResultWriter(isTerminal: isTerminal) { bytes in
                seen.withLock { $0 += bytes }
                return nil
            }
            try writer.line("a\u{1B}b")
            try writer.json(["k": "\u{9B}\u{E0041}"])
            return seen.withLock { String(decoding: $0, as: UTF8.self) }
        }
        #expect(try shown(isTerminal: true) == "a\\u{1b}b\n{\n  \"k\": \"\\u009b\\udb40\\udc41\"\n}\n")
        #expect(try shown(isTerminal: false) == "a\u{1B}b\n{\n  \"k\": \"\u{9B}\u{E0041}\"\n}\n")
    }
}
