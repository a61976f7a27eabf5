// SPDX-License-Identifier: Apache-2.0

import BioSystem
import BioTestSupport
import Testing

@testable import BioPluginHost

/// What a library's bytes say against loading it, with libraries that a compiler made.
@Suite struct LibraryFlawTests {
    struct Build: Sendable, CustomTestStringConvertible {
        let name: String
        var source = ""
        var flags: [String] = []
        var flaws: [LoadFailure] = []
        var testDescription: String { name }
    }

    private static let entry = "__attribute__((visibility(\"default\"))) int bio_export_entry(void) { return 0; }\n"
    private static let goNote =
        "__asm__(\".section .note.go.buildid, \\\"a\\\", @note\\n.long 4, 4, 4\\n.asciz \\\"Go\\\"\\n.byte 0\\n.long 7\\n.text\");\n"

    static let builds: [Build] = [
        Build(name: "none"), Build(name: "gnu hash", flags: ["-Wl,--hash-style=gnu"]),
        Build(name: "old hash", flags: ["-Wl,--hash-style=sysv"]),
        Build(
            name: "one more", source: "__attribute__((visibility(\"default\"))) int other(void) { return 1; }\n",
            flags: ["-Wl,--hash-style=gnu"], flaws: [.flaw(.moreSymbols(1, first: "other"))]),
        Build(
            name: "data", source: "__attribute__((visibility(\"default\"))) int data = 1;\n",
            flags: ["-Wl,--hash-style=sysv"], flaws: [.flaw(.moreSymbols(1, first: "data"))]),
        Build(
            name: "weak", source: "__attribute__((visibility(\"default\"), weak)) int soft(void) { return 1; }\n",
            flaws: [.flaw(.moreSymbols(1, first: "soft"))]),
        Build(
            name: "unique",
            source:
                "__asm__(\".data\\n.globl one\\n.type one, @gnu_unique_object\\none: .quad 0\\n.size one, 8\\n.text\");\n",
            flaws: [.flaw(.uniqueSymbols(1, first: "one"))]),
        Build(name: "stack", flags: ["-Wl,-z,execstack"], flaws: [.flaw(.executableStack)]),
        Build(
            name: "text", source: "__asm__(\".text\\nword: .quad word\");\n", flags: ["-Wl,-z,notext"],
            flaws: [.flaw(.textRelocations)]),
        Build(
            name: "run path", flags: ["-Wl,-rpath,/home/builder/lib"], flaws: [.flaw(.searchPath("/home/builder/lib"))]),
        Build(
            name: "old run path", flags: ["-Wl,--disable-new-dtags", "-Wl,-rpath,$ORIGIN:/opt/x"],
            flaws: [.flaw(.searchPath("/opt/x"))]),
        Build(name: "empty run path", flags: ["-Wl,-rpath,$ORIGIN:"], flaws: [.flaw(.searchPath(""))]),
        Build(name: "way up", flags: ["-Wl,-rpath,$ORIGIN/../../x"], flaws: [.flaw(.searchPath("$ORIGIN/../../x"))]),
        Build(name: "relative run path", flags: ["-Wl,-rpath,lib"], flaws: [.flaw(.searchPath("lib"))]),
        Build(name: "origin", flags: ["-Wl,-rpath,$ORIGIN:${ORIGIN}/lib:/usr/lib/x86_64-linux-gnu"]),
        Build(
            name: "all", source: "__attribute__((visibility(\"default\"))) int other(void) { return 1; }\n",
            flags: ["-Wl,-z,execstack", "-Wl,-rpath,/x"],
            flaws: [.flaw(.moreSymbols(1, first: "other")), .flaw(.executableStack), .flaw(.searchPath("/x"))]),
    ]

    private func build(_ build: Build, _ scratch: borrowing Scratch, entry: String = Self.entry) throws -> String {
        let source = try scratch.write(Array((entry + build.source).utf8), to: "x.c")
        let outcome = try Tool.run(
            ["cc", "-shared", "-fPIC", "-fvisibility=hidden", "-o", scratch.file("x.so"), source] + build.flags)
        #expect(outcome.code == 0, "\(outcome.errorText)")
        return scratch.file("x.so")
    }

    @Test(arguments: builds) func isFoundByItsBytes(_ one: Build) throws {
        let scratch = try Scratch()
        let image = try #require(LibraryImage(try build(one, scratch)))
        #expect(image.refusals(isAlone: true) == one.flaws)
        for flaw in one.flaws { #expect(PluginRule.ofLibraries.contains(flaw.rule)) }
    }

    @Test func aLibraryWithoutTheEntryIsNone() throws {
        let scratch = try Scratch()
        let path = try build(Build(name: ""), scratch, entry: "int nothing(void) { return 0; }\n")
        #expect(LibraryImage.refusal(of: path) == .noEntry)
    }

    @Test func aGoRuntimeWantsAProcessToItself() throws {
        let scratch = try Scratch()
        let path = try build(Build(name: "", source: Self.goNote), scratch)
        #expect(LibraryImage(path)?.hasGoRuntime == true)
        #expect(LibraryImage.refusal(of: path, isAlone: true) == nil)
        #expect(LibraryImage.refusal(of: path, isAlone: false) == .flaw(.goRuntimeBesideOthers))
    }

    @Test(arguments: [
        LibraryFlaw.moreSymbols(3, first: "a"), .uniqueSymbols(1, first: "b"), .executableStack, .textRelocations,
        .searchPath("/x"), .goRuntimeBesideOthers,
    ])
    func aFlawTravels(_ flaw: LibraryFlaw) throws {
        let message = RunnerMessage.loadFailed(.flaw(flaw))
        #expect(try RunnerMessage(parsing: message.bytes) == message)
        #expect(!flaw.sentence.isEmpty && !flaw.hint.isEmpty)
    }

    /// Of two hash tables glibc takes the GNU one: an old one that knows of fewer symbols hides none.
    @Test func theOtherHashTableHidesNothing() throws {
        let scratch = try Scratch()
        let other = "__attribute__((visibility(\"default\"))) int other(void) { return 1; }\n"
        let path = try build(Build(name: "", source: other, flags: ["-Wl,--hash-style=both"]), scratch)
        let sections = try Tool.run(["readelf", "-SW", path]).text
        let offset = try #require(sections.firstMatch(of: /\.hash +HASH +[0-9a-f]+ ([0-9a-f]+)/)).output.1
        var bytes = try contents(of: path)
        // nchain, behind nbucket: the symbols that there are.
        let place = try #require(Int(offset, radix: 16)) + 4
        bytes.replaceSubrange(place..<(place + 4), with: [1, 0, 0, 0])
        let image = try #require(LibraryImage(try scratch.write(bytes, to: "lie.so")))
        #expect(image.hasReadableSymbols)
        #expect(image.refusals(isAlone: true) == [.flaw(.moreSymbols(1, first: "other"))])
    }

    @Test func symbolsThatCannotBeReadAreSaid() throws {
        let scratch = try Scratch()
        let path = try build(Build(name: "", flags: ["-Wl,--hash-style=gnu"]), scratch)
        let sections = try Tool.run(["readelf", "-SW", path]).text
        let offset = try #require(sections.firstMatch(of: /\.gnu\.hash +GNU_HASH +[0-9a-f]+ ([0-9a-f]+)/)).output.1
        var bytes = try contents(of: path)
        // More buckets than any library has.
        let place = try #require(Int(offset, radix: 16))
        bytes.replaceSubrange(place..<(place + 4), with: [0xFF, 0xFF, 0xFF, 0x7F])
        let image = try #require(LibraryImage(try scratch.write(bytes, to: "lie.so")))
        #expect(!image.hasReadableSymbols && image.refusals(isAlone: true).isEmpty)
    }

    /// Hash tables, symbols and notes that lie: nothing but another answer comes of it.
    @Test func everyByteMayLie() throws {
        let scratch = try Scratch()
        for style in ["gnu", "sysv"] {
            let path = try build(Build(name: "", flags: ["-Wl,--hash-style=\(style)"]), scratch)
            let library = try contents(of: path)
            for position in stride(from: 16, to: min(library.count, 2048), by: 3) {
                var bytes = library
                for value: UInt8 in [0xFF, 0x7F, 0] {
                    bytes[position] = value
                    _ = LibraryImage(try scratch.write(bytes, to: "lie.so"))?.refusals(isAlone: true)
                }
            }
        }
    }
}
