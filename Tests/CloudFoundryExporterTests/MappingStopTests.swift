// SPDX-License-Identifier: Apache-2.0

import BioDocument
import BioTestSupport
import Testing

/// Containers that cannot start, because a hole of their mapping cannot be filled.
@Suite struct MappingStopTests {
    private static let services = CloudFoundryVariables.services([
        ("db", ["a": "s3cret", "zero": "a\u{0}b"]), ("two", [:]), ("two", [:]),
    ])

    /// The hole in line 3, what else is said, and what must not be.
    @Test(arguments: [
        ("$N", "no number, true or false"),
        (#""$(service nope .x)""#, "0 services are called 'nope'; bound: db, two, two"),
        (#""$(service two .x)""#, "2 services are called 'two'"),
        (#""$(service)""#, "the name of a service is missing"),
        (#""$(service db .credentials.password)""#, "nothing at this path"), (#""$(service db '.[')""#, "ended with"),
        (#""$(application .name)""#, "VCAP_APPLICATION is missing"), (#""$(port)""#, "PORT is missing"),
        (#""$(service db '.select | select(. == 1)')""#, "nothing at this path"),
        (#""$(service db '.zero')""#, "nothing at this path"), (#""$(service db .credentials.zero)""#, "U+0000"),
        (#""$(VCAP_SERVICES='{s3cret'; services .x)""#, "it is not JSON"),
        (#""$(VCAP_SERVICES='["s3cret"]'; service db)""#, "0 services are called 'db'"),
        (#""$(service db '.credentials.a | tonumber')""#, "the path does not fit what is there"),
        (#""${NOPE:?must be set}""#, "NOPE: must be set"), (#""$(servce db .a)""#, "servce: not found"),
        (#""$(exit 7)""#, "it ended with 7"), (#""$(printf '\377')""#, "not UTF-8"),
        (#""$(case x in x)""#, "ended with"),
    ]) func aHoleThatCannotBeFilledStopsTheContainer(hole: String, reason: String) throws {
        let image = try ExportDesk.platforms().image("a = 1\n# $X\nb = \(hole)\n", as: "stop")
        let outcome = try image.run(environment: ["N": "s3cret", "VCAP_SERVICES": Self.services])
        #expect(outcome.code == 1)
        #expect(outcome.errorText.contains(reason), "\(outcome.errorText)")
        // Only of what the mapping itself holds anything is shown.
        let said = outcome.errorText.split(separator: "\n").filter { !$0.contains("of the mapping: ") }
        #expect(!said.contains { $0.contains("s3cret") }, "\(outcome.errorText)")
        let code = hole.hasPrefix("\"") ? String(hole.dropFirst().dropLast()) : hole
        #expect(outcome.errorText.contains("line 3 of the mapping: \(code): "), "\(outcome.errorText)")
        // The supervisor was never started.
        #expect(outcome.text.isEmpty, "\(outcome.text)")
    }

    /// What is bare is a number of TOML's, or a boolean.
    @Test func onlyNumbersAndBooleansAreBare() throws {
        let image = try ExportDesk.platforms().image("n = $N", as: "bare")
        let taken = [
            "0", "1", "-1", "-9223372036854775808", "1e280", "+1", "1.5", "-0", "-0.0", "1e5", "1.5E-3",
            "9223372036854775807", "true", "false",
            "1234567890123456789",
        ]
        let refused = [
            "", " ", "1 ", "007", "1.", ".5", "1e", "1e+", "1.2.3", "0x1", "1_0", "nan", "inf", "True", "yes", "1\n2",
            "--1",
            "-", "+", "9223372036854775808", "-9223372036854775809", "99999999999999999999", "1e400", "1e0001",
            "123456789012345678901.5", "1 # x", "1]", "\"x\"", "é", "1,2",
        ]
        let script = #"for N; do export N; if /cf-render.sh 2>/dev/null; then echo; else echo refused; fi; done"#
        let outcome = try image.run(["-c", script, "sh"] + taken + refused, options: ["--entrypoint", "/bin/sh"])
        let expected = taken.map { "n = \($0)" } + refused.map { _ in "refused" }
        // Of what is refused the text before it is there already.
        let shown = outcome.text.split(separator: "\n").map { $0.hasSuffix("refused") ? "refused" : String($0) }
        #expect(shown == expected, "\(outcome.errorText)")
    }
}
