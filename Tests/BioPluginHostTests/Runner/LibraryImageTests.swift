// SPDX-License-Identifier: Apache-2.0

import BioSystem
import BioTestSupport
import Glibc
import Testing

@testable import BioPluginHost

@Suite struct LibraryImageTests {
    /// A library that needs libc, compiled once.
    private static let library = Result {
        let scratch = try Scratch()
        let source = try scratch.write(
            Array("#include <stdio.h>\nint bio_export_entry(void) { return puts(\"\"); }\n".utf8), to: "f.c")
        let outcome = try Tool.run(["cc", "-shared", "-fPIC", "-o", scratch.file("f.so"), source])
        #expect(outcome.code == 0, "\(outcome.errorText)")
        return try contents(of: scratch.file("f.so"))
    }

    private func image(_ bytes: [UInt8], _ scratch: borrowing Scratch) throws -> LibraryImage? {
        LibraryImage(try scratch.write(bytes, to: "image.so"))
    }

    @Test func tellsMachineAndNeeds() throws {
        let scratch = try Scratch()
        let image = try #require(image(try Self.library.get(), scratch))
        #expect(image.machine == LibraryImage.hostMachine)
        #expect(image.needed.contains("libc.so.6"))
        #expect(LibraryImage.refusal(of: scratch.file("image.so")) == nil)
    }

    @Test(arguments: [
        (UInt16(183), UInt8(2), "aarch64"), (3, 1, "x86"), (62, 1, "x86_64 (32 bits)"), (4711, 2, "machine 4711"),
        (40, 1, "arm"),
    ])
    func anotherMachineIsRefusedByItsName(_ machine: UInt16, _ width: UInt8, _ name: String) throws {
        let scratch = try Scratch()
        var bytes = try Self.library.get()
        (bytes[4], bytes[18], bytes[19]) = (width, UInt8(machine & 0xFF), UInt8(machine >> 8))
        let path = try scratch.write(bytes, to: "image.so")
        #expect(LibraryImage.refusal(of: path) == .machine(name))
    }

    @Test(arguments: [
        ("libswiftCore.so", true), ("/usr/lib/libswiftGlibc.so", true), ("libFoundation.so", true),
        ("lib_FoundationICU.so", true), ("libFoundationEssentials.so.1", true), ("libc.so.6", false), ("", false),
        ("swift", false), ("libswift/libc.so", false),
    ])
    func sharedRuntimesAreKnownByName(_ name: String, _ isOne: Bool) {
        #expect(LibraryImage.isSharedRuntime(name) == isOne)
    }

    @Test func whatIsNoLibraryIsLeftToTheLinker() throws {
        let scratch = try Scratch()
        let library = try Self.library.get()
        for bytes in [[], Array("#!/bin/sh\n".utf8), Array(library.prefix(63)), [UInt8](repeating: 0, count: 64)] {
            #expect(try image(bytes, scratch)?.machine == nil)
        }
        mkfifo(scratch.file("fifo"), 0o600)
        for name in ["fifo", "none", "."] { #expect(LibraryImage.refusal(of: scratch.file(name)) == nil) }
        // Cut anywhere: whatever can still be read is no reason to refuse it, nor to crash.
        for count in stride(from: 64, to: library.count, by: 509) {
            #expect(LibraryImage.refusal(of: try scratch.write(Array(library.prefix(count)), to: "cut.so")) == nil)
        }
    }

    @Test func everyByteOfTheTablesMayLie() throws {
        let scratch = try Scratch()
        let library = try Self.library.get()
        let dynamic = try #require(Self.dynamicTable(library))
        for position in Array(20..<(64 + 56 * 12)) + Array(dynamic.prefix(512)) {
            var bytes = library
            for value: UInt8 in [0xFF, 0x80, 0] {
                bytes[position] = value
                _ = try image(bytes, scratch)
            }
        }
        var bytes = library
        for position in dynamic { bytes[position] = 0xFF }
        #expect(try image(bytes, scratch)?.needed == [])
    }

    /// Where the dynamic table of a well-formed library lies.
    private static func dynamicTable(_ bytes: [UInt8]) -> Range<Int>? {
        func word(_ offset: Int) -> Int { (0..<8).reduce(0) { $0 | Int(bytes[offset + $1]) << (8 * $1) } }
        for header in stride(from: word(32), to: word(32) + 56 * Int(bytes[56]), by: 56) where bytes[header] == 2 {
            if bytes[header + 1] == 0 && bytes[header + 3] == 0 {
                return word(header + 8)..<(word(header + 8) + word(header + 32))
            }
        }
        return nil
    }
}
