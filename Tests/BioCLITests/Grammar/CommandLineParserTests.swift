// SPDX-License-Identifier: Apache-2.0

import BioCLI
import Testing

@Suite struct CommandLineParserTests {
    private func parse(_ line: String, variables: [String: String] = [:]) throws -> CommandLineParser.Request {
        let words = line.split(separator: " ").map(String.init)
        return try CommandLineParser.parse(
            words, tree: SampleTree.root(), context: World(variables: variables).context)
    }

    private func arguments(_ line: String, variables: [String: String] = [:]) throws -> ParsedArguments {
        guard case .run(let arguments) = try parse(line, variables: variables) else {
            throw CommandFailure(.failure, "no run")
        }
        return arguments
    }

    private func refusal(_ line: String, variables: [String: String] = [:]) throws -> UsageError {
        do {
            _ = try parse(line, variables: variables)
        } catch let failure as CommandLineParser.Failure {
            return failure.error
        }
        throw CommandFailure(.failure, "'\(line)' was accepted")
    }

    @Test(arguments: [
        "make p -o x", "make -o x p", "make -ox p", "make -o=x p", "make --output x p", "make --output=x p",
        "make --out x p", "build p --output x",
    ])
    func writesOfOneValueAreEqual(_ line: String) throws {
        let parsed = try arguments(line)
        #expect(parsed.string("output") == "x")
        #expect(parsed.arguments("PART") == ["p"])
        #expect(parsed.source("output") == .commandLine)
    }

    @Test func flagsBundleAndTheLastTakesAValue() throws {
        let parsed = try arguments("make -qaj8 p")
        #expect(parsed.flag("quick") && parsed.flag("all"))
        #expect(parsed.integer("jobs") == 8)
    }

    @Test func aLoneDashIsAValueAndAnArgument() throws {
        #expect(try arguments("make -o - p").string("output") == "-")
        #expect(try arguments("make -").arguments("PART") == ["-"])
    }

    @Test func twoDashesEndTheOptions() throws {
        #expect(try arguments("make -- -x --help --").arguments("PART") == ["-x", "--help", "--"])
    }

    @Test func anEmptyValueIsAValue() throws {
        #expect(try arguments("make --label= p").strings("label") == [""])
    }

    @Test func repeatedValuesKeepTheirOrder() throws {
        #expect(try arguments("make -l b p --label=a -l b").strings("label") == ["b", "a", "b"])
    }

    @Test func hiddenSpellingsCount() throws {
        #expect(try arguments("make --no-hab-bin p").flag("no-bio-bin"))
        #expect(try arguments("secret").path == ["bio", "secret"])
    }

    @Test func theCommandLineBeatsVariablesAndTheyBeatTheDefault() throws {
        let variables = ["BIO_JOBS": "3", "OLD_SHAPE": "square", "BIO_SHAPE": "", "BIO_QUICK": "true"]
        #expect(try arguments("make -j2 p", variables: variables).integer("jobs") == 2)
        let parsed = try arguments("make p", variables: variables)
        #expect(parsed.integer("jobs") == 3 && parsed.source("jobs") == .environment("BIO_JOBS"))
        #expect(parsed.string("shape") == "square" && parsed.source("shape") == .environment("OLD_SHAPE"))
        #expect(parsed.flag("quick"))
        let plain = try arguments("make p")
        #expect(plain.integer("jobs") == 1 && plain.source("jobs") == .fallback)
        #expect(!plain.flag("quick") && plain.string("output") == nil)
    }

    @Test func laterArgumentsGetTheirShare() throws {
        #expect(try arguments("move a b").argument("TO") == "b")
        let parsed = try arguments("make a b c")
        #expect(parsed.arguments("PART") == ["a", "b", "c"] && parsed.argument("PLACE") == nil)
    }

    @Test func dynamicCommandsBringTheirOptions() throws {
        let parsed = try arguments("export --format json tar a b --depth 3")
        #expect(parsed.path == ["bio", "export", "tar"])
        #expect(parsed.string("format") == "json" && parsed.integer("depth") == 3)
        #expect(parsed.arguments("PKG") == ["a", "b"])
        #expect(try arguments("export --list").flag("list"))
    }

    struct Row: Sendable, CustomTestStringConvertible {
        let line: String
        let error: UsageError
        var variables: [String: String] = [:]
        var testDescription: String { line }

        init(_ line: String, _ error: UsageError, _ variables: [String: String] = [:]) {
            (self.line, self.error, self.variables) = (line, error, variables)
        }
    }

    @Test(arguments: [
        Row("", .missingCommand),
        Row("--", .missingCommand),
        Row("export", .missingCommand),
        Row("mkae", .unknownCommand("mkae", suggestion: "bio make")),
        Row("secre", .unknownCommand("secre", suggestion: nil)),
        Row("export trar x", .unknownCommand("export trar", suggestion: "bio export tar")),
        Row("export --list tar x", .unknownOption("--list", suggestion: nil)),
        Row("make", .missingArgument("PART")),
        Row("move", .missingArgument("FROM")),
        Row("move a", .missingArgument("TO")),
        Row("move a b c", .unexpectedArgument("c")),
        Row("make p --outptu x", .unknownOption("--outptu", suggestion: "--output")),
        Row("make p --zzz", .unknownOption("--zzz", suggestion: nil)),
        Row("make p -x", .unknownOption("-x", suggestion: nil)),
        Row("make p -qx", .unknownOption("-x", suggestion: nil)),
        Row("make p -o", .missingValue("-o", placeholder: "PATH")),
        Row("make p -o -q", .missingValue("-o", placeholder: "PATH")),
        Row("make p --output --quick", .missingValue("--output", placeholder: "PATH")),
        Row("make p --output=", .emptyPath(origin: "--output")),
        Row("make p --quick=yes", .unexpectedValue("--quick", value: "yes")),
        Row("make p -q=yes", .unexpectedValue("-q", value: "yes")),
        Row("make p -o a --out b", .givenTwice("--out")),
        Row("make p -j 0", .notAnInteger("0", origin: "-j", range: 1...64)),
        Row("make p -j -1", .notAnInteger("-1", origin: "-j", range: 1...64)),
        Row("make p -j 1x", .notAnInteger("1x", origin: "-j", range: 1...64)),
        Row("make p -j 99999999999999999999", .notAnInteger("99999999999999999999", origin: "-j", range: 1...64)),
        Row("make p --shape sqare", .notAChoice("sqare", origin: "--shape", choices: ["round", "square"])),
        Row("make p", .notAnInteger("many", origin: "the variable BIO_JOBS", range: 1...64), ["BIO_JOBS": "many"]),
        Row("make p", .notATruthValue("maybe", origin: "the variable BIO_QUICK"), ["BIO_QUICK": "maybe"]),
    ])
    func refuses(_ row: Row) throws {
        #expect(try refusal(row.line, variables: row.variables) == row.error)
        #expect(!row.error.message.isEmpty && row.error.message.first?.isUppercase == false)
    }

    @Test(arguments: [
        ("--help", "bio"), ("-h", "bio"), ("help", "bio"), ("help make", "bio make"), ("make --help", "bio make"),
        ("make --wrong -h", "bio make"), ("make -o --help", "bio make"), ("export -h", "bio export"),
        ("export zip --help", "bio export zip"), ("help export zip", "bio export zip"),
    ])
    func helpIsEverywhere(_ line: String, _ path: String) throws {
        guard case .help(let found) = try parse(line) else { throw CommandFailure(.failure, "no help") }
        #expect(found.map(\.name).joined(separator: " ") == path)
    }

    @Test(arguments: ["--version", "-V", "make -V", "export tar --version"])
    func versionIsEverywhere(_ line: String) throws {
        guard case .version = try parse(line) else { throw CommandFailure(.failure, "no version") }
    }

    /// A format may have a `--version` with a value; `-V` stays what it is.
    @Test func anOptionMayBeCalledVersion() throws {
        let command = CommandSpec(
            "chart", abstract: "Make a chart", options: [OptionSpec("version", .string("V"), help: "Number it so")],
            action: { _, _ in })
        let tree = CommandSpec("bio", abstract: "Do things", subcommands: [command])
        for line in [["chart", "--version", "1.2.3"], ["chart", "--version=1.2.3"]] {
            guard case .run(let arguments) = try CommandLineParser.parse(line, tree: tree, context: World().context)
            else { throw CommandFailure(.failure, "no run") }
            #expect(arguments.string("version") == "1.2.3")
        }
        for line in [["chart", "-V"], ["--version"]] {
            guard case .version = try CommandLineParser.parse(line, tree: tree, context: World().context) else {
                throw CommandFailure(.failure, "no version")
            }
        }
        #expect(throws: CommandLineParser.Failure.self) {
            try CommandLineParser.parse(["chart", "--version"], tree: tree, context: World().context)
        }
    }

    @Test func usageErrorsPointAtTheCommand() {
        let world = World()
        #expect(world.run("move", "a", tree: SampleTree.root()) == .usage)
        #expect(
            world.standardError == """
                ✗✗✗
                ✗✗✗ <TO> is missing
                ✗✗✗ hint: see 'bio move --help'
                ✗✗✗

                """)
        #expect(world.standardOutput.isEmpty)
    }
}
