// SPDX-License-Identifier: Apache-2.0

import BioTestSupport
import Testing

/// The layout of `bio_export.h` against `bio_export.abi`, which abidw made of ABI 1.1. Nothing is suppressed: abidiff calls
/// a harmless addition a change too, and that is what a new minor version is.
@Suite(.timeLimit(.minutes(15))) struct ABIBaselineTests {
    private static let folder = "\(SourceTree.root)/plugin-sdk/abi"

    /// What abidiff says of a header against the baseline.
    private func compare(_ header: String) throws -> Tool.Outcome {
        let scratch = try Scratch()
        _ = try scratch.write(Array(header.utf8), to: "bio_export.h")
        let probe = scratch.file("probe.so")
        let compiled = try Tool.run([
            "gcc", "-std=c11", "-g", "-O0", "-shared", "-fPIC", "-fvisibility=hidden", "-I\(scratch.path)", "-o", probe,
            "\(Self.folder)/abi_probe.c",
        ])
        #expect(compiled.code == 0, "\(compiled.errorText)")
        return try Tool.run(["abidiff", "--no-default-suppression", "\(Self.folder)/bio_export.abi", probe])
    }

    private var header: String { get throws { try SourceTree.text("plugin-sdk/include/bio_export.h") } }

    @Test func theHeaderHasTheLayoutOfTheBaseline() throws {
        let outcome = try compare(try header)
        #expect(outcome.code == 0, "\(outcome.text)\(outcome.errorText)")
    }

    /// The baseline is worth something only if it stops a change: a member at the end, two that change places, another type
    /// of a function, and of one that only a service table holds.
    @Test(arguments: [
        ("} bio_plugin;", "uint64_t more;\n} bio_plugin;"),
        ("    bio_str origin;\n    bio_str name;", "    bio_str name;\n    bio_str origin;"),
        ("uint32_t package, uint64_t file,\n", "uint64_t package, uint64_t file,\n"),
        ("uint32_t (*BIO_NULLABLE enabled)(", "int32_t (*BIO_NULLABLE enabled)("),
    ])
    func aChangeIsSeen(old: String, new: String) throws {
        let changed = try header.replacing(old, with: new, maxReplacements: 1)
        #expect(try changed != header)
        let outcome = try compare(changed)
        #expect(outcome.code & 4 != 0, "\(outcome.code) \(outcome.text)")
    }

    @Test func everyTypeOfTheHeaderIsInIt() throws {
        let baseline = try SourceTree.text("plugin-sdk/abi/bio_export.abi")
        let names = try header.matches(of: /struct (bio_[a-z_]+) \{/).map { String($0.output.1) }
        #expect(names.count > 40)
        for name in names {
            #expect(baseline.contains("<class-decl name='\(name)' "), "\(name) is not in the baseline")
        }
    }

    /// Every number and name that a plugin is compiled with has its lock.
    @Test func everyConstantIsLocked() throws {
        let lock = try SourceTree.text("plugin-sdk/abi/constants_lock.c")
        let names = try header.matches(of: /(?m)^#define (BIO_[A-Z0-9_]+) +(\(|")/).map { String($0.output.1) }
        #expect(names.count > 90)
        for name in names {
            #expect(lock.contains("LOCK(\(name) == ") || lock.contains("LOCK_TEXT(\(name), "), "\(name) has no lock")
        }
    }

    @Test(arguments: [
        ("#define BIO_E_IO ((int32_t)8)", "#define BIO_E_IO ((int32_t)18)"),
        ("\"bio.host.oci/1\"", "\"bio.host.oci/2\""),
        ("#define BIO_OPTION_REQUIRED ((uint32_t)1 << 16)", "#define BIO_OPTION_REQUIRED ((uint32_t)1 << 2)"),
    ])
    func theLockOfConstantsStopsAChange(old: String, new: String) throws {
        let scratch = try Scratch()
        let changed = try header.replacing(old, with: new, maxReplacements: 1)
        #expect(try changed != header)
        _ = try scratch.write(Array(changed.utf8), to: "bio_export.h")
        let outcome = try Tool.run([
            "gcc", "-std=c11", "-fsyntax-only", "-I\(scratch.path)", "\(Self.folder)/constants_lock.c",
        ])
        #expect(outcome.code != 0 && outcome.errorText.contains("static assertion failed"))
    }
}
