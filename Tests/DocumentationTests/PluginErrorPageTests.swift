// SPDX-License-Identifier: Apache-2.0

import BioTestSupport
import Testing

/// `docs/reference/plugin-errors.md`: all codes of the header, and what is really shown.
@Suite(.timeLimit(.minutes(15))) struct PluginErrorPageTests {
    static let path = "docs/reference/plugin-errors.md"

    @Test func theTableHasTheCodesOfTheHeader() throws {
        let header = try SourceTree.text("plugin-sdk/include/bio_export.h")
            .matches(of: /#define (BIO_OK|BIO_E_[A-Z_]+) \(\(int32_t\)([0-9]+)\)/)
            .map { "| \($0.output.2) | `\($0.output.1)` " }
        #expect(header.count >= 14)
        let table = try SourceTree.lines(Self.path)
            .compactMap { $0.prefixMatch(of: #/\| [0-9]+ \| `BIO_[A-Z_]+` /#).map { String($0.output) } }
        #expect(table == header)
    }

    @Test(arguments: ["gcc", "clang"]) func theTranscriptsAreReal(compiler: String) throws {
        let plugin = try SamplePlugin(Self.path, compiler: compiler)
        try PageShell.check(Self.path, in: plugin.directory, plugin.variables())
    }
}
