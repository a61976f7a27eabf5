// SPDX-License-Identifier: Apache-2.0

import BioPackage
import BioPluginHost

/// What the files say: nothing of the plugin runs.
extension ConformanceCase {
    static let ofLibrary =
        [
            ConformanceCase(.manifestSound, .load) { examination in
                switch examination.manifest {
                case .success: .passed
                case .failure(let refusal): .failed("\(refusal)", hint: "see docs/reference/plugins.md")
                }
            },
            ConformanceCase(.machine, .load) { examination in
                guard let manifest = try? examination.manifest.get() else { return .blocked("there is no manifest") }
                guard let image = examination.image else {
                    return .failed(
                        "'\(manifest.library)' is not there, or is no ELF library", hint: "build it, and name it so")
                }
                guard image.machine == LibraryImage.hostMachine, manifest.target == .host else {
                    return .failed(
                        "the library is built for \(image.machine.name), its manifest says \(manifest.target), and this "
                            + "is \(LibraryImage.hostMachine.name)", hint: "build the plugin for this machine")
                }
                return .passed
            },
        ]
        + [
            PluginRule.ownSwiftRuntime, .entryExported, .oneSymbol, .noUniqueSymbols, .noExecutableStack,
            .noTextRelocations, .noBuilderPath,
        ].map { rule in
            ConformanceCase(rule, .load) { examination in
                guard let image = examination.image else { return .blocked("there is no library") }
                guard image.machine == LibraryImage.hostMachine else { return .blocked("it is for another machine") }
                guard let refusal = image.refusals(isAlone: true).first(where: { $0.rule == rule }) else {
                    return ofSymbols.contains(rule) && !image.hasReadableSymbols ? unreadable(rule) : .passed
                }
                return .failed(PluginError(plugin: examination.directory, .notLoaded(refusal)))
            }
        }
        + [
            ConformanceCase(.oneGoRuntime, .load) { examination in
                guard let image = examination.image else { return .blocked("there is no library") }
                // Nothing to be mended: it is said, and the host sees to it.
                return image.hasGoRuntime ? .passed : .skipped("it has no Go runtime")
            }
        ]

    private static let ofSymbols = [PluginRule.entryExported, .oneSymbol, .noUniqueSymbols]

    private static func unreadable(_ rule: PluginRule) -> Verdict {
        let text = "its table of symbols cannot be read"
        guard rule == .entryExported else { return .blocked(text) }
        return .failed(text, hint: "link it as the templates of 'bio plugin new' do, and leave the tables alone")
    }
}
