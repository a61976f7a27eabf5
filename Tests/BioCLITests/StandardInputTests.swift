// SPDX-License-Identifier: Apache-2.0

import BioCLI
import Testing

@Suite struct StandardInputTests {
    private func lines(_ text: String, limit: Int = 100) throws -> [String] {
        var found: [String] = []
        try StandardInput(bytes: Array(text.utf8)).forEachLine(limit: limit) { found.append($0) }
        return found
    }

    @Test(arguments: [
        ("", []), ("a", ["a"]), ("a\nb\n", ["a", "b"]), ("a\r\n\r\nb", ["a", "", "b"]), ("\n", [""]),
    ])
    func splitsLines(_ text: String, _ expected: [String]) throws { #expect(try lines(text) == expected) }

    @Test func refusesLongLinesAndLongInput() {
        #expect(throws: CommandFailure.self) { try lines(String(repeating: "x", count: 101)) }
        #expect(throws: CommandFailure.self) { try StandardInput(bytes: [1, 2, 3]).readToEnd(limit: 2) }
        #expect(throws: Never.self) { try StandardInput(bytes: [1, 2]).readToEnd(limit: 2) }
    }

    @Test func refusesBytesThatAreNotUTF8() {
        #expect(throws: CommandFailure.self) { try StandardInput(bytes: [0xFF, 0x0A]).forEachLine { _ in } }
    }
}
