// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import BioPackage

@Suite struct MetaFileTextTests {
    private func text(_ content: String, _ file: MetaFile = .deps) throws -> MetaFileText {
        try MetaFileText(file, Array(content.utf8))
    }

    @Test(arguments: [
        ("a\n", "a"), ("  a b \r\n", "a b"), ("\r\n\r\na\r\nb\r\n\r\n", "a\r\nb"), ("", ""), (" \n\t", ""),
        ("\u{A0}a", "\u{A0}a"),
    ])
    func trimsAtBothEnds(content: String, expected: String) throws {
        // Byte for byte: String equality does not tell CRLF traps.
        #expect(Array(try text(content).trimmed.utf8) == Array(expected.utf8))
    }

    @Test func countsLinesFromTheTopOfTheFile() throws {
        let lines = try text("\r\n\r\n one \r\n\r\ntwo\nthree\r\n").lines
        #expect(lines.map(\.number) == [3, 5, 6])
        #expect(lines.map(\.text) == ["one", "two", "three"])
    }

    @Test func readsAnIdentALineHoweverBlanksLie() throws {
        let idents = try text("\r\n core/a/1/1\t\r\n\r\n\tcore/b/2/2  \n").qualifiedIdents()
        #expect(idents.map(\.description) == ["core/a/1/1", "core/b/2/2"])
        #expect(try text(" \n").qualifiedIdents().isEmpty)
    }

    @Test func namesTheLineOfABadIdent() throws {
        let content = "core/a/1/1\r\n\r\ncore/b/1\r\n"
        #expect(
            throws: MetadataError.badIdent(.deps, line: 3, .notQualified(text: "core/b/1"))
        ) { try text(content).qualifiedIdents() }
    }

    @Test(
        arguments: [
            ([0x61, 0x0A, 0xFF], 2), ([0xC3], 1), ([0x61, 0x0A, 0x62, 0x0A, 0x63, 0x00], 3), ([0xED, 0xA0, 0x80], 1),
        ] as [([UInt8], Int)])
    func refusesWhatIsNotText(bytes: [UInt8], line: Int) {
        #expect(throws: MetadataError.notText(.manifest, line: line)) { try MetaFileText(.manifest, bytes) }
    }

    @Test func partsEntriesAtTheFirstEqualsSign() throws {
        let entries = try text("A=1=2\r\n B = x y \nA=3\nC=\n").entries()
        #expect(entries.map(\.name) == ["A", "B", "C"])
        #expect(entries.map(\.value) == ["3", "x y", ""])
    }

    @Test(arguments: ["A", "=x"])
    func refusesLinesThatAreNoEntry(line: String) {
        #expect(throws: MetadataError.badLine(.deps, line: 2, text: line)) { try text("X=1\n\(line)\n").entries() }
    }
}
