// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import BioPackage

@Suite struct QualifiedIdentTests {
    @Test func needsAllFourPieces() throws {
        #expect(try QualifiedIdent(parsing: "core/redis/4.0.14/20200319232130").release == "20200319232130")
        #expect(throws: PackageIdent.ParseError.notQualified(text: "core/redis/4.0.14")) {
            try QualifiedIdent(parsing: "core/redis/4.0.14")
        }
        #expect(QualifiedIdent(try PackageIdent(parsing: "core/redis")) == nil)
    }

    @Test(arguments: [
        "core/redis/1/", "/core/redis/1", "core//1/2", "core/redis//2", "core/redis/1/2/", "core/redis/1/2/3",
        "core/redis/1/.2", "Core/redis/1/2", "core/re.dis/1/2", "core/redis/1 /2", "core/redis/1/\u{E9}", "", "///",
    ])
    func anyWrongPieceIsRefused(text: String) {
        #expect(throws: PackageIdent.ParseError.self) { try QualifiedIdent(parsing: text) }
        #expect(throws: PackageIdent.ParseError.self) { try QualifiedIdent(parsing: Substring(text)) }
    }

    @Test(arguments: [
        ("core/redis", true), ("core/redis/4.0.14", true), ("core/redis/4.0.14/20200319232130", true),
        ("chef/redis", false), ("core/redi", false), ("core/redis/4.0", false), ("core/redis/4.0.14.0", false),
        ("core/redis/4.0.14/2020", false), ("core/Redis", false),
    ])
    func satisfiesByEqualPieces(wanted: String, expected: Bool) throws {
        let ident = try QualifiedIdent(parsing: "core/redis/4.0.14/20200319232130")
        #expect(ident.satisfies(try PackageIdent(parsing: wanted)) == expected)
    }

    @Test func namesItsArtifact() throws {
        let ident = try QualifiedIdent(parsing: "tom-petty/the_last__dj/1.0.0/20180701125610")
        #expect(
            ident.artifactFileName(for: .x86_64Linux)
                == "tom-petty-the_last__dj-1.0.0-20180701125610-x86_64-linux.hart")
        #expect(ident.pathComponents == ["tom-petty", "the_last__dj", "1.0.0", "20180701125610"])
        #expect(QualifiedIdent(ident.ident) == ident)
    }

    @Test func comparesByIdentityNotAge() throws {
        let texts = ["core/a/1.10/1", "core/a/1.9/1", "core/a/1.9/2", "core/b/0/0", "zed/a/0/0"]
        let idents = try texts.map { try QualifiedIdent(parsing: $0) }
        #expect(idents.reversed().sorted() == idents)
    }
}
