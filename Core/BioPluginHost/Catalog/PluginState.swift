// SPDX-License-Identifier: Apache-2.0

package import BioPackage
import Glibc

extension FoundPlugin {
    /// What becomes of a plugin, as `bio plugin list` shows it (docs/reference/plugins.md).
    package enum State: Hashable, Sendable {
        case ready
        /// A rule of a policy disables it.
        case disabled(PolicyRule)
        /// This command may not use it.
        case notAllowed(Hindrance)
        /// Another one of this id that can be used comes first.
        case shadowed(by: String)
        /// Nobody who is allowed to vouches for it.
        case unsigned(String)
        /// A key has signed it that is not allowed to.
        case untrustedKey(String)
        /// Its files are not those that were signed or listed, or that a rule pins it to.
        case altered(String, pin: PolicyRule? = nil)
        /// It was built for another ABI.
        case wrongABI(built: ABIVersion, needed: ABIVersion)
        /// It is for another kind of machine.
        case wrongTarget(PackageTarget)
        /// It cannot do without a service that this host lacks.
        case missingNeed(String)
        /// It crashed too often.
        case quarantined(Quarantine.Hold)
        /// Its manifest or library cannot be used.
        case broken(String)

        /// Whether people say so, and not the plugin's own files.
        var isForbidden: Bool {
            switch self {
            case .disabled, .notAllowed, .unsigned, .untrustedKey: true
            case .altered(_, let pin): pin != nil
            case .ready, .shadowed, .wrongABI, .wrongTarget, .missingNeed, .quarantined, .broken: false
            }
        }

        /// One word, for listings and JSON.
        package var word: String {
            switch self {
            case .ready: "ready"
            case .disabled: "disabled"
            case .notAllowed: "not-allowed"
            case .shadowed: "shadowed"
            case .unsigned: "unsigned"
            case .untrustedKey: "untrusted-key"
            case .altered: "altered"
            case .wrongABI: "wrong-abi"
            case .wrongTarget: "wrong-target"
            case .missingNeed: "missing-need"
            case .quarantined: "quarantined"
            case .broken: "broken"
            }
        }

        /// Why, for everything but `ready`.
        package var reason: String {
            switch self {
            case .ready: ""
            case .disabled(let rule): rule.because
            case .notAllowed(let hindrance): hindrance.sentence
            case .unsigned(let text), .untrustedKey(let text), .altered(let text, _), .broken(let text): text
            case .shadowed(let directory): "'\(directory)' comes first"
            case .wrongABI(let built, let needed):
                "built for ABI \(built), needs \(needed); this host speaks \(PluginLibrary.hostRange.oldest) to "
                    + "\(PluginLibrary.hostRange.newest)"
            case .wrongTarget(let target): "it is for \(target), this is \(PackageTarget.host)"
            case .missingNeed(let service): "it needs the service '\(service)', which this host lacks"
            case .quarantined(let hold): "\(hold.sentence), so it rests until \(hold.day)"
            }
        }

        /// The rule of the book that it breaks; nil when it breaks none.
        package var rule: PluginRule? {
            switch self {
            case .ready, .shadowed: nil
            case .disabled, .notAllowed: .allowed
            case .unsigned, .untrustedKey: .signed
            case .altered: .filesUnaltered
            case .wrongABI: .abiHonest
            case .wrongTarget: .machine
            case .missingNeed: .needsKnown
            case .quarantined: .survives
            case .broken: .manifestSound
            }
        }
    }
}

extension FoundPlugin {
    /// What keeps one command from a plugin that others may use.
    package enum Hindrance: Hashable, Sendable {
        case safeMode
        /// `BIO_PLUGINS_DISABLE` has this pattern.
        case variable(PluginPattern)
        /// A rule wants all of the sandbox; what the kernel lacks of it.
        case sandbox(gap: String, PolicyRule)

        var sentence: String {
            switch self {
            case .safeMode: "in safe mode only plugins beside this program run"
            case .variable(let pattern): "the variable \(PolicyVariables.disableName) has \(pattern)"
            case .sandbox(let gap, let rule): "\(gap), and a rule wants all of the sandbox: \(rule.because)"
            }
        }
    }
}

extension Quarantine.Hold {
    /// `3 crashes within a day, the last with signal SIGSEGV in run`
    package var sentence: String { "\(count) crashes within a day, the last with \(how)" }

    /// The day it ends on, in UTC.
    package var day: String {
        var time = time_t(until)
        var parts = tm()
        gmtime_r(&time, &parts)
        func digits(_ value: CInt) -> String { value < 10 ? "0\(value)" : "\(value)" }
        return "\(parts.tm_year + 1900)-\(digits(parts.tm_mon + 1))-\(digits(parts.tm_mday))"
    }
}
