// SPDX-License-Identifier: Apache-2.0

import BioExport
import BioPluginHost
import BioSystem
import Testing

@Suite struct PluginErrorTests {
    private static let version = ABIVersion(rawValue: 10)

    static let sentences: [(PluginError.Problem, String)] = [
        (.notLoaded(.library("x.so: no such file")), "cannot be loaded: x.so: no such file [BIO-P-021]"),
        (
            .notLoaded(.runtime("libswift\u{1b}.so")),
            "cannot be loaded: it needs 'libswift\u{FFFD}.so', but a plugin must carry its Swift runtime inside it [BIO-P-019]"
        ),
        (.notLoaded(.noEntry), "exports no bio_export_entry, so it is no export plugin [BIO-P-011]"),
        (.notLoaded(.refused(code: 4)), "refuses this host, whose ABI is 1.0 to 1.1 (code 4) [BIO-P-034]"),
        (
            .notLoaded(.abi(used: version, built: version, needed: version)),
            "speaks ABI 0.10 (built with 0.10, needs 0.10), this host 1.0 to 1.1 [BIO-P-034]"
        ),
        (.notLoaded(.table("t")), "describes itself wrongly: t [BIO-P-037]"),
        (.unsound("u"), "describes itself wrongly: u [BIO-P-038]"),
        (.descriptionStale, "was changed after it was described [BIO-P-039]"),
        (
            .missingService(format: "f", service: "s/1"),
            "needs the service 's/1' for the format 'f', which this host lacks [BIO-P-040]"
        ),
        (.crashed(.run, signal: "SIGSEGV", exitCode: nil), "crashed with signal SIGSEGV in run [BIO-P-051]"),
        (.crashed(.plan, signal: nil, exitCode: 3), "ended the runner in plan with exit code 3 [BIO-P-051]"),
        (.crashed(.plan, signal: nil, exitCode: nil), "ended the runner in plan [BIO-P-051]"),
        (.hung(.describe, seconds: 5), "hung in describe: it was not done after 5 seconds and was ended [BIO-P-030]"),
        (.hung(.run, seconds: 5), "hung in run: it did nothing for 5 seconds and was ended [BIO-P-052]"),
        (.flooded(lines: 9), "was ended after 9 log lines [BIO-P-059]"),
        (.lied(.validate, "l"), "lied in validate: l [BIO-P-058]"),
        (.failed(.validate, PluginFailure(code: 2, message: "m")), "refuses: m"),
        (.failed(.run, PluginFailure(code: 103, message: "m")), "failed in run: m (code 103)"),
        (
            .failed(.run, PluginFailure(code: 2, subjectKind: .option, subject: "x", message: "m")),
            "failed in run: m (option --x) (code 2)"
        ),
        (
            .failed(.run, PluginFailure(code: 2, subjectKind: .package, subject: "a/b", message: "m")),
            "failed in run: m (package a/b) (code 2)"
        ),
        (
            .failed(.run, PluginFailure(code: 2, subjectKind: .path, subject: "p", message: "m")),
            "failed in run: m (p) (code 2)"
        ),
        (.gaveNoReason(.create, code: 7), "returned code 7 from create and gave no reason [BIO-P-053]"),
        (.service(.run, ServiceError(.io, "full")), "could not run: full"),
        (.notConfined("no room"), "was not started: its sandbox failed: no room"),
        (.runnerBroken("write the job: no room"), "could not be run: write the job: no room"),
        (
            .unconfined(gap: "it can", because: "audit (/etc/x:3)"),
            "was not started: it can, and a rule wants all of the sandbox: audit (/etc/x:3) [BIO-P-005]"
        ),
        (
            .forbidden(.plan, SandboxJudge.Refusal(call: "clone", purpose: .process)),
            "was ended in plan: it called clone (processes) [BIO-P-081]"
        ),
        (
            .forbidden(.run, SandboxJudge.Refusal(call: "mount", purpose: .system)),
            "was ended in run: it called mount (the machine) [BIO-P-089]"
        ),
    ]

    @Test(arguments: sentences)
    func namesThePluginAndWhatItDid(_ problem: PluginError.Problem, _ sentence: String) {
        #expect(PluginError(plugin: "org.example.x", problem).description == "plugin 'org.example.x' \(sentence)")
    }

    @Test func whatWasRefusedBeforeFollows() {
        let refusals = [
            SandboxJudge.Refusal(call: "socket", purpose: .network),
            SandboxJudge.Refusal(call: "chmod", purpose: .files),
        ]
        #expect(
            PluginError(plugin: "x.y", .flooded(lines: 1), refusals: refusals).description
                == "plugin 'x.y' was ended after 1 log lines [BIO-P-059]\n"
                + "the sandbox had refused it socket (network) [BIO-P-082]\n"
                + "the sandbox had refused it chmod (files outside of its directories) [BIO-P-080]")
    }

    @Test func lastLinesFollow() {
        let error = PluginError(plugin: "x.y", .flooded(lines: 1), lastLines: ["one", "two"])
        #expect(
            error.description
                == "plugin 'x.y' was ended after 1 log lines [BIO-P-059]\nits last lines:\n  | one\n  | two")
    }

    @Test func hintsSayTheNextStep() {
        func hint(_ problem: PluginError.Problem) -> String? { PluginError(plugin: "x", problem).hint }
        #expect(hint(.notLoaded(.refused(code: 4))) == "rebuild the plugin with this bio's bio_export.h")
        #expect(hint(.descriptionStale) == "run 'bio plugin describe' on its directory")
        #expect(hint(.failed(.run, PluginFailure(code: 1, message: "m", hint: "do this"))) == "do this")
        #expect(hint(.failed(.run, PluginFailure(code: 1, message: "m"))) == nil)
        #expect(hint(.service(.run, ServiceError(.io, "full", hint: "make room"))) == "make room")
        #expect(hint(.hung(.run, seconds: 1))?.hasPrefix("report it to the plugin's author") == true)
    }
}
