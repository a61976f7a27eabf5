// SPDX-License-Identifier: Apache-2.0

import BioCrypto
import BioDocument
import Testing

@testable import BioAttestation

@Suite struct StatementTests {
    private static let digest = Digest.sha256(of: [1])

    @Test func comesBack() throws {
        let statement = Statement(
            subjects: [.init(name: "acme/app:1", sha256: Self.digest), .init(name: "x", sha256: nil)],
            predicateType: "https://slsa.dev/provenance/v1", predicate: ["a": 1])
        #expect(try Statement(parsing: statement.bytes) == statement)
        #expect(statement.speaks(of: Self.digest))
        #expect(!statement.speaks(of: .sha256(of: [2])))
    }

    @Test func otherAlgorithmsMatchNothing() throws {
        let text = """
            {"_type":"https://in-toto.io/Statement/v1","subject":[{"digest":{"sha512":"\(Self.digest.hex)"}},
            {"name":"b","digest":{"sha256":"\(Self.digest.hex.uppercased())"}}],"predicateType":"t"}
            """
        let statement = try Statement(parsing: Array(text.utf8))
        #expect(statement.subjects == [.init(name: "", sha256: nil), .init(name: "b", sha256: nil)])
        #expect(!statement.speaks(of: Self.digest))
        #expect(statement.predicate == [:])
    }

    @Test(arguments: [
        (#"{}"#, StatementError.malformed("_type")), (#"[]"#, .malformed("_type")),
        (#"{"_type":"https://in-toto.io/Statement/v0.1"}"#, .otherType("https://in-toto.io/Statement/v0.1")),
        (#"{"_type":"https://in-toto.io/Statement/v1","subject":[],"predicateType":"t"}"#, .malformed("subject")),
        (#"{"_type":"https://in-toto.io/Statement/v1","subject":[{"name":"a"}]}"#, .malformed("digest")),
        (#"{"_type":"https://in-toto.io/Statement/v1","subject":[{"digest":{}}]}"#, .malformed("predicateType")),
        (
            #"{"_type":"https://in-toto.io/Statement/v1","subject":[{"digest":{}}],"predicateType":""}"#,
            .malformed("predicateType")
        ),
    ]) func saysWhatIsWrong(text: String, error: StatementError) {
        #expect(throws: error) { _ = try Statement(parsing: Array(text.utf8)) }
    }

    @Test func hasBounds() {
        let many = Array(repeating: #"{"digest":{}}"#, count: 10_001).joined(separator: ",")
        #expect(throws: StatementError.tooManySubjects(limit: 10_000)) {
            _ = try Statement(
                parsing: Array(
                    #"{"_type":"https://in-toto.io/Statement/v1","subject":[\#(many)],"predicateType":"t"}"#.utf8))
        }
    }

    @Test func quotesForeignTypesSafely() {
        #expect(StatementError.otherType("\u{1B}[2J").description.contains(#"\u{1b}[2J"#))
    }
}
