// SPDX-License-Identifier: Apache-2.0

import BioArchive
import Testing

@Suite struct CompressionTests {
    @Test(arguments: [
        ("none", Compression.none, ".tar"), ("gzip", .gzip, ".tar.gz"), ("gzip:fast", .gzipFast, ".tar.gz"),
        ("gzip:small", .gzipSmall, ".tar.gz"), ("zstd", .zstd(level: 3), ".tar.zst"),
        ("zstd:1", .zstd(level: 1), ".tar.zst"), ("zstd:19", .zstd(level: 19), ".tar.zst"), ("xz", .xz, ".tar.xz"),
    ])
    func namesParseAndRender(name: String, value: Compression, fileExtension: String) throws {
        #expect(try Compression(parsing: name) == value)
        #expect(value.description == name)
        #expect(value.fileExtension == fileExtension)
    }

    @Test(arguments: ["", "gz", "GZIP", "gzip:", "gzip:9", "xz:6", "brotli"])
    func refusesOtherNames(name: String) {
        #expect(throws: Compression.ParseError.unknown(name)) { try Compression(parsing: name) }
    }

    @Test(arguments: ["zstd:", "zstd:0", "zstd:20", "zstd:+3", "zstd:-1", "zstd:x", "zstd:999999999999999999999"])
    func refusesOtherLevels(name: String) {
        #expect(throws: Compression.ParseError.zstdLevel(name)) { try Compression(parsing: name) }
    }

    @Test func everyEncoderHasItsName() throws {
        let names = try ["none", "gzip", "gzip:fast", "gzip:small", "zstd", "zstd:7", "xz"].map {
            try Compression(parsing: $0).encoder()
        }
        #expect(Set(names).count == names.count)
        #expect(names[0] == "none")
        #expect(names[1].hasPrefix("libdeflate-1."))
        #expect(names[1].contains("_level3_piece1048576_"))
        #expect(names[4].contains("_level3_piece2097152_"))
        for name in names {
            #expect(
                name.utf8.allSatisfy {
                    UInt8(ascii: "a")...UInt8(ascii: "z") ~= $0 || "0123456789._-".utf8.contains($0)
                })
        }
    }
}
