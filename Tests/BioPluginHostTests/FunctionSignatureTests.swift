// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import BioPluginHost

@Suite struct FunctionSignatureTests {
    @Test(arguments: ["*", "s()", "check(s)", "check(i64)", "s(s,i64)", "b(b,i32,i64,u32,u64,d,s,s)", "d(d)"])
    func whatIsReadIsWrittenAgain(_ text: String) throws {
        #expect("\(try FunctionSignature(parsing: text))" == text)
    }

    @Test(arguments: [
        ("", "there is no '(' at column 1"), ("s", "there is no '(' at column 2"),
        ("s(", "it does not end with ')' at column 3"), ("s()x", "it does not end with ')' at column 5"),
        ("(s)", "'' is no result at column 1"), ("void()", "'void' is no result at column 1"),
        ("s(S)", "'S' is no type at column 3"), ("s(s, s)", "' s' is no type at column 5"),
        ("s(s,)", "'' is no type at column 5"), ("s(,s)", "'' is no type at column 3"),
        ("s(check)", "'check' is no type at column 3"), ("s(s)(s)", "'s)(s' is no type at column 3"),
        ("s(b,b,b,b,b,b,b,b,b)", "there are more than 8 arguments at column 19"),
        ("*()", "'*' is no result at column 1"),
    ])
    func whatIsNoneIsRefusedWithItsPlace(_ text: String, _ message: String) {
        let error = #expect(throws: FunctionSignature.Wrong.self) { try FunctionSignature(parsing: text) }
        #expect(error?.description == message)
    }

    @Test func aCheckTakesWhatItsOptionHas() throws {
        let text = try FunctionSignature(parsing: "check(s)")
        let number = try FunctionSignature(parsing: "check(i64)")
        #expect(text.checks(.string) && text.checks(.list) && text.checks(.path) && !text.checks(.integer))
        #expect(number.checks(.integer) && !number.checks(.string))
        #expect(FunctionSignature.any.checks(.integer) && FunctionSignature.any.checks(.string))
        #expect(!(try FunctionSignature(parsing: "s(s)")).checks(.string))
        #expect(!(try FunctionSignature(parsing: "check(s,s)")).checks(.string))
    }
}
