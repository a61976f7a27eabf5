// SPDX-License-Identifier: Apache-2.0

import BioTestSupport
import Testing

/// What the host takes for the first sizes of a plugin's structs, against the header of ABI 1.0 that is kept with the corpus
/// and never changes: today's header, longer one day, must not come in between.
@Suite struct FirstSizeTests {
    @Test func areThoseOfTheFirstHeader() throws {
        let source = try SourceTree.text("Core/BioPluginHost/Runner/OpenStruct.swift")
        let sizes = source.matches(of: /extension (bio_[a-z_]+): OpenStruct \{\s+static let firstSize = ([0-9]+)/)
        #expect(sizes.count >= 14)
        var program = "#include \"bio_export.h\"\n"
        for size in sizes {
            let (name, bytes) = (size.output.1, size.output.2)
            program += "_Static_assert(sizeof(\(name)) == \(bytes), \"\(name)\");\n"
        }
        let scratch = try Scratch()
        let path = try scratch.write(Array(program.utf8), to: "sizes.c")
        let outcome = try Tool.run([
            "gcc", "-std=c11", "-fsyntax-only", "-I\(SourceTree.root)/Tests/Support/corpus/1.0/source", path,
        ])
        #expect(outcome.code == 0, "\(outcome.errorText)")
    }
}
