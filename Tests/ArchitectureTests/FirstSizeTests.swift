// SPDX-License-Identifier: Apache-2.0

import BioTestSupport
import Testing

/// What the host takes for the first sizes of a plugin's structs, against the header of ABI 1.0 that is kept with the corpus
/// and never changes: today's header, longer one day, must not come in between.
@Suite struct FirstSizeTests {
    /// What came with a later version, whose first size is that of today until it grows.
    private static let later: Set<String> = ["bio_service_call"]

    @Test func thoseOfLaterStructsAreLocked() throws {
        let source = try SourceTree.text("Core/BioPluginHost/Runner/OpenStruct.swift")
        let lock = try SourceTree.text("plugin-sdk/abi/abi_lock.c")
        for name in Self.later {
            let size = try #require(
                source.firstMatch(of: try Regex("\(name): OpenStruct \\{\\s+static let firstSize = ([0-9]+)")))
            let bytes = try #require(size.output[1].substring)
            #expect(lock.contains("LOCK_SIZE(\(name), \(bytes));"), "\(name)")
        }
    }

    @Test func areThoseOfTheFirstHeader() throws {
        let source = try SourceTree.text("Core/BioPluginHost/Runner/OpenStruct.swift")
        let sizes = source.matches(of: /extension (bio_[a-z_]+): OpenStruct \{\s+static let firstSize = ([0-9]+)/)
        #expect(sizes.count >= 14)
        var program = "#include \"bio_export.h\"\n"
        for size in sizes where !Self.later.contains(String(size.output.1)) {
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
