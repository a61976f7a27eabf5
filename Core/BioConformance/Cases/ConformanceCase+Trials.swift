// SPDX-License-Identifier: Apache-2.0

import BioExport
import BioPluginHost
import CBioExport

/// Exports in which something is otherwise than the plugin may expect.
extension ConformanceCase {
    static let ofTrials = [
        needsComplete, needsRefused, reproducible, twoExporters, environment, writesInside, cancel, faults,
        jobLonger,
    ]

    private static let needsComplete = ConformanceCase(.needsComplete, .full) { examination in
        try examination.eachWorkingFormat { format in
            let optional = PluginExport.services.subtracting(format.needs).sorted()
            for services in [optional] + optional.map({ [$0] }) {
                var trial = examination.trial(format)
                trial.runner.withheld = services
                let outcome = try examination.bench.export(trial)
                // fail itself is one of them: then nobody hears a reason.
                if services.contains(BIO_EXT_FAIL) && outcome.error.map({ disaster($0) == nil }) ?? true { continue }
                if let failure = outcome.error.flatMap({ unexplained($0) }) {
                    return .failed(
                        "the format '\(format.id)' without \(services.joined(separator: ", ")), which it does not need: "
                            + failure, hint: "look at what get_extension gives, and list in needs what must be there")
                }
            }
            return .passed
        }
    }

    private static let needsRefused = ConformanceCase(.needsRefused, .full) { examination in
        try examination.eachWorkingFormat { format in
            for service in format.needs {
                var trial = examination.trial(format)
                trial.runner.withheld = [service]
                guard let error = try examination.bench.export(trial).error else { continue }
                if let failure = disaster(error) {
                    return .failed(
                        "the format '\(format.id)' without '\(service)': \(failure)",
                        hint: "look at what get_extension gives before it is used")
                }
            }
            return .passed
        }
    }

    private static let twoExporters = ConformanceCase(.restartable, .full) { examination in
        try examination.eachWorkingFormat { format in
            var trial = examination.trial(format)
            trial.runner.hasTwin = true
            return try compareWhereItLasts(examination, trial, format, "with a second exporter beside it")
        }
    }

    private static let jobLonger = ConformanceCase(.jobLonger, .full) { examination in
        try examination.eachWorkingFormat { format in
            var trial = examination.trial(format)
            trial.runner.growth = 64
            return try compareWhereItLasts(examination, trial, format, "for a host whose structs are longer")
        }
    }

    /// Bytes only where two plain exports have the same.
    private static func compareWhereItLasts(
        _ examination: Examination, _ trial: ExportTrial, _ format: FormatDescription, _ how: String
    ) throws -> Verdict {
        var plain = try examination.plain(format)
        var other = try examination.bench.export(trial)
        if case .notLoaded? = other.pluginError?.problem { return .blocked("see 'structs-longer'") }
        if try examination.second(format).files != plain.files { (plain.files, other.files) = ([], []) }
        return compare(plain, other, format, how)
    }

    private static let reproducible = ConformanceCase(.reproducible, .full) { examination in
        try examination.eachWorkingFormat { format in
            guard format.isReproducible else { return .passed }
            return try compare(examination.plain(format), examination.second(format), format, "a second later")
        }
    }

    private static let environment = ConformanceCase(.environmentIndependent, .full) { examination in
        try examination.eachWorkingFormat { format in
            guard format.isReproducible else { return .passed }
            guard try examination.second(format).files == examination.plain(format).files else {
                return .skipped("see 'reproducible'")
            }
            var trial = examination.trial(format)
            // The working directory is another one in every trial.
            trial.runner.environment = [
                "TZ=Asia/Kathmandu", "LANG=de_DE.UTF-8", "LC_ALL=de_DE.UTF-8", "HOME=/nowhere", "USER=somebody",
                "SOURCE_DATE_EPOCH=99",
            ]
            trial.runner.umask = 0o077
            return try compare(
                examination.plain(format), examination.bench.export(trial), format,
                "with another working directory, time zone, language and umask")
        }
    }

    private static let writesInside = ConformanceCase(.writesInside, .full) { examination in
        try examination.eachWorkingFormat { format in
            let outcome = try examination.bench.export(examination.trial(format))
            if let note = outcome.notes.first(where: { $0.hasSuffix(PluginRule.writesInside.citation) }) {
                return .failed("the format '\(format.id)': \(note)", hint: nil)
            }
            guard let stray = outcome.strays.first else { return .passed }
            return .failed(
                "the format '\(format.id)' wrote '\(stray)' outside of out_dir and scratch_dir",
                hint: "write to job->scratch_dir what is no artifact")
        }
    }

    private static let cancel = ConformanceCase(.cancels, .full) { examination in
        try examination.eachWorkingFormat { format in
            let calls = UInt32(clamping: try examination.plain(format).calls)
            for (phase, call) in [(ExportPhase.validate, UInt32(0)), (.run, 0), (.run, 1), (.run, calls / 2)] {
                var trial = examination.trial(format)
                (trial.runner.cancelPhase, trial.runner.cancelCall) = (phase, call)
                let outcome = try examination.bench.export(trial)
                if let error = outcome.error, let failure = disaster(error) {
                    return .failed("the format '\(format.id)' stopped in \(phase): \(failure)", hint: nil)
                }
                if outcome.wasKilled {
                    return .failed(
                        "the format '\(format.id)' went on for more than 2 seconds when it was stopped in \(phase)",
                        hint: "ask bio.host.cancel/1 in every loop")
                }
            }
            return .passed
        }
    }

    /// So many faults are tried for one format; more services than that are sampled, by the seed.
    private static let mostFaults = 160

    private static let faults = ConformanceCase(.faultsHandled, .full) { examination in
        let codes: [ServiceError.Code] = [.io, .limit, .invalid, .failed]
        return try examination.eachWorkingFormat { format in
            let calls = try examination.plain(format).calls
            var faults = (0..<calls).flatMap { call in
                codes.map { RunnerTrial.Fault(call: UInt32(call + 1), code: $0.rawValue) }
            }
            var random = SeededGenerator(seed: examination.seed)
            if faults.count > mostFaults { faults = Array(faults.shuffled(using: &random).prefix(mostFaults)) }
            for fault in faults {
                var trial = examination.trial(format)
                trial.runner.fault = fault
                let outcome = try examination.bench.export(trial)
                // A destroy that never works is the affair of 'destroy'.
                let plain = try examination.plain(format)
                let end = plain.endError == nil ? outcome.endError : nil
                guard
                    let failure = outcome.error.flatMap({ disaster($0) }) ?? end.map({ "\($0)" })
                        ?? swallowed(outcome, plain, format)
                else { continue }
                return .failed(
                    "the format '\(format.id)' when service call \(fault.call) of \(calls) fails with code "
                        + "\(fault.code): \(failure)", hint: "look at every code that a service returns, and return it")
            }
            return .passed
        }
    }

    /// The export was done although a service had failed. One that the format does not need may be missed, when nothing
    /// of the result is; memory that the arena does not give comes from elsewhere.
    private static func swallowed(
        _ outcome: ExportOutcome, _ plain: ExportOutcome, _ format: FormatDescription
    ) -> String? {
        guard outcome.error == nil else { return nil }
        let faulted = outcome.observations.compactMap {
            if case .faulted(let service) = $0.observation { service } else { nil }
        }
        guard let service = faulted.first, service != "arena.allocate" else { return nil }
        let id = "bio.host.\(service.prefix { $0 != "." })/1"
        let isNeeded = service == "host.emit" || format.needs.contains(id)
        if !isNeeded && outcome.artifacts == plain.artifacts { return nil }
        return "the export succeeds although \(service) did not"
    }

    /// What no refusal may be: a crash, a hang, a lie, a flood.
    static func disaster(_ error: any Error) -> String? {
        guard let error = error as? PluginError else { return nil }
        return switch error.problem {
        case .crashed, .hung, .lied, .flooded, .notLoaded: "\(error)"
        default: nil
        }
    }

    private static func compare(
        _ plain: ExportOutcome, _ other: ExportOutcome, _ format: FormatDescription, _ how: String
    ) -> Verdict {
        if let error = other.error { return .failed("the format '\(format.id)' fails \(how): \(error)", hint: nil) }
        guard other.files == plain.files, other.artifacts == plain.artifacts else {
            let differing = zip(plain.files, other.files).first { $0 != $1 }?.0 ?? "another list of files"
            return .failed(
                "the format '\(format.id)' makes other bytes \(how): \(differing)",
                hint: "take names and times from the job alone")
        }
        return .passed
    }
}
