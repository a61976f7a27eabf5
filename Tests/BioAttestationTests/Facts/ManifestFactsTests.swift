// SPDX-License-Identifier: Apache-2.0

import BioCrypto
import BioTestSupport
import Testing

@testable import BioAttestation

@Suite struct ManifestFactsTests {
    private static func facts(_ package: String) throws -> ManifestFacts {
        let path = try Vectors.path("installed-pkgs/hab/pkgs/\(package)/MANIFEST")
        return ManifestFacts(String(decoding: try contents(of: path), as: UTF8.self))
    }

    @Test func readsWhatHabitatWrote() throws {
        let tree = try Self.facts("core/tree/1.7.0/20180609045201")
        #expect(tree.source == "http://mama.indstate.edu/users/ice/tree/src/tree-1.7.0.tgz")
        #expect(tree.sourceDigest?.hex == "6957c20e82561ac4231638996e74f4cfa4e6faabc5a2f511f0b4e3940e8f7b12")
        #expect(tree.homepage == nil && tree.summary == nil)
        #expect(tree.licence == "gplv2+ ")
        let zip = try Self.facts("core/7zip/16.04/20170131110814")
        #expect(zip.homepage == "http://www.7-zip.org/")
        #expect(zip.summary == "7-Zip is a file archiver with a high compression ratio")
        let windows = try Self.facts("test-bind/test-bind-win/0.1.0/20190219231616")
        #expect(windows.source == nil && windows.sourceDigest == nil)
    }

    @Test func whatIsMissingIsNotSaid() {
        let nothing = ManifestFacts(nil)
        #expect(
            ManifestFacts("") == nothing && ManifestFacts("* __License__ MIT\n# Plan\n* __License__: MIT") == nothing)
        #expect(nothing.licence == nil)
    }

    @Test func linesOfWindowsAreLines() {
        let facts = ManifestFacts(
            "# a / b\r\nx\r\n\r\n* __License__: MIT\r\n* __Source__: [u](https://h/f)\r\n# Plan\r\n")
        #expect(facts.licence == "MIT" && facts.summary == "x" && facts.source == "https://h/f")
    }

    @Test func thePlanBelowSaysNothing() {
        #expect(ManifestFacts(FactsFixture.manifest(licence: "MIT")).licence == "MIT ")
    }

    @Test(arguments: [
        ("[x](javascript:alert(1))", nil), ("[x](https://a b)", nil), ("[x](https://)", nil), ("[x](https:///x)", nil),
        ("[x](https://u@h/x)", nil), ("[x](https://h/x@y)", "https://h/x@y"), ("[x](HTTPS://h)", "HTTPS://h"),
        ("[x](https://h/\u{1B}[2J)", nil), ("[x](https://h/é)", nil), ("https://h", nil), ("[]()", nil),
        ("[x](ftp://h/f#c)", "ftp://h/f#c"), ("[x](https://h/f?token=x)", nil), ("[x](https://h?x)", nil),
    ]) func takesPlainAddressesOnly(text: String, expected: String?) {
        #expect(ManifestFacts("# a / b\n\n* __Source__: \(text)\n").source == expected)
    }

    @Test func textsAreOneBoundedLine() {
        #expect(ManifestFacts("# a / b\nx\u{1B}[31m\u{202E}y\n").summary == "x[31my")
        #expect(ManifestFacts("# a / b\n\(String(repeating: "x", count: 5000))\n").summary?.count == 1024)
        #expect(ManifestFacts("# a / b\n* __License__: MIT\n").summary == nil)
    }
}
