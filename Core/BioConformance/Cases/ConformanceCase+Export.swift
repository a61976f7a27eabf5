// SPDX-License-Identifier: Apache-2.0

import BioExport
import BioPluginHost

/// One plain export of each format: whatever rule it breaks, its case says so.
extension ConformanceCase {
    static let ofExport =
        [
            PluginRule.exporterComplete, .survives, .inTime, .giveReason, .callsSound, .jobThread, .emitInTime,
            .handlesOnly, .truthful, .quiet, .planIsRun, .artifactsInside, .artifactsTrue, .onePrimary, .noProcesses,
            .noNetwork, .othersUntouched,
        ].map { rule in
            ConformanceCase(rule, .full) { examination in
                try examination.eachFormat { format in try judge(examination, rule, format) }
            }
        } + [destroys]
        + [
            PluginRule.validatePure, .processUnchanged, .threadsJoined, .descriptorsClosed, .streamsUntouched,
        ].map { rule in
            ConformanceCase(rule, .full) { examination in
                try examination.eachFormat { format in
                    let hasGoRuntime = examination.image?.hasGoRuntime ?? false
                    // What the entry did is the affair of 'entry-pure'.
                    let seen = try examination.plain(format).observations.first {
                        $0.phase != .describe && ProcessChange.rule($0.observation) == rule
                            && ProcessChange.text($0.observation, hasGoRuntime: hasGoRuntime) != nil
                    }
                    guard let seen, let text = ProcessChange.text(seen.observation, hasGoRuntime: hasGoRuntime) else {
                        return .passed
                    }
                    return .failed("the format '\(format.id)' \(text) in \(seen.phase)", hint: nil)
                }
            }
        }

    private static let destroys = ConformanceCase(.destroyable, .full) { examination in
        try examination.eachFormat { format in
            if let error = try examination.plain(format).endError { return .failed(error) }
            // Once more, after a run that failed: every exporter has one service that it cannot do without.
            let plain = try examination.plain(format)
            guard plain.error == nil, plain.calls > 0 else { return .passed }
            var trial = examination.trial(format)
            trial.runner.fault = RunnerTrial.Fault(call: UInt32(plain.calls), code: ServiceError.Code.io.rawValue)
            if let error = try examination.bench.export(trial).endError { return .failed(error) }
            return .passed
        }
    }

    /// What an export says about one rule.
    private static func judge(
        _ examination: Examination, _ rule: PluginRule, _ format: FormatDescription
    ) throws -> Verdict {
        let outcome = try examination.plain(format)
        // What the entry did is the affair of 'entry-pure'.
        let notes = outcome.notes.filter { !examination.described.notes.contains($0) }
        if let note = notes.first(where: { $0.hasSuffix(rule.citation) }) {
            return .failed("the format '\(format.id)': \(note)", hint: nil)
        }
        guard let error = outcome.error else { return .passed }
        guard let broken = brokenRule(error) else {
            return rule == .exporterComplete ? .blocked(reason(error, format)) : .blocked("see 'exporter'")
        }
        if broken == rule, let error = error as? PluginError { return .failed(error) }
        return .blocked("the format '\(format.id)' broke \(broken.id) before")
    }

    /// The rule that an export broke which nobody disturbed; nil: it had a reason to refuse.
    static func brokenRule(_ error: any Error) -> PluginRule? {
        guard let error = error as? PluginError else { return nil }
        if let rule = error.rule { return rule }
        // What a service refuses here no user has asked for.
        if case .service(_, let refusal) = error.problem, refusal.fault == .plugin { return .callsSound }
        return nil
    }

    static func reason(_ error: any Error, _ format: FormatDescription) -> String {
        "the format '\(format.id)' does not export the check's packages: \(error); what it needs can be given: "
            + "bio plugin check PLUGIN --with=--OPTION=VALUE"
    }
}
