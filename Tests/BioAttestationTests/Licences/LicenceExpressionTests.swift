// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import BioAttestation

@Suite struct LicenceExpressionTests {
    @Test(arguments: [
        ("mit", "MIT"), ("MIT OR apache-2.0", "MIT OR Apache-2.0"), ("mit and bsd-3-clause", "MIT AND BSD-3-Clause"),
        ("(MIT OR Zlib) AND  curl", "(MIT OR Zlib) AND curl"), ("((MIT))", "((MIT))"),
        ("GPL-3.0-or-later WITH gcc-exception-3.1", "GPL-3.0-or-later WITH GCC-exception-3.1"),
        ("GPL-2.0+", "GPL-2.0+"), ("Apache-2.0+", "Apache-2.0+"),
        ("MIT OR (Zlib AND (curl))", "MIT OR (Zlib AND (curl))"),
    ]) func readsExpressions(text: String, expected: String) {
        #expect(LicenceExpression(parsing: text)?.text == expected)
    }

    @Test(arguments: [
        "", " ", "gplv2+", "MIT BSD-3-Clause", "MIT OR", "OR MIT", "MIT AND AND Zlib", "(MIT", "MIT)", "()", "WITH",
        "MIT WITH", "MIT WITH Zlib", "GCC-exception-3.1", "LicenseRef-x", "+", "MIT++", "MIT,Zlib",
        String(repeating: "(", count: 20) + "MIT" + String(repeating: ")", count: 20),
        String(repeating: "MIT OR ", count: 300) + "MIT",
    ]) func refusesAllElse(text: String) {
        #expect(LicenceExpression(parsing: text) == nil)
    }

    @Test func oneNameIsTold() {
        #expect(LicenceExpression(parsing: "MIT")?.isOneName == true)
        #expect(LicenceExpression(parsing: "MIT OR Zlib")?.isOneName == false)
        #expect(LicenceExpression(parsing: "Apache-2.0+")?.isOneName == false)
    }
}
