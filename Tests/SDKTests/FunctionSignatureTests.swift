// SPDX-License-Identifier: Apache-2.0

import BioTestSupport
import Testing

/// In C and C++ the signature of a typed function and its type are one: what does not fit is refused by the compiler.
@Suite(.timeLimit(.minutes(15))) struct FunctionSignatureTests {
    struct Language: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let compiler: [String]
        let file: String
        /// What both files begin with.
        let head: String
        /// Prints a function's signature.
        let print: String
    }

    static let c = Language(
        testDescription: "C", compiler: ["cc", "-std=c11", "-I\(Repository.path("plugin-sdk/c"))"], file: "main.c",
        head: """
            #include "bio_function.h"
            #include <stdio.h>
            typedef uint32_t truth;
            #define NOEXCEPT
            """, print: "const bio_function made = %; puts(made.signature.ptr);")
    static let cpp = Language(
        testDescription: "C++", compiler: ["c++", "-std=c++17", "-I\(Repository.path("plugin-sdk/cpp"))"],
        file: "main.cpp",
        head: """
            #include "bio_export.hpp"
            #include <stdio.h>
            typedef bio::Truth truth;
            #define NOEXCEPT noexcept
            """, print: "const bio::Function made = %; puts(made.signature.c_str());")

    private static let functions = """
        static int32_t piece(const bio_str *text, int64_t longest, const bio_sink *out) NOEXCEPT {
            return longest > 0 ? out->write(out, text) : BIO_E_INVALID;
        }
        static int32_t text(const bio_sink *out) NOEXCEPT { bio_str made = {"", 0}; return out->write(out, &made); }
        static double half(double number) NOEXCEPT { return number / 2; }
        static truth same(truth left, truth right) NOEXCEPT { return left == right ? left : right; }
        static int32_t eight(truth a, int32_t b, int64_t c, uint32_t d, uint64_t e, double f, const bio_str *g,
                             const bio_str *h, const bio_sink *out) NOEXCEPT { return out->write(out, h); }
        static int32_t any(const bio_value *values, uint32_t count, const bio_sink *out) NOEXCEPT { return BIO_OK; }

        """

    /// Compiles a program that prints what `expression` makes; its output, or nil when the compiler refuses.
    private func signature(_ expression: String, _ language: Language) throws -> (text: String?, errors: String) {
        let scratch = try Scratch()
        let program =
            "\(language.head)\n\(Self.functions)int main(void) { "
            + language.print.replacing("%", with: expression) + " return 0; }\n"
        let source = try scratch.write(Array(program.utf8), to: language.file)
        let compiled = try Tool.run(
            language.compiler + [
                "-w", "-I\(Repository.path("plugin-sdk/include"))", "-o", scratch.file("main"), source,
            ])
        guard compiled.code == 0 else { return (nil, compiled.errorText) }
        return (try Tool.run([scratch.file("main")]).text, compiled.errorText)
    }

    @Test(arguments: [
        ("BIO_FUNCTION(piece, \"\", s, s, i64)", "s(s,i64)\n"),
        ("BIO_FUNCTION(piece, \"\", check, s, i64)", "check(s,i64)\n"),
        ("BIO_FUNCTION(text, \"\", s)", "s()\n"), ("BIO_FUNCTION(half, \"\", d, d)", "d(d)\n"),
        ("BIO_FUNCTION(same, \"\", b, b, b)", "b(b,b)\n"),
        ("BIO_FUNCTION(eight, \"\", s, b, i32, i64, u32, u64, d, s, s)", "s(b,i32,i64,u32,u64,d,s,s)\n"),
        ("BIO_FUNCTION_OF_ANY(any, \"\")", "*\n"),
    ])
    func whatFitsIsTakenInC(_ expression: String, _ signature: String) throws {
        let made = try self.signature(expression, Self.c)
        #expect(made.text == signature, "\(made.errors)")
    }

    @Test(arguments: [
        ("BIO_FUNCTION(piece, \"\", s, i64, s)", "not compatible with any association"),
        ("BIO_FUNCTION(half, \"\", d, i64)", "not compatible with any association"),
        ("BIO_FUNCTION(text, \"\", u32)", "not compatible with any association"),
        ("BIO_FUNCTION_OF_ANY(piece, \"\")", "not compatible with any association"),
        ("BIO_FUNCTION(half, \"\", d, f)", "BIO_FN_ARG_f"),
    ])
    func whatDoesNotIsRefusedInC(_ expression: String, _ reason: String) throws {
        let made = try signature(expression, Self.c)
        #expect(made.text == nil && made.errors.contains(reason), "\(made.errors)")
    }

    @Test(arguments: [
        ("bio::function(\"f\", \"\", piece)", "s(s,i64)\n"), ("bio::check(\"f\", \"\", piece)", "check(s,i64)\n"),
        ("bio::function(\"f\", \"\", text)", "s()\n"), ("bio::function(\"f\", \"\", half)", "d(d)\n"),
        ("bio::function(\"f\", \"\", same)", "b(b,b)\n"),
        ("bio::function(\"f\", \"\", eight)", "s(b,i32,i64,u32,u64,d,s,s)\n"),
        ("bio::function_of_any(\"f\", \"\", any)", "*\n"),
    ])
    func isMadeFromTheTypeInCpp(_ expression: String, _ signature: String) throws {
        let made = try self.signature(expression, Self.cpp)
        #expect(made.text == signature, "\(made.errors)")
    }

    @Test(arguments: [
        ("bio::check(\"f\", \"\", +[](int64_t) noexcept -> int32_t { return 0; })", "a check writes to a sink why not"),
        ("bio::function(\"f\", \"\", +[](float) noexcept -> double { return 0; })", "no word in signatures"),
        (
            "bio::function(\"f\", \"\", +[](const bio_sink *, int64_t) noexcept -> int32_t { return 0; })",
            "last argument"
        ),
        ("bio::function(\"f\", \"\", +[](double) -> double { throw 1; })", "no matching function"),
    ])
    func whatHasNoSignatureIsRefusedInCpp(_ expression: String, _ reason: String) throws {
        let made = try signature(expression, Self.cpp)
        #expect(made.text == nil && made.errors.contains(reason), "\(made.errors)")
    }
}
