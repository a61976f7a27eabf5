// SPDX-License-Identifier: Apache-2.0

import BioCLI
import BioDocument
import BioSystem
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
}
