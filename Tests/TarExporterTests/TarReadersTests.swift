// SPDX-License-Identifier: Apache-2.0

import BioSystem
import BioTestSupport
import Glibc
import Testing

/// GNU tar, bsdtar and Python read every archive, and all see the same.
@Suite struct TarReadersTests {
    struct Compressed: Sendable, CustomTestStringConvertible {
        let name: String
        let suffix: String
        /// Tests the whole file, and decompresses it.
        let program: String?
        var testDescription: String { name }
    }

    static let compressions = [
        Compressed(name: "gzip", suffix: ".tar.gz", program: "gzip"),
        Compressed(name: "gzip:fast", suffix: ".tar.gz", program: "gzip"),
        Compressed(name: "gzip:small", suffix: ".tar.gz", program: "gzip"),
        Compressed(name: "zstd", suffix: ".tar.zst", program: "zstd"),
        Compressed(name: "zstd:1", suffix: ".tar.zst", program: "zstd"),
        Compressed(name: "zstd:19", suffix: ".tar.zst", program: "zstd"),
        Compressed(name: "xz", suffix: ".tar.xz", program: "xz"),
        Compressed(name: "none", suffix: ".tar", program: nil),
    ]

    /// The plain archive, and its members as Python sees them.
    private static let plain = Result {
        let desk = try Desk()
        let outcome = try desk.bio.export("acme/app", "--compression", "none", "-o", "app.tar")
        guard outcome.code == 0 else { throw Bio.Missing(description: outcome.errorText) }
        let members = try judge("members", desk.work("app.tar"))
        return (archive: try contents(of: desk.work("app.tar")), members: members)
    }

    @Test(arguments: compressions) func everyReaderSeesTheSame(compressed: Compressed) throws {
        let desk = try Desk()
        let outcome = try desk.bio.export("acme/app", "--compression", compressed.name)
        #expect(outcome.code == 0, "\(outcome.errorText)")
        let path = desk.work(String(outcome.text.dropLast()))
        #expect(path.hasSuffix("acme-app-2.0.1-20260103000000\(compressed.suffix)"))
        let plain = try Self.plain.get()

        // The compression gives back the very same archive, and its own program finds no fault.
        if let program = compressed.program {
            try tool(program, "-t", path)
            #expect(try tool(program, "-dc", path) == plain.archive)
        } else {
            #expect(try contents(of: path) == plain.archive)
        }

        // Each reader opens it by itself and extracts it whole.
        try extract(desk, plain.members, "gnu") { try tool("tar", "-xpf", path, "-C", $0) }
        try extract(desk, plain.members, "bsd") { try tool("bsdtar", "-xpf", path, "-C", $0) }
        if compressed.program == "zstd" { return }  // tarfile cannot before Python 3.14
        #expect(try judge("members", path) == plain.members)
        try extract(desk, plain.members, "python") { _ = try judge("extract", path, $0) }
    }

    private func extract(
        _ desk: borrowing Desk, _ members: String, _ name: String, _ body: (String) throws -> Void
    ) throws {
        let directory = desk.file(name)
        mkdir(directory, 0o755)
        try body(directory)
        #expect(try judge("tree", directory) == members, "\(name)")
    }

    @Test func theListsOfNamesAgree() throws {
        let archive = try Self.plain.get().archive
        let desk = try Desk()
        let path = desk.work("app.tar")
        try AtomicFile.write(archive, to: path)
        let gnu = try tool("tar", "--quoting-style=escape", "-tf", path, environment: ["LC_ALL": "C"])
        let bsd = try tool("bsdtar", "-tf", path, environment: ["LC_ALL": "C"])
        let lines = String(decoding: gnu, as: UTF8.self).split(separator: "\n")
        #expect(String(decoding: bsd, as: UTF8.self).split(separator: "\n") == lines)
        #expect(try lines.count == Self.plain.get().members.split(separator: "\n").count)
        #expect(lines.first == "hab/")
    }

    @Test func gnuTarSeesOwnersAndTimesAsWritten() throws {
        let desk = try Desk()
        let path = desk.work("app.tar")
        try AtomicFile.write(try Self.plain.get().archive, to: path)
        let listing = try tool("tar", "--numeric-owner", "--full-time", "-tvf", path, environment: ["TZ": "UTC"])
        for line in String(decoding: listing, as: UTF8.self).split(separator: "\n") {
            let words = line.split(separator: " ")
            #expect(words[1] == "0/0" && words[3] == "1970-01-01" && words[4] == "00:00:01", "\(line)")
        }
        // Nothing of GNU tar's complaints: no unknown keyword, no lone zero block.
        let quiet = try Tool.run(["tar", "-tf", path])
        #expect(quiet.errors.isEmpty)
    }

    @Test func anExtractedTreeRuns() throws {
        let desk = try Desk()
        let outcome = try desk.bio.export("acme/app")
        #expect(outcome.code == 0, "\(outcome.errorText)")
        try tool("tar", "-xpf", desk.work(TarExporterTests.fileName), "-C", desk.bio.temporary)
        let program = "\(desk.bio.temporary)/hab/pkgs/\(ClosureFixture.app.ident)/bin/app"
        #expect(try tool(program) == Array("app\n".utf8))
    }
}
