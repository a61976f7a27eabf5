// SPDX-License-Identifier: Apache-2.0

import BioDocument
import BioTestSupport
import Testing

/// What mappings become: real images in a real engine, with busybox's shell and jq, read back by Python.
@Suite struct MappingTests {
    /// The example of the documentation of the original exporter.
    private static let example = """
        secret_key_base = "$SECRET_KEY_BASE"
        rails_env = "$RAILS_ENV"
        port = ${PORT}

        [db]
        user = "$(service "elephantsql" '.credentials.username')"
        password = "$(service "elephantsql" '.credentials.password')"
        host = "$(service "elephantsql" '.credentials.host')"
        name = "$(service "elephantsql" '.credentials.database')"

        """

    private static let credentials: DocumentValue = [
        "username": "redmine", "password": #"p"a\s$s`w {{x}} 'é"#, "host": "sql.example", "database": "redmine",
    ]

    /// A container starts with the settings where the supervisor reads them, and goes on as docker's image would.
    @Test(arguments: [([], "0:0"), (["--user", "4711"], "4711:0")])
    func theExampleStartsAService(options: [String], user: String) throws {
        let image = try ExportDesk.platforms().image(Self.example, as: "example")
        let outcome = try image.run(
            environment: [
                "SECRET_KEY_BASE": "0123\"\\", "RAILS_ENV": "production", "PORT": "8080",
                "VCAP_SERVICES": CloudFoundryVariables.services([("elephantsql", Self.credentials)]),
            ], options: options)
        #expect(outcome.code == 0, "\(outcome.errorText)")
        let head = "bio sup run core/redis\nas \(user)\nsettings /hab/user/redis/config/user.toml\n"
        #expect(outcome.text.hasPrefix(head), "\(outcome.text)")
        #expect(
            try EngineImage.toml(Array(outcome.output.dropFirst(head.utf8.count))) == [
                "secret_key_base": "0123\"\\", "rails_env": "production", "port": 8080,
                "db": [
                    "user": "redmine", "password": #"p"a\s$s`w {{x}} 'é"#, "host": "sql.example", "name": "redmine",
                ],
            ])
    }

    /// Words behind the image are the supervisor's, as with docker's image; nobody but its user reads the file.
    @Test func wordsAreForTheSupervisor() throws {
        let image = try ExportDesk.platforms().image("port = 1", as: "words")
        let outcome = try image.run(["--peer", "10.0.0.7"])
        #expect(outcome.text.hasPrefix("bio sup run core/redis --peer 10.0.0.7\n"), "\(outcome.errorText)")
        let script = "/cf-init.sh >/dev/null && cd /hab/user/redis/config && stat -c '%a %n' .* *"
        let listed = try image.run(["-c", script], options: ["--entrypoint", "/bin/sh"])
        #expect(listed.text == "755 .\n755 ..\n600 user.toml\n", "\(listed.errorText)")
    }

    private static let hostile = [
        "", " ", "\"", "\\", "a\\nb", "'", "'''", "\"\"\"", "a\nb\r\nc", "ends\n\n", "\n", "\ttab",
        "$HOME ${PATH} $(id)",
        "`id`", "{{cfg.x}} {{{y}}}", "# none", "EOF", "é \u{301} 😀 \u{FFFD}", "\u{1}\u{1B}[31m\u{8}\u{C}\u{7F}\u{85}",
        "\\u0041", "a\u{2028}b\u{2029}", "[x]\ny = 1", "-n", "%s%d", "yes", "0777",
        String(repeating: "long \"", count: 10_000),
    ]

    /// Any text reaches the far side as it is, from a variable or a service, in each kind of string.
    @Test func anyTextIsCarriedThrough() throws {
        var mapping = ""
        var environment: [String: String] = [:]
        for (number, text) in Self.hostile.enumerated() {
            environment["V\(number)"] = text
            mapping += """
                [v\(number)]
                variable = "<$V\(number)>"
                service = "<$(service texts .credentials[\(number)]; echo '>')"
                literal = '<${V\(number)}>\\ "'
                long = \"""
                <$V\(number)>\"""
                long-literal = '''
                "$V\(number)"''\\'''

                """
        }
        environment["VCAP_SERVICES"] = CloudFoundryVariables.services([("texts", .strings(Self.hostile.dropLast()))])
        mapping = mapping.replacing(".credentials[\(Self.hostile.count - 1)]", with: ".credentials[0]")
        let filled = try ExportDesk.platforms().image(mapping, as: "hostile").filled(environment)
        for (number, text) in Self.hostile.enumerated() {
            let values = try #require(filled["v\(number)"])
            #expect(values["variable"] == .string("<\(text)>"))
            let served = number == Self.hostile.count - 1 ? "" : text
            #expect(values["service"] == .string("<\(served)\n>"))
            #expect(values["literal"] == .string("<\(text)>\\ \""))
            #expect(values["long"] == .string("<\(text)>"))
            #expect(values["long-literal"] == .string("\"\(text)\"''\\"))
        }
    }

    /// Each line, and what it means with these variables.
    private static let lines: [(line: String, value: DocumentValue)] = [
        (#""a $X b""#, "a x b"), (#""${X}y""#, "xy"), (#""$X$X""#, "xx"), (#""$NOPE""#, ""),
        (#""${NOPE:-a default}""#, "a default"), (#""${NOPE:-"a } b"}""#, "a } b"), (#""${X:+$(echo "${X}")}""#, "x"),
        // Signs that stand for themselves.
        (#""\$X""#, "$X"), (#""\\$X""#, #"\x"#), (#""\\\$X""#, #"\$X"#), (#""^foo$""#, "^foo$"), (#""a $ b""#, "a $ b"),
        (#""\`no\`""#, "`no`"), (#"'\$X'"#, "$X"), (#"'C:\dir $X'"#, #"C:\dir x"#), (#"'no \n hole'"#, #"no \n hole"#),
        (#""\u00e9\t$X""#, "é\tx"), (#"'$(echo "'")'"#, "'"),
        // Commands, and what stands inside each other.
        (#""`echo back`""#, "back"), (#""$(echo "a) b" '(' \))""#, "a) b ( )"),
        (#""$(echo "$(echo "in ) ner")")""#, "in ) ner"),
        (#""$(echo `echo \`echo deep\``)""#, "deep"), (#""$( (echo sub) )""#, "sub"),
        (#""$(printf 'a\nb\n')""#, "a\nb"),
        ("\"$(echo a # \"it's (\n  echo b)\"", "a\nb"), (#""$(case x in (x) echo one;; esac)""#, "one"),
        (#""$(false || echo 'it''s')""#, "its"), (#""$(cat)""#, ""),
        // Without quotes.
        ("$PORT", 8080), ("${PORT} # $(exit 1)", 8080), ("$(( PORT + 1 ))", 8081), ("$((0x10))", 16), ("-1", -1),
        ("$(test 1 = 1 && echo true)", true), ("`echo false`", false), ("$(port)", 8080),
        ("[ $PORT, # $X\n  ${PORT},\n  $(echo 3), ]", [8080, 8080, 3]), ("[[$PORT], [\"$X\"]]", [[8080], ["x"]]),
        ("{ a = $PORT, \"b\" = ['$X'] }", ["a": 8080, "b": ["x"]]), ("$(jq -n 1.5)", .number(DocumentNumber(1.5)!)),
        // Long strings.
        ("\"\"\"\n  $X \"\" \\\n  end\"\"\"\"\"", "  x \"\" end\"\""),
        ("\"\"\"a\\  \n\t\n  ${B}\\\n\n${NOPE} b\"\"\"", "a  lead b"),
        ("\"\"\"\\\n  $B\\ \n  \"\"\"", "  lead"), ("\"\"\"$NOPE\n$X\"\"\"", "\nx"),
        ("\"\"\"\r\n$X\r\n\"\"\"", "x\n"), ("'''a ''$X'''''", "a ''x''"), ("'''\n'''", ""),
        ("'''\n$X\n'''", "x\n"),
        // Helpers.
        ("$(unset PORT; port || echo 1)", 1), (#""$(unset VCAP_APPLICATION; application .x || echo y)""#, "y"),
        (#""$(service nope .x || echo none)""#, "none"), (#""$(unset VCAP_SERVICES; services .x || echo z)""#, "z"),
        (#""$(service q .credentials.none || echo no path)""#, "no path"),
        (#""$(application .name)""#, "my-app"), (#""$(services '.["user-provided"][1].name')""#, "q"),
        ("$(service db .credentials.port)", 5432),
        (#""$(service db '.credentials | .user + ":" + .port_name # a comment')""#, "u:p"),
        (#""$(service "q" '.credentials.none // "nothing"')""#, "nothing"),
        (#""$(service q '.credentials.list[]')""#, "1\n2"),
        (#""$(application)""#, #"{"name":"my-app"}"#), (#""$(service q .credentials.list[0])""#, "1"),
        (#""$(services "" | jq -r '.["user-provided"] | length')""#, "2"),
    ]

    private static let environment = [
        "X": "x", "B": "  lead", "PORT": "8080", "VCAP_APPLICATION": #"{"name":"my-app"}"#,
        "VCAP_SERVICES": CloudFoundryVariables.services([
            ("db", ["port": 5432, "user": "u", "port_name": "p"]), ("q", ["list": [1, 2]]),
        ]),
    ]

    @Test func everyKindOfHoleIsFilled() throws {
        let mapping = Self.lines.enumerated().map { "v\($0) = \($1.line)\n" }.joined()
        let image = try ExportDesk.platforms().image(mapping, as: "lines")
        let filled = try image.filled(Self.environment)
        for (number, (line, value)) in Self.lines.enumerated() { #expect(filled["v\(number)"] == value, "\(line)") }
    }

    /// Keys, tables, comments and everything else stay as they are written.
    @Test func withoutHolesNothingChanges() throws {
        let mapping = """
            # costs $5, or `more`: $(exit 1)
            "a b".'c' = 1_000 # $X
            when = 2026-01-02T03:04:05Z
            [[x]]
            [x.y]
            z = '''
              "$ '''

            """
        let image = try ExportDesk.platforms().image(mapping, as: "plain")
        #expect(try image.run(options: ["--entrypoint", "/cf-render.sh"]).text == mapping)
        #expect(!image.errorText.contains("is it"))
    }

    /// By a jq that knows all its digits, or not at all.
    @Test func aLargeNumberIsNeverAnother() throws {
        let image = try ExportDesk.platforms().image("a = $(service db .credentials)", as: "large")
        let services = CloudFoundryVariables.services([("db", 9_007_199_254_740_993)])
        let outcome = try image.run(
            environment: ["VCAP_SERVICES": services], options: ["--entrypoint", "/cf-render.sh"])
        if outcome.code == 0 {
            #expect(outcome.text == "a = 9007199254740993")
        } else {
            #expect(outcome.code == 1 && outcome.errorText.contains("loses digits"), "\(outcome.errorText)")
        }
    }

    /// Services may come in a file.
    @Test func servicesMayBeInAFile() throws {
        let image = try ExportDesk.platforms().image(#"a = "$(service db .credentials)""#, as: "file")
        let script = "printf %s \"$TEXT\" > /tmp/s && VCAP_SERVICES_FILE_PATH=/tmp/s exec /cf-render.sh"
        let outcome = try image.run(
            ["-c", script], environment: ["TEXT": CloudFoundryVariables.services([("db", "secret")])],
            options: ["--entrypoint", "/bin/sh"])
        #expect(outcome.text == #"a = "secret""#, "\(outcome.errorText)")
    }
}
