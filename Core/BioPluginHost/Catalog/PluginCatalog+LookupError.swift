// SPDX-License-Identifier: Apache-2.0

package import BioSystem

extension PluginCatalog {
    /// Why a format cannot be exported.
    package enum LookupError: Error, Hashable, Sendable, CustomStringConvertible {
        case unknownFormat(String, known: [String])
        /// Some place of plugins could not be read, and no other has it.
        case unknown(format: String, SystemError)
        /// `change` is what would let the plugin run; nil when nothing of the user's would.
        case notUsable(format: String, plugin: String, state: FoundPlugin.State, change: String?)

        package var description: String {
            switch self {
            case .unknownFormat(let word, _): "no plugin exports the format '\(word)'"
            case .unknown(let word, let error): "cannot tell which plugin exports the format '\(word)': \(error)"
            case .notUsable(let format, let plugin, let state, _):
                "the format '\(format)' is made by the plugin '\(plugin)', which is \(state.word): \(state.reason)"
                    + (state.rule?.citation ?? "")
            }
        }

        package var hints: [String] {
            switch self {
            case .unknownFormat(_, let known):
                [
                    known.isEmpty
                        ? "no plugin is installed; see 'bio plugin list'"
                        : "there are: \(known.joined(separator: ", ")); see 'bio plugin list'"
                ]
            case .unknown: ["see 'bio plugin list'"]
            case .notUsable(_, let plugin, _, let change):
                [change, "see 'bio plugin explain \(plugin)'"].compactMap { $0 }
            }
        }
    }
}
