// SPDX-License-Identifier: Apache-2.0

import BioTestSupport
import Testing

/// `bio_export.h` and the lock of its layout, under every compiler that a plugin's author is likely to have.
@Suite struct HeaderTests {
    struct Compiler: Sendable, CustomTestStringConvertible {
        let name: String
        let arguments: [String]
        var testDescription: String { name }
    }

    static let warnings = ["-Wall", "-Wextra", "-Wpadded", "-pedantic", "-Werror", "-fsyntax-only"]
    static let include = "-I\(SourceTree.root)/plugin-sdk/include"

    static let compilers = [
        Compiler(name: "gcc, C11", arguments: ["gcc", "-x", "c", "-std=c11"]),
        Compiler(name: "g++, C++17", arguments: ["g++", "-x", "c++", "-std=c++17"]),
        Compiler(name: "clang, C11", arguments: ["clang", "-x", "c", "-std=c11"]),
        Compiler(name: "clang++, C++17", arguments: ["clang++", "-x", "c++", "-std=c++17"]),
    ]

    /// The toolchain's clang is told where gcc's C++ library is: it may not find it by itself.
    private func arguments(_ compiler: Compiler) throws -> [String] {
        guard compiler.arguments[0] == "clang++" else { return compiler.arguments }
        let library = try Tool.run(["gcc", "-print-libgcc-file-name"]).text
        let directory = library.split(separator: "/").dropLast().joined(separator: "/")
        return compiler.arguments + ["--gcc-install-dir=/\(directory)"]
    }

    @Test(arguments: compilers, ["include/bio_export.h", "abi/abi_lock.c", "abi/constants_lock.c", "abi/abi_probe.c"])
    func compilesAlone(compiler: Compiler, file: String) throws {
        let command = try arguments(compiler) + Self.warnings + [Self.include, "\(SourceTree.root)/plugin-sdk/\(file)"]
        let outcome = try Tool.run(command)
        #expect(outcome.code == 0, "\(outcome.errorText)")
    }

    /// The lock is worth something only if it stops a change.
    @Test(arguments: [
        ("bio_str origin;\n    bio_str name;", "bio_str name;\n    bio_str origin;"),
        ("uint64_t file_count;", "uint32_t file_count;"),
        ("int64_t source_date_epoch;", "int64_t source_date_epoch;\n    uint64_t more;"),
    ])
    func theLockStopsAChange(old: String, new: String) throws {
        let scratch = try Scratch()
        let header = try SourceTree.text("plugin-sdk/include/bio_export.h")
        let changed = header.replacing(old, with: new, maxReplacements: 1)
        #expect(changed != header)
        _ = try scratch.write(Array(changed.utf8), to: "bio_export.h")
        let outcome = try Tool.run([
            "gcc", "-std=c11", "-fsyntax-only", "-I\(scratch.path)", "\(SourceTree.root)/plugin-sdk/abi/abi_lock.c",
        ])
        #expect(outcome.code != 0)
        #expect(outcome.errorText.contains("static assertion failed"))
    }

    @Test func everyMemberThatIsAFunctionIsDocumented() throws {
        let text = try SourceTree.text("plugin-sdk/include/bio_export.h")
        let documented = text.split(separator: "*BIO_NULLABLE").dropFirst().count { $0.contains("BIO_NOEXCEPT;") }
        let comments = text.split(separator: "Does  ").count - 1
        let returns = text.split(separator: "Returns  ").count - 1
        #expect(documented > 20)
        #expect(comments >= documented)
        #expect(returns >= documented)
    }
}
