// SPDX-License-Identifier: Apache-2.0

import BioPluginHost

/// Other packages and other options.
extension ConformanceCase {
    static let ofGraphs = [graphs, options]

    private static let graphs = ConformanceCase(.graphsTaken, .full) { examination in
        try examination.eachWorkingFormat { format in
            for packages in FixturePackages.allCases where packages != .service {
                var trial = examination.trial(format)
                trial.packages = packages
                guard let error = try examination.bench.export(trial).error, let failure = unexplained(error) else {
                    continue
                }
                return .failed(
                    "the format '\(format.id)' of the packages '\(packages.rawValue)': \(failure)", hint: nil)
            }
            return .passed
        }
    }

    private static let options = ConformanceCase(.optionsTaken, .full) { examination in
        try examination.eachWorkingFormat { format in
            for option in format.options {
                for value in FixtureOptions.values(option) {
                    var trial = examination.trial(format)
                    trial.isDryRun = true
                    trial.words.removeAll { $0 == "--\(option.id)" || $0.hasPrefix("--\(option.id)=") }
                    trial.words.append(value)
                    guard let error = try examination.bench.export(trial).error, let failure = unexplained(error) else {
                        continue
                    }
                    let shown = value.count > 80 ? "\(value.prefix(80))…" : value
                    return .failed("the format '\(format.id)' with \(shown): \(failure)", hint: nil)
                }
            }
            return .passed
        }
    }

    /// What is no refusal with a reason.
    static func unexplained(_ error: any Error) -> String? {
        if let failure = disaster(error) { return failure }
        guard let error = error as? PluginError, case .gaveNoReason = error.problem else { return nil }
        return "\(error)"
    }
}
