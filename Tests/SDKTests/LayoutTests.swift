// SPDX-License-Identifier: Apache-2.0

import BioTestSupport
import Testing

/// Rust has no compiler for the header: its tables are written by hand, and their sizes are those of the lock.
@Suite struct LayoutTests {
    @Test func theTablesInRustHaveTheSizesOfTheLock() throws {
        let lock = try SourceTree.text("plugin-sdk/abi/abi_lock.c")
        var sizes: [Substring: Substring] = [:]
        for line in lock.split(separator: "\n") where line.hasPrefix("LOCK_SIZE(") {
            let words = line.dropFirst("LOCK_SIZE(".count).split { ", );".contains($0) }
            sizes[words[0]] = words[1]
        }
        let tables = try SourceTree.text("plugin-sdk/rust/src/abi.rs")
        let start = try #require(tables.firstRange(of: "\nlocked! {"))
        let words = tables[start.upperBound...].prefix { $0 != "}" }.split { " \n".contains($0) }
        #expect(words.count >= 46)
        for index in stride(from: 0, to: words.count - 1, by: 2) {
            #expect(sizes[words[index]] == words[index + 1], "\(words[index])")
        }
    }

    /// A number that stands in a source by hand is the header's.
    @Test func theVersionInRustIsTheHeaders() throws {
        let header = try SourceTree.text("plugin-sdk/include/bio_export.h")
        let tables = try SourceTree.text("plugin-sdk/rust/src/abi.rs")
        for name in ["BIO_ABI_VERSION", "BIO_ABI_1_0"] {
            let line = try #require(header.split(separator: "\n").first { $0.hasPrefix("#define \(name) ") })
            let number = try #require(line.split(separator: ")").dropFirst().first)
            #expect(tables.contains("pub const \(name): u32 = \(number);"), "\(line)")
        }
    }
}
