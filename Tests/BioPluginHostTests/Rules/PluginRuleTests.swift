// SPDX-License-Identifier: Apache-2.0

import BioExport
import BioPluginHost
import BioSystem
import BioTestSupport
import Glibc
import Testing

@Suite struct PluginRuleTests {
    @Test func numbersAreGivenOnceAndInOrder() {
        let ids = PluginRule.all.map(\.id)
        #expect(ids == ids.sorted { Self.key($0) < Self.key($1) })
        #expect(Set(ids).count == ids.count)
        #expect(ids.allSatisfy { $0.wholeMatch(of: /BIO-[PH]-[0-9]{3}/) != nil })
    }

    /// Those of plugins come first.
    private static func key(_ id: String) -> String { id.replacing("-P-", with: "-A-") }

    @Test func textsAreSentencesAndChecksAreNames() {
        for rule in PluginRule.all {
            #expect(rule.text.hasSuffix(".") && !rule.text.contains("|"), "\(rule.id)")
            #expect(!rule.consequence.isEmpty, "\(rule.id)")
            let isHosts = rule.id.hasPrefix("BIO-H")
            #expect((rule.enforcement == .tested) == isHosts, "\(rule.id)")
            if !isHosts { #expect(rule.check.wholeMatch(of: /[a-z-]*/) != nil, "\(rule.id)") }
        }
        let checks = PluginRule.all.map(\.check).filter { !$0.isEmpty && $0.first?.isLowercase == true }
        #expect(Set(checks).count == checks.count)
    }

    @Test func thePromisesOfTheHostNameTestsThatAreThere() throws {
        let suites = try SourceTree.files("Tests", ".swift").compactMap {
            $0.split(separator: "/").last.map(String.init)
        }
        for rule in PluginRule.ofHosts where !rule.check.isEmpty {
            #expect(suites.contains("\(rule.check).swift"), "\(rule.id)")
        }
    }

    /// `BIO_UPDATE_GOLDEN=1` writes the page.
    @Test func thePageIsMadeFromTheRules() throws {
        let path = Repository.path("docs/reference/plugin-rules.md")
        if getenv("BIO_UPDATE_GOLDEN").map({ String(cString: $0) }) == "1" {
            try AtomicFile.write(Array(Self.page.utf8), to: path)
        }
        #expect(String(decoding: try contents(of: path), as: UTF8.self) == Self.page)
    }

    private static var page: String {
        func table(_ title: String, _ rules: [PluginRule], _ last: String) -> String {
            let rows = rules.map { rule in
                let check = rule.check.isEmpty ? "" : "`\(rule.check)`"
                return "| \(rule.id) | \(rule.text) | \(rule.consequence) | \(rule.enforcement.rawValue) | \(check) |\n"
            }
            return "\n## \(title)\n\n| rule | text | when it is broken | the host sees to it | \(last) |\n"
                + "|---|---|---|---|---|\n" + rows.joined()
        }
        return """
            # The rules between plugins and bio

            `BIO-P-nnn` binds a plugin, `BIO-H-nnn` binds `bio`. A refusal names the rule at the end of its sentence. A number
            is given once; a rule that falls leaves a gap. This page is made from `Core/BioPluginHost/Rules`.

            What the kernel of a machine cannot enforce of "by the sandbox" is said (BIO-H-007). The case is what
            [`bio plugin check`](plugin-check.md) runs; a rule without one is another command's work: `bio plugin verify`,
            `bio plugin explain`.

            """ + table("The bundle", PluginRule.ofBundles, "case")
                + table("The library", PluginRule.ofLibraries, "case")
                + table("What a plugin says of itself", PluginRule.ofDescriptions, "case")
                + table("During an export", PluginRule.ofExporters, "case")
                + table("What it makes", PluginRule.ofArtifacts, "case")
                + table("Its process", PluginRule.ofProcesses, "case")
                + table("What bio promises", PluginRule.ofHosts, "tests")
    }

    static let problems: [(PluginError.Problem, PluginRule?)] = [
        (.notLoaded(.flaw(.executableStack)), .noExecutableStack),
        (.notLoaded(.flaw(.moreSymbols(2, first: "x"))), .oneSymbol),
        (.notLoaded(.library("x.so: undefined symbol: y")), .symbolsProvided),
        (.notLoaded(.library("liby.so: cannot open shared object file")), .librariesFound),
        (.notLoaded(.library("x.so: file too short")), .loads),
        (.crashed(.describe, signal: "SIGABRT", exitCode: nil), .entrySurvives),
        (.crashed(.plan, signal: "SIGABRT", exitCode: nil), .survives),
        (.hung(.describe, seconds: 5), .entryPrompt), (.hung(.run, seconds: 5), .inTime),
        (.service(.run, ServiceError(.handle, "0x1 is no file tree")), .handlesOnly),
        (.service(.plan, ServiceError(.misuse, "outside of run")), .emitInTime),
        (.service(.run, ServiceError(.digest, "9 bytes")), .artifactsTrue),
        (.forbidden(.run, SandboxJudge.Refusal(call: "fork", purpose: .process)), .noProcesses),
        (.forbidden(.run, SandboxJudge.Refusal(call: "ptrace", purpose: .otherProcesses)), .othersUntouched),
        // No plugin's fault.
        (.service(.run, ServiceError(.digest, "changed", fault: .package)), nil),
        (.service(.run, ServiceError(.io, "full")), nil),
        (.failed(.validate, PluginFailure(code: 2, message: "no such mode")), nil),
        (.failed(.create, PluginFailure(code: 2, message: "create returned 0, but no exporter")), .exporterComplete),
        (
            .failed(.run, PluginFailure(code: 13, message: "a service was called from a thread that is not the job's")),
            .jobThread
        ),
        (.failed(.run, PluginFailure(code: 2, message: "the plugin called a service wrongly: x")), .callsSound),
    ]

    @Test(arguments: problems)
    func aProblemIsTheBreachOfOneRule(_ problem: PluginError.Problem, _ rule: PluginRule?) {
        let error = PluginError(plugin: "org.example.x", problem)
        #expect(error.rule == rule)
        #expect(error.description.hasSuffix(rule?.citation ?? "\(problem.lastWord)"))
    }
}

extension PluginError.Problem {
    /// How its sentence ends when no rule is named.
    fileprivate var lastWord: String {
        switch self {
        case .service(_, let error): error.message
        case .failed(_, let failure): failure.message
        default: ""
        }
    }
}
