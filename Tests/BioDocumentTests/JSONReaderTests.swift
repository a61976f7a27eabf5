// SPDX-License-Identifier: Apache-2.0

import BioDocument
import Testing

@Suite struct JSONReaderTests {
    struct Refusal: Sendable, CustomTestStringConvertible {
        let text: String
        let line: Int
        let column: Int
        let problem: DocumentError.Problem
        var testDescription: String { text }

        init(_ text: String, _ line: Int, _ column: Int, _ problem: DocumentError.Problem) {
            (self.text, self.line, self.column, self.problem) = (text, line, column, problem)
        }
    }

    @Test func readsEveryKindAndKeepsOrderAndNumberText() throws {
        let value = try DocumentValue(
            json: " {\"z\": [1.0, -0, 1e+3, 12], \"a\": {\"n\": null}, \"t\": true, \"f\": false}\r\n")
        #expect(value.object?.keys == ["z", "a", "t", "f"])
        #expect(value.json(.compact) == "{\"z\":[1.0,-0,1e+3,12],\"a\":{\"n\":null},\"t\":true,\"f\":false}")
        #expect(value["z"]?.array?.map(\.int) == [nil, 0, nil, 12])
    }

    @Test func readsEscapes() throws {
        let value = try DocumentValue(json: #""\"\\\/\b\f\n\r\té\u0000\uD83D\uDE00é😀""#)
        #expect(
            value.string?.unicodeScalars.map(\.value) == [
                0x22, 0x5C, 0x2F, 8, 12, 10, 13, 9, 0xE9, 0, 0x1F600, 0xE9, 0x1F600,
            ])
    }

    @Test func canonicallyEquivalentKeysAreDifferentKeys() throws {
        let value = try DocumentValue(json: "{\"\u{E9}\": 1, \"e\u{301}\": 2}")
        #expect(value.object?.count == 2)
        #expect(value["e\u{301}"] == 2)
        #expect(DocumentValue.string("\u{E9}") != .string("e\u{301}"))
    }

    @Test func acceptsTheDepthLimitAndNoMore() throws {
        let deep = String(repeating: "[", count: 8) + String(repeating: "]", count: 8)
        _ = try DocumentValue(json: Array(deep.utf8), maximumDepth: 8)
        #expect(throws: DocumentError(.tooDeep(limit: 7), at: DocumentPosition(line: 1, column: 8))) {
            try DocumentValue(json: Array(deep.utf8), maximumDepth: 7)
        }
        // A hundred thousand brackets end at the limit, not at the end of the stack.
        #expect(throws: DocumentError.self) { try DocumentValue(json: String(repeating: "[", count: 100_000)) }
    }

    @Test(arguments: [
        Refusal("", 1, 1, .unexpectedEnd),
        Refusal("  ", 1, 3, .unexpectedEnd),
        Refusal("[1,", 1, 4, .unexpectedEnd),
        Refusal("{\"a\":1", 1, 7, .unexpectedEnd),
        Refusal("\"abc", 1, 5, .unexpectedEnd),
        Refusal("\"\\u12", 1, 6, .unexpectedEnd),
        Refusal("[1,]", 1, 4, .unexpected(found: "']'", expected: "a value")),
        Refusal("{\"a\":1,}", 1, 8, .unexpected(found: "'}'", expected: "a key in double quotes")),
        Refusal("{a:1}", 1, 2, .unexpected(found: "'a'", expected: "a key in double quotes")),
        Refusal("{\"a\" 1}", 1, 6, .unexpected(found: "'1'", expected: "':'")),
        Refusal("[1 2]", 1, 4, .unexpected(found: "'2'", expected: "',' or ']'")),
        Refusal("nul", 1, 1, .unexpected(found: "'nul'", expected: "a value")),
        Refusal("nullx", 1, 1, .unexpected(found: "'nullx'", expected: "a value")),
        Refusal("NaN", 1, 1, .unexpected(found: "'NaN'", expected: "a value")),
        Refusal("// x", 1, 1, .unexpected(found: "'/'", expected: "a value")),
        Refusal("\u{FEFF}1", 1, 1, .unexpected(found: "byte 239", expected: "a value")),
        Refusal("1 2", 1, 3, .trailing(found: "'2'")),
        Refusal("{}\n\n  ]", 3, 3, .trailing(found: "']'")),
        Refusal("{\"a\": 1,\n \"é\": 2, \"a\": 3}", 2, 10, .duplicateKey("a")),
        Refusal("\"\\uD800\"", 1, 2, .loneSurrogate("\\uD800")),
        Refusal("\"\\uD800\\u0041\"", 1, 2, .loneSurrogate("\\uD800")),
        Refusal("\"\\uDC00\"", 1, 2, .loneSurrogate("\\uDC00")),
        Refusal("\"\\x\"", 1, 2, .badEscape("\\x")),
        Refusal("\"\\u12G4\"", 1, 2, .badEscape("\\u12G4")),
        Refusal("\"a\nb\"", 1, 3, .controlCharacter(10)),
        Refusal("01", 1, 1, .badNumber("01")),
        Refusal("-", 1, 1, .badNumber("-")),
        Refusal("1.", 1, 1, .badNumber("1.")),
        Refusal("1e", 1, 1, .badNumber("1e")),
        Refusal("1.2.3", 1, 1, .badNumber("1.2.3")),
        Refusal("[1, +2]", 1, 5, .unexpected(found: "'+2'", expected: "a value")),
    ])
    func refuses(_ row: Refusal) {
        let expected = DocumentError(row.problem, at: DocumentPosition(line: row.line, column: row.column))
        #expect(throws: expected) { try DocumentValue(json: row.text) }
    }

    @Test(arguments: [
        [0x22, 0xFF, 0x22], [0x22, 0xC0, 0x80, 0x22], [0x22, 0xED, 0xA0, 0x80, 0x22], [0x22, 0x5C, 0x6E, 0xFF, 0x22],
    ])
    func refusesBytesThatAreNotUTF8(_ bytes: [UInt8]) {
        #expect(throws: DocumentError(.notUTF8, at: DocumentPosition(line: 1, column: 2))) {
            try DocumentValue(json: bytes)
        }
    }

    @Test func findsADuplicateAmongManyKeys() {
        let keys = (0..<40).map { "\"k\($0)\":0" } + ["\"k3\":1"]
        #expect(throws: DocumentError.self) { try DocumentValue(json: "{\(keys.joined(separator: ","))}") }
        let late = (0..<40).map { "\"k\($0)\":0" } + ["\"k39\":1"]
        #expect(throws: DocumentError.self) { try DocumentValue(json: "{\(late.joined(separator: ","))}") }
    }

    @Test func errorTextNamesThePlace() {
        let error = DocumentError(.duplicateKey("a"), at: DocumentPosition(line: 2, column: 9))
        #expect(error.description == "2:9: the key 'a' is there twice")
    }
}
