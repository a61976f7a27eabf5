// SPDX-License-Identifier: Apache-2.0

import BioPluginHost
import BioTestSupport
import Testing

/// The typed functions of a plugin in C, called through libffi: the same in a child and on a thread.
@Suite(.timeLimit(.minutes(15))) struct TypedFunctionTests {
    private struct World: ~Copyable {
        private let scratch: Scratch
        let functions: PluginFunctions

        init(_ mode: RunnerMode, limits: PhaseLimits = PhaseLimits()) throws {
            let made = try Scratch()
            let bundle = PluginBundle(libraryPath: try CPlugin("typed", in: made.path).library)
            let runtime = PluginExport.Runtime(mode: mode, limits: limits, hostVersion: "test")
            functions = PluginFunctions(try PluginExport.describe(bundle, runtime), bundle, runtime)
            scratch = made
        }

        func call(_ name: String, _ values: [FunctionValue] = []) throws -> FunctionAnswer {
            try functions.call(try #require(functions.description.function(named: name)), values)
        }
    }

    struct Call: Sendable, CustomTestStringConvertible {
        let name: String
        let values: [FunctionValue]
        let answer: FunctionAnswer
        var testDescription: String { "\(name) \(values)" }

        init(_ name: String, _ values: [FunctionValue], _ answer: FunctionAnswer) {
            self.name = name
            self.values = values
            self.answer = answer
        }

        init(_ name: String, _ values: [FunctionValue], _ value: FunctionValue) {
            self.init(name, values, .value(value))
        }
    }

    static let calls: [Call] = [
        Call("short_name", [.text("redis"), .signed(3)], .text("red")),
        Call("short_name", [.text("größe"), .signed(100)], .text("größe")),
        Call("short_name", [.text(""), .signed(1)], .text("")),
        Call(
            "short_name", [.text("redis"), .signed(0)],
            .refused(code: 2, why: "nothing is shorter than one letter")),
        Call("differ", [.bool(true), .bool(false)], .bool(true)),
        Call("differ", [.bool(true), .bool(true)], .bool(false)),
        Call("sum32", [.signed(Int64(Int32.min)), .signed(1)], .signed(Int64(Int32.min) + 1)),
        Call("sum32", [.signed(-1), .signed(-2)], .signed(-3)),
        Call("negative", [.signed(.max)], .signed(-.max)),
        Call("next32", [.unsigned(4_294_967_294)], .unsigned(4_294_967_295)),
        Call("next32", [.unsigned(4_294_967_295)], .unsigned(0)),
        Call("next64", [.unsigned(.max - 1)], .unsigned(.max)),
        Call("half", [.double(-0.5)], .double(-0.25)),
        Call(
            "eight",
            [
                .bool(true), .signed(-2), .signed(-3), .unsigned(4), .unsigned(5), .double(6.5), .text("seven"),
                .text("eight"),
            ], .text("1 -2 -3 4 5 6.5 seven eight")),
        Call("is_port", [.signed(443)], .accepted),
        Call("is_port", [.signed(65536)], .refused(code: 2, why: "65536 is no port")),
        Call("is_word", [.text("word")], .accepted),
        Call("is_word", [.text("no word")], .refused(code: 100, why: "it has other characters than a to z")),
        Call("joined", [], .text("")),
        Call(
            "joined", [.double(1e20), .double(-0.0), .double(2)], .text("[1e+20][-0.0][2.0]")),
        Call(
            "joined", [.bool(true), .signed(-7), .text("a"), .double(1.5), .unsigned(.max)],
            .text("b1i-7[a][1.5][18446744073709551615]")),
        Call("silent", [], .refused(code: 100, why: "")),
        Call("logs", [], .text("no files")),
    ]

    @Test(arguments: calls, Mode.allCases)
    func valuesArrive(_ call: Call, _ mode: Mode) throws {
        #expect(try World(try mode.runner).call(call.name, call.values) == call.answer)
    }

    @Test(arguments: Mode.allCases)
    func oneRunnerServesManyCalls(_ mode: Mode) throws {
        let world = try World(try mode.runner)
        for number in 0..<1000 {
            #expect(try world.call("negative", [.signed(Int64(number))]) == .value(.signed(-Int64(number))))
        }
    }

    @Test(arguments: Mode.allCases)
    func aSinkTakesSoMuchAndOnlyDuringItsCall(_ mode: Mode) throws {
        let world = try World(try mode.runner)
        guard case .value(.text(let flood)) = try world.call("floods") else {
            Issue.record("it gave no text")
            return
        }
        #expect(flood.utf8.count == FunctionValue.mostBytes)
        #expect(try world.call("keeps") == .value(.text("kept")))
        #expect(try world.call("writes_late") == .value(.bool(true)))
        #expect(try world.call("keeps") == .value(.text("kept")))
    }

    // MARK: - What no plugin should do

    static let lies: [(String, String)] = [
        ("neither", "'neither' returned 2, where 0 or 1 is a boolean"),
        ("not_a_number", "'not_a_number' returned nan, which is no number"),
        ("not_utf8", "'not_utf8' returned no UTF-8"),
        ("strange_code", "'strange_code' returned the code -5, which is none"),
    ]

    @Test(arguments: lies, Mode.allCases)
    func aResultThatIsNoneOfItsTypeIsALie(_ lie: (name: String, text: String), _ mode: Mode) throws {
        let world = try World(try mode.runner)
        let error = #expect(throws: PluginError.self) { try world.call(lie.name) }
        #expect(error?.problem == .lied(.function, lie.text))
        #expect(error?.plugin == "org.biome.test.typed")
        // The runner is gone; a further call starts another.
        #expect(try world.call("negative", [.signed(1)]) == .value(.signed(-1)))
    }

    @Test func aCrashEndsTheRunnerAlone() throws {
        let world = try World(try HostileWorld.child)
        let error = #expect(throws: PluginError.self) { try world.call("crash", [.text("dead")]) }
        #expect(error?.problem == .crashed(.function, signal: "SIGABRT", exitCode: nil))
        #expect("\(try #require(error))".contains("crashed with signal SIGABRT in a typed function"))
        #expect(try world.call("negative", [.signed(1)]) == .value(.signed(-1)))
    }

    @Test func oneThatDoesNotReturnIsEnded() throws {
        var limits = PhaseLimits()
        limits.describe = 1
        let world = try World(try HostileWorld.child, limits: limits)
        let error = #expect(throws: PluginError.self) { try world.call("crash", [.text("sleep")]) }
        #expect(error?.problem == .hung(.function, seconds: 1))
    }

    // MARK: - What the host does not ask

    @Test func textThatIsTooLongIsNotSent() throws {
        let world = try World(.inProcess)
        let text = String(repeating: "a", count: FunctionValue.mostBytes + 1)
        #expect(throws: FunctionError.tooLong(text.utf8.count)) { try world.call("is_word", [.text(text)]) }
    }

    @Test func valuesOfOtherTypesAreNotPassed() throws {
        let world = try World(.inProcess)
        for values in [[], [.text("a")], [.signed(1), .signed(1)], [.unsigned(1)]] as [[FunctionValue]] {
            #expect(throws: FunctionError.otherTypes("i64(i64)")) { try world.call("negative", values) }
        }
        #expect(throws: FunctionError.self) { try world.call("sum32", [.signed(1 << 40), .signed(1)]) }
        #expect(throws: FunctionError.self) { try world.call("half", [.double(.nan)]) }
        #expect(throws: FunctionError.self) { try world.call("joined", Array(repeating: .bool(true), count: 9)) }
    }
}
