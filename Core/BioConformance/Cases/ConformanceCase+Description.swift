// SPDX-License-Identifier: Apache-2.0

import BioPackage
import BioPluginHost
import CBioExport

/// What the library says of itself, in a process of its own.
extension ConformanceCase {
    /// Each has a case that says when it is broken.
    private static let rulesOfLoading = [
        PluginRule.symbolsProvided, .librariesFound, .loads, .entrySurvives, .abiHonest, .tableReadable,
        .descriptionSound,
    ]
    /// Broken, they keep the library from describing itself, and have a case too.
    private static let rulesBefore =
        rulesOfLoading + [PluginRule.entryPrompt]
        + ofLibrary.map(\.rule)

    /// What the sandbox refuses an entry.
    private static let rulesOfEntry = [
        PluginRule.writesInside, .noProcesses, .noNetwork, .othersUntouched, .modestMemory,
    ]

    static let ofDescription =
        rulesOfLoading.map { rule in
            ConformanceCase(rule, .load) { examination in
                guard examination.image != nil else { return .blocked("there is no library") }
                guard let error = examination.described.error else { return .passed }
                if error.rule == rule { return .failed(error) }
                // What no other case of this level says: it floods, starts processes, lies.
                let isOther = error.rule.map { !rulesBefore.contains($0) } ?? true
                if rule == .entrySurvives, isOther { return .failed(error) }
                return .blocked("the library was refused before: \(error.rule?.id ?? "it could not be started")")
            }
        } + [
            ConformanceCase(.entryPrompt, .load) { examination in
                if let error = examination.described.error, error.rule == .entryPrompt { return .failed(error) }
                let times = examination.described.observations.compactMap {
                    if case .entryTime(let time) = $0 { time } else { nil }
                }
                guard let time = times.first else { return .blocked("the library was refused before") }
                guard time > 100_000 else { return .passed }
                return .failed(
                    "bio_export_entry took \(time / 1000) milliseconds", hint: "make the tables constants")
            },
            ConformanceCase(.manifestTrue, .load) { examination in
                guard let description = examination.description, let manifest = try? examination.manifest.get() else {
                    return .blocked("the library does not describe itself")
                }
                return difference(description, manifest)
            },
            ConformanceCase(.descriptionLasting, .load) { examination in
                guard let description = examination.description else {
                    return .blocked("the library does not describe itself")
                }
                guard let kept = DescriptionFile.read(in: examination.directory) else {
                    return .skipped("there is no description.json")
                }
                return kept == description
                    ? .passed
                    : .failed(
                        "description.json says something else than the library",
                        hint: "run 'bio plugin describe' on the directory")
            },
            ConformanceCase(.needsKnown, .load) { examination in
                try examination.eachFormat { format in
                    guard let service = PluginExport.missingService(of: format) else { return .passed }
                    return .failed(
                        "the format '\(format.id)' needs '\(service)', which this host lacks",
                        hint: "leave it out of needs, and do without where get_extension gives null")
                }
            },
            ConformanceCase(.entryPure, .load) { examination in
                guard examination.description != nil else { return .blocked("the library does not describe itself") }
                let refused = examination.described.notes.first { note in
                    rulesOfEntry.contains { note.hasSuffix($0.citation) }
                }
                if let refused { return .failed("bio_export_entry: \(refused)", hint: "do such things in no phase") }
                let changes = examination.described.observations.compactMap {
                    ProcessChange.text($0, hasGoRuntime: examination.image?.hasGoRuntime ?? false)
                }
                return changes.isEmpty
                    ? .passed
                    : .failed(
                        "bio_export_entry \(changes.joined(separator: ", "))", hint: "do such things in create")
            },
            ConformanceCase(.entryRepeats, .load) { examination in
                guard examination.description != nil else { return .blocked("the library does not describe itself") }
                return examination.described.observations.contains(.entryDiffers)
                    ? .failed(
                        "bio_export_entry said something else when it was called again",
                        hint: "build the tables once, and count on nothing") : .passed
            },
            ConformanceCase(.abiRefused, .load) { examination in
                guard let description = examination.description else {
                    return .blocked("the library does not describe itself")
                }
                var trial = RunnerTrial()
                trial.abi = ABIVersion(rawValue: description.abiNeeded.rawValue - 1)
                guard let error = examination.bench.describe(trial).error else {
                    return .failed(
                        "bio_export_entry took a host that speaks ABI \(trial.abi?.description ?? "") alone",
                        hint: "return BIO_E_NEWER when negotiation->abi_max is less than what you need")
                }
                if case .notLoaded(.refused(code: BIO_E_NEWER)) = error.problem { return .passed }
                return .failed(
                    "to a host that is too old for it: \(error.problem)",
                    hint: "return BIO_E_NEWER when negotiation->abi_max is less than what you need")
            },
            ConformanceCase(.structsLonger, .load) { examination in
                guard let description = examination.description else {
                    return .blocked("the library does not describe itself")
                }
                var trial = RunnerTrial()
                trial.growth = 64
                let outcome = examination.bench.describe(trial)
                if let error = outcome.error { return .failed(error) }
                return outcome.description == description
                    ? .passed : .failed("it says something else to a host with longer structs", hint: nil)
            },
        ]

    private static func difference(_ description: PluginDescription, _ manifest: PluginManifest) -> Verdict {
        let words = description.formats.flatMap { [$0.id] + $0.aliases }
        let pairs = [
            ("id", description.id, manifest.id), ("version", description.version, manifest.version),
            ("ABI built with", "\(description.abiBuilt)", "\(manifest.abiBuilt)"),
            ("ABI needed", "\(description.abiNeeded)", "\(manifest.abiNeeded)"),
            ("formats", words.sorted().joined(separator: ", "), manifest.formats.sorted().joined(separator: ", ")),
        ]
        guard let (what, library, said) = pairs.first(where: { $0.1 != $0.2 }) else { return .passed }
        return .failed(
            "\(what): the library says '\(library)', plugin.toml '\(said)'",
            hint: "make plugin.toml and the library agree")
    }
}
