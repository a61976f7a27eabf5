// SPDX-License-Identifier: Apache-2.0

import BioDocument
import Testing

@Suite struct TOMLDocumentTests {
    @Test func keepsTheOrderOfTheFileAndKnowsEveryPlace() throws {
        let document = try TOMLDocument(
            parsing: """
                # a comment
                zeta = "é\\n"   # another
                alpha = [1, 2.5,
                  {x = true}]

                [plugin]
                id = 'tar'
                when = 2026-11-20T10:00:00Z
                day = 2026-11-20

                [[plugin.formats]]
                name = "one"
                [[plugin.formats]]
                name = "two"
                """)
        #expect(
            document.value == [
                "zeta": "é\n", "alpha": [1, .number(DocumentNumber(2.5)!), ["x": true]],
                "plugin": [
                    "id": "tar", "when": "2026-11-20T10:00:00Z", "day": "2026-11-20",
                    "formats": [["name": "one"], ["name": "two"]],
                ],
            ])
        #expect(document.position(of: "zeta").description == "2:1")
        #expect(document.position(of: "alpha", 2, "x").description == "4:4")
        #expect(document.position(of: "plugin", "id").line == 7)
        #expect(document.position(of: "plugin", "formats", 1, "name").line == 14)
        #expect(document.position(of: "plugin", "nothing").line == 6)
        #expect(document.position(of: []).line == 1)
    }

    @Test func readsAnEmptyText() throws { #expect(try TOMLDocument(parsing: "").value == [:]) }

    @Test(arguments: [
        ("a = \n", 1), ("a = 1\na = 2\n", 2), ("[t]\nb = 1\n[t]\n", 3), ("x = [1, 2\n", 1), ("k = 'é\n", 1),
        ("n = inf", 1), ("\n\nn = [nan]", 3), ("bare", 1),
    ])
    func refusesWithTheLine(_ text: String, _ line: Int) {
        do throws(DocumentError) {
            _ = try TOMLDocument(parsing: text)
            Issue.record("accepted")
        } catch {
            #expect(error.position.line == line, "\(error)")
            #expect(!error.problem.sentence.isEmpty)
        }
    }

    @Test func refusesBytesThatAreNotUTF8() {
        #expect(throws: DocumentError.self) { try TOMLDocument(parsing: Array("a = \"".utf8) + [0xFF, 0x22]) }
    }

    @Test func refusesALongText() {
        let text = [UInt8](repeating: UInt8(ascii: "\n"), count: (1 << 20) + 1)
        #expect(throws: DocumentError(.tooLong(limit: 1 << 20), at: DocumentPosition(line: 1, column: 1))) {
            try TOMLDocument(parsing: text)
        }
    }

    enum Depth: String, CaseIterable, Sendable {
        case dottedKey, quotedHeader, arrays, inlineTables

        var text: String {
            switch self {
            case .dottedKey: "a" + String(repeating: ".a", count: 400_000) + " = 1"
            case .quotedHeader: "[a" + String(repeating: " . \"a\"", count: 100_000) + "]"
            case .arrays: "a = " + String(repeating: "[", count: 500_000)
            case .inlineTables: "a = " + String(repeating: "{a=", count: 200_000)
            }
        }
    }

    @Test(arguments: Depth.allCases)
    func refusesDeepTextsWithoutFallingOffTheStack(_ depth: Depth) {
        #expect(throws: DocumentError.self) { try TOMLDocument(parsing: depth.text) }
    }

    @Test func countsTheDepth() throws {
        let text = "[a.b]\nc = [[1]]"
        _ = try TOMLDocument(parsing: Array(text.utf8), maximumDepth: 6)
        #expect(throws: DocumentError(.tooDeep(limit: 5), at: DocumentPosition(line: 2, column: 6))) {
            try TOMLDocument(parsing: Array(text.utf8), maximumDepth: 5)
        }
    }

    @Test func dotsInStringsAndCommentsAreNotDepth() throws {
        let dots = String(repeating: ".", count: 500)
        let document = try TOMLDocument(
            parsing: "# \(dots)\na = \"\(dots)\"\nb = '\(dots)'\nc = \"\"\"\n\\\"\(dots)\"\"\"\nd = '''\(dots)'''\n")
        #expect(document.value["b"]?.string == dots)
        let numbers = (0..<200).map { "\($0).5" }.joined(separator: ", ")
        #expect(try TOMLDocument(parsing: "a = [\(numbers)]").value["a"]?.array?.count == 200)
    }

    /// The library asserts what only the text decides; it must not end the program.
    @Test(arguments: ["[ = 1", "[..\n", "[[=", "[\n]", "a = { = 1 }", "[a.=]", "a.=1"])
    func keysThatAreNoneAreErrors(_ text: String) {
        #expect(throws: DocumentError.self) { try TOMLDocument(parsing: text) }
    }

    @Test(arguments: ["[a", "\"\u{1B}\" = ", "a = \u{1B}", "\"\\u001b[2J\" = 1\n\"\\u001b[2J\" = 2"])
    func errorsCannotDriveATerminal(_ text: String) {
        for text in [text, text + "\n"] {
            let error = #expect(throws: DocumentError.self) { try TOMLDocument(parsing: text) }
            #expect(error?.description.unicodeScalars.contains { $0.value < 0x20 } == false)
        }
    }
}
