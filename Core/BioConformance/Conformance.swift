// SPDX-License-Identifier: Apache-2.0

import BioPluginHost
import BioSystem

/// A run of the cases over one plugin.
package struct Conformance: Sendable {
    package var level: ConformanceCase.Level
    /// Names of cases or ids of rules; empty: all of the level.
    package var only: [String] = []
    /// Seconds; 0: no fuzzing.
    package var fuzzing = 0
    package var isCancelled: @Sendable () -> Bool = { false }

    package init(level: ConformanceCase.Level) { self.level = level }

    /// - Parameter done: told of each case when it is over.
    package func run(
        _ examination: Examination, done: (ConformanceReport.Entry) -> Void
    ) throws -> ConformanceReport {
        let manifest = try? examination.manifest.get()
        var report = ConformanceReport(
            directory: examination.directory, id: manifest?.id, version: manifest?.version, level: level,
            seed: examination.seed)
        for one in ConformanceCase.all where isWanted(one) {
            if isCancelled() { throw ConformanceCancelled() }
            let began = MonotonicClock.nanoseconds
            let verdict = try one.body(examination)
            let entry = ConformanceReport.Entry(
                rule: one.rule, verdict: verdict, milliseconds: Int(MonotonicClock.nanoseconds - began) / 1_000_000)
            report.entries.append(entry)
            done(entry)
        }
        if fuzzing > 0 {
            // Plain exports may take longer than the fuzzing: the clock starts behind them.
            _ = examination.workingFormats()
            let end = MonotonicClock.nanoseconds + Int64(fuzzing) * 1_000_000_000
            let found = try ConformanceFuzz(examination).run {
                if isCancelled() { throw ConformanceCancelled() }
                return MonotonicClock.nanoseconds < end
            }
            report.fuzzed = found.exports
            for entry in found.entries {
                report.entries.append(entry)
                done(entry)
            }
        }
        return report
    }

    private func isWanted(_ one: ConformanceCase) -> Bool {
        only.isEmpty ? level == .full || one.level == .load : only.contains(one.name) || only.contains(one.rule.id)
    }
}

/// The user stopped the check.
package struct ConformanceCancelled: Error {
    package init() {}
}
