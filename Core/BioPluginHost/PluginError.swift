// SPDX-License-Identifier: Apache-2.0

package import BioExport
package import BioSystem
import CBioExport

/// A plugin that could not be used, or that failed, lied, crashed or hung. It always names the plugin.
package struct PluginError: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Problem: Hashable, Sendable {
        case notLoaded(LoadFailure)
        /// Its description breaks a rule.
        case unsound(String)
        /// The library describes itself otherwise than the description that options were parsed with.
        case descriptionStale
        /// The format needs a host service that this host lacks.
        case missingService(format: String, service: String)
        /// It ended by itself or was killed by a signal.
        case crashed(ExportPhase, signal: String?, exitCode: Int32?)
        /// It was not done with a phase after so long, or, in `run`, gave no sign of work for so long.
        case hung(ExportPhase, seconds: Int)
        /// It wrote more log lines than any export needs.
        case flooded(lines: Int)
        /// What it said breaks the protocol or is not true.
        case lied(ExportPhase, String)
        /// It returned a code, with its reason.
        case failed(ExportPhase, PluginFailure)
        /// It returned a code and gave no reason.
        case gaveNoReason(ExportPhase, code: Int32)
        /// A host service that it used failed; the host's own reason.
        case service(ExportPhase, ServiceError)
        /// The sandbox that the kernel offers could not be put around it, and why.
        case notConfined(String)
        /// What runs it could not go on, and why; the plugin has no part in it.
        case runnerBroken(String)
        /// A part of its sandbox is missing, and a rule wants all of it: its reason and place.
        case unconfined(gap: String, because: String)
        /// It made a system call that no plugin makes, and was ended before it was carried out.
        case forbidden(ExportPhase, SandboxJudge.Refusal)
    }

    /// Plugin id, or its path when it has not said an id yet.
    package let plugin: String
    package let problem: Problem
    /// The last lines it wrote to standard output and error, at most 20.
    package let lastLines: [String]
    /// Calls that the sandbox had refused it until then.
    package let refusals: [SandboxJudge.Refusal]
    /// The rule that it broke; nil: it did what a plugin may do.
    package let rule: PluginRule?

    /// - Parameter rule: when the problem alone does not tell it.
    package init(
        plugin: String, _ problem: Problem, lastLines: [String] = [], rule: PluginRule? = nil,
        refusals: [SandboxJudge.Refusal] = []
    ) {
        self.refusals = refusals
        self.plugin = plugin
        self.problem = problem
        self.lastLines = lastLines
        self.rule = rule ?? problem.rule
    }

    package var description: String {
        var text = "plugin '\(plugin)' \(problem.sentence)\(rule?.citation ?? "")"
        for refusal in refusals { text += "\nthe sandbox had refused it \(refusal.text)\(refusal.rule.citation)" }
        guard !lastLines.isEmpty else { return text }
        return text + "\nits last lines:\n" + lastLines.map { "  | \($0)" }.joined(separator: "\n")
    }

    package var hint: String? { problem.hint }
}

extension PluginError.Problem {
    var sentence: String {
        switch self {
        case .notLoaded(.library(let text)): "cannot be loaded: \(text)"
        case .notLoaded(.machine(let name)):
            "cannot be loaded: it is built for \(name), this host for \(LibraryImage.hostMachine.name)"
        case .notLoaded(.runtime(let name)):
            "cannot be loaded: it needs '\(PluginLog.printable(Array(name.utf8)))', but a plugin must carry its Swift "
                + "runtime inside it"
        case .notLoaded(.flaw(let flaw)): "cannot be loaded: \(flaw.sentence)"
        case .notLoaded(.noEntry): "exports no bio_export_entry, so it is no export plugin"
        case .notLoaded(.refused(let code)) where code != BIO_E_NEWER:
            "could not describe itself (code \(code))"
        case .notLoaded(.refused(let code)):
            "refuses this host, whose ABI is \(PluginLibrary.hostRange.oldest) to "
                + "\(PluginLibrary.hostRange.newest) (code \(code))"
        case .notLoaded(.abi(let used, let built, let needed)):
            "speaks ABI \(used) (built with \(built), needs \(needed)), this host "
                + "\(PluginLibrary.hostRange.oldest) to \(PluginLibrary.hostRange.newest)"
        case .notLoaded(.table(let text)): "describes itself wrongly: \(text)"
        case .unsound(let text): "describes itself wrongly: \(text)"
        case .descriptionStale: "was changed after it was described"
        case .missingService(let format, let service):
            "needs the service '\(service)' for the format '\(format)', which this host lacks"
        case .crashed(let phase, let signal?, _): "crashed with signal \(signal) in \(phase)"
        case .crashed(let phase, nil, let code?): "ended the runner in \(phase) with exit code \(code)"
        case .crashed(let phase, nil, nil): "ended the runner in \(phase)"
        case .hung(.run, let seconds): "hung in run: it did nothing for \(seconds) seconds and was ended"
        case .hung(let phase, let seconds):
            "hung in \(phase): it was not done after \(seconds) seconds and was ended"
        case .flooded(let lines): "was ended after \(lines) log lines"
        case .lied(let phase, let text): "lied in \(phase): \(text)"
        // No failure of the plugin: it does not like what the user chose.
        case .failed(.validate, let failure) where failure.code == ServiceError.Code.invalid.rawValue,
            .failed(.plan, let failure) where failure.subjectKind == .option:
            "refuses: \(failure.message)" + Self.subject(failure)
        case .failed(let phase, let failure):
            "failed in \(phase): \(failure.message)" + Self.subject(failure) + " (code \(failure.code))"
        case .gaveNoReason(let phase, let code): "returned code \(code) from \(phase) and gave no reason"
        case .service(let phase, let error): "could not \(phase): \(error)"
        case .notConfined(let reason): "was not started: its sandbox failed: \(reason)"
        case .runnerBroken(let reason): "could not be run: \(reason)"
        case .unconfined(let gap, let because):
            "was not started: \(gap), and a rule wants all of the sandbox: \(because)"
        case .forbidden(let phase, let refusal): "was ended in \(phase): it called \(refusal.text)"
        }
    }

    private static func subject(_ failure: PluginFailure) -> String {
        if failure.subject.isEmpty { return "" }
        return switch failure.subjectKind {
        case .none: ""
        case .option: " (option --\(failure.subject))"
        case .package: " (package \(failure.subject))"
        case .path: " (\(failure.subject))"
        }
    }

    var hint: String? {
        switch self {
        case .notLoaded(.refused(let code)) where code != BIO_E_NEWER: nil
        case .notLoaded(.abi), .notLoaded(.refused): "rebuild the plugin with this bio's bio_export.h"
        case .notLoaded(.runtime): "link it with -static-stdlib, and use no Foundation"
        case .notLoaded(.flaw(let flaw)): flaw.hint
        case .notLoaded(.machine): "build the plugin for this machine"
        case .descriptionStale: "run 'bio plugin describe' on its directory"
        case .notConfined: "with --in-process it runs without a sandbox, and can do all that you can"
        case .unconfined: "run bio where its host may read the processes that it starts, or change the rule"
        case .forbidden(_, let refusal) where refusal.purpose == .process:
            "a plugin that starts processes says so in plugin.toml: processes = true"
        case .failed(_, let failure): failure.hint.isEmpty ? nil : failure.hint
        case .service(_, let error): error.hint
        case .crashed, .hung, .lied, .flooded, .gaveNoReason, .forbidden:
            "report it to the plugin's author; 'bio plugin info' names the version"
        default: nil
        }
    }
}
