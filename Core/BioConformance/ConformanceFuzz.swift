// SPDX-License-Identifier: Apache-2.0

import BioPluginHost

/// Exports with options, packages, faults and moments of stopping that a seed chooses. The export of number `n` follows
/// from `seed + n` alone: `--seed` with that number tries it first.
struct ConformanceFuzz {
    private let examination: Examination

    init(_ examination: Examination) { self.examination = examination }

    /// What was found, at most one entry, after so many exports, at least one; `goesOn` is asked before each further one.
    func run(goesOn: () throws -> Bool) throws -> (exports: Int, entries: [ConformanceReport.Entry]) {
        let formats = examination.workingFormats()
        guard !formats.isEmpty else {
            let verdict = Verdict.blocked("no format makes a plain export, so nothing was fuzzed")
            return (0, [.init(rule: .survives, verdict: verdict, milliseconds: 0)])
        }
        let given = examination.words.map { " --with=\($0)" }.joined()
        var count = 0
        while try count == 0 || goesOn() {
            let seed = examination.seed &+ UInt64(count)
            count += 1
            let trial = try trial(seed, formats)
            let outcome = try examination.bench.export(trial)
            guard
                let failure = outcome.error.flatMap({ ConformanceCase.disaster($0) })
                    ?? outcome.endError.map({ "\($0)" })
            else { continue }
            let again = "try it again: --fuzz 1 --seed \(seed)\(given)"
            let verdict = Verdict.failed(
                "'\(trial.format)' with seed \(seed): \(failure)", hint: again)
            return (count, [.init(rule: .survives, verdict: verdict, milliseconds: 0)])
        }
        return (count, [])
    }

    private func trial(_ seed: UInt64, _ formats: [FormatDescription]) throws -> ExportTrial {
        var random = SeededGenerator(seed: seed)
        let format = formats[Int.random(in: 0..<formats.count, using: &random)]
        var trial = examination.trial(format)
        // Those that take long are for the cases.
        trial.packages = [.service, .service, .single, .odd, .loud].randomElement(using: &random) ?? .service
        for option in format.options where Int.random(in: 0..<3, using: &random) == 0 {
            guard let value = FixtureOptions.values(option).randomElement(using: &random) else { continue }
            trial.words.removeAll { $0 == "--\(option.id)" || $0.hasPrefix("--\(option.id)=") }
            trial.words.append(value)
        }
        let calls = UInt32(clamping: try examination.plain(format).calls) + 4
        switch Int.random(in: 0..<6, using: &random) {
        case 0, 1:
            trial.runner.fault = RunnerTrial.Fault(
                call: UInt32.random(in: 1...calls, using: &random), code: Int32.random(in: 1...13, using: &random))
        case 2:
            trial.runner.cancelPhase = .run
            trial.runner.cancelCall = UInt32.random(in: 0...calls, using: &random)
        case 3: trial.runner.growth = UInt32.random(in: 1...32, using: &random) * 8
        case 4: trial.runner.hasTwin = true
        default: trial.isDryRun = true
        }
        return trial
    }
}
