// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import BioAttestation

@Suite struct DeclaredLicenceTests {
    private static func listed(_ text: String) throws -> DeclaredLicence.Term {
        .listed(try #require(LicenceExpression(parsing: text)))
    }

    @Test(arguments: [nil, "", "  ", "None", "n/a", "\u{1B}"]) func nothingIsUnknown(text: String?) {
        #expect(DeclaredLicence(text) == .unknown)
    }

    @Test func severalKnownOnesAreAllMeant() throws {
        let all = DeclaredLicence.expression(try #require(LicenceExpression(parsing: "MIT AND Zlib")))
        #expect(DeclaredLicence("MIT Zlib ") == all)
        #expect(DeclaredLicence("mit, zlib") == all)
        #expect(DeclaredLicence("MIT\nzlib") == all)
        #expect(DeclaredLicence("MIT AND Zlib") == all)
    }

    @Test func whatNobodyKnowsStaysAsItIs() throws {
        #expect(DeclaredLicence("gplv2+ ") == .terms([.other("gplv2+")]))
        #expect(DeclaredLicence("GNU GPL v2") == .terms([.other("GNU GPL v2")]))
        #expect(DeclaredLicence("MIT custom") == .terms([try Self.listed("MIT"), .other("custom")]))
    }

    @Test func longTextsEnd() {
        let long = String(repeating: "x", count: 100_000)
        #expect(DeclaredLicence(long) == .terms([.other(String(long.prefix(512)))]))
    }
}
