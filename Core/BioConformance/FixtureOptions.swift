// SPDX-License-Identifier: Apache-2.0

import BioPluginHost

/// Words for a format's command line.
enum FixtureOptions {
    /// A value for what is required, and for what may stand behind the packages: only its absence has a meaning of its own.
    static func words(_ format: FormatDescription) -> [String] {
        format.options.filter { $0.isRequired || $0.isOperand }.compactMap { values($0).first }
    }

    /// An option with each kind of value that its table allows; `/dev/null` is the file that every machine has.
    static func values(_ option: OptionDescription) -> [String] {
        let name = "--\(option.id)"
        switch option.kind {
        case .flag: return [name]
        case .choice: return option.choices.map { "\(name)=\($0.value)" }
        case .integer:
            let hasLimits = option.minimum != 0 || option.maximum != 0
            return (hasLimits ? [option.minimum, option.maximum] : [0, 1, -1, .max, .min]).map { "\(name)=\($0)" }
        case .string:
            return ["check", "a b", "é\"'\\{{x}}", "", String(repeating: "x", count: 5000)].map { "\(name)=\($0)" }
        case .path: return ["/dev/null", "/nowhere/at/all"].map { "\(name)=\($0)" }
        case .list: return ["\(name)=check", "\(name)=a=b"]
        case .compression: return ["none", "gzip", "gzip:fast", "zstd:3", "xz"].map { "\(name)=\($0)" }
        }
    }
}
