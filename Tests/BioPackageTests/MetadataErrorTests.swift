// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import BioPackage

@Suite struct MetadataErrorTests {
    @Test func namesFileLineAndText() throws {
        let ident = try QualifiedIdent(parsing: "core/x/1/2")
        #expect(MetadataError.missing(.target, of: ident).description == "package 'core/x/1/2' has no TARGET")
        #expect(MetadataError.notText(.deps, line: 3).description == "line 3 of DEPS is not UTF-8 text")
        #expect(
            MetadataError.badLine(.exports, line: 1, text: "port").description
                == "line 1 of EXPORTS is not a name=value pair: 'port'")
        #expect(
            MetadataError.badIdent(.tdeps, line: 2, .notQualified(text: "a/b")).description
                == "line 2 of TDEPS: 'a/b' is not a fully qualified package ident")
        #expect(
            MetadataError.badValue(.type, text: "x", expected: "'standalone' or 'composite'").description
                == "TYPE is 'x', not 'standalone' or 'composite'")
        #expect(MetadataError.badTarget(.init(text: "x")).hint?.contains("x86_64-linux") == true)
    }
}
