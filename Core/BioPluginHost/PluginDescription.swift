// SPDX-License-Identifier: Apache-2.0

/// What a plugin says of itself: the checked values of `bio_plugin` and everything below it.
package struct PluginDescription: Hashable, Sendable {
    package var abi: ABIVersion
    package var abiBuilt: ABIVersion
    package var abiNeeded: ABIVersion
    package var id: String
    package var name: String
    package var version: String
    package var vendor: String
    package var license: String
    package var url: String
    package var formats: [FormatDescription]
    /// What the host may call by itself: in naming templates, and as the checks of options.
    package var functions: [FunctionDescription] = []

    package func format(named word: String) -> FormatDescription? {
        formats.first { $0.id == word || $0.aliases.contains(word) }
    }

    package func function(named name: String) -> FunctionDescription? { functions.first { $0.name == name } }
}

/// `major.minor`, in the header as `major << 16 | minor`.
package struct ABIVersion: Hashable, Sendable, Comparable, CustomStringConvertible {
    package let rawValue: UInt32
    package init(rawValue: UInt32) { self.rawValue = rawValue }

    /// `1.0`
    package init?(parsing text: String) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false).map { UInt16($0) }
        guard parts.count == 2, let major = parts[0], let minor = parts[1] else { return nil }
        rawValue = UInt32(major) << 16 | UInt32(minor)
    }

    package static func < (left: ABIVersion, right: ABIVersion) -> Bool { left.rawValue < right.rawValue }
    package var description: String { "\(rawValue >> 16).\(rawValue & 0xFFFF)" }
}

/// One format of a plugin (`bio_format`).
package struct FormatDescription: Hashable, Sendable {
    package var id: String
    package var aliases: [String]
    package var summary: String
    package var doc: String
    package var isReproducible: Bool
    package var isStreamable: Bool
    /// Streamable, and to standard output when the user names no place.
    package var isStreamed: Bool
    package var options: [OptionDescription]
    package var groups: [String]
    package var basePackages: [BasePackageDescription]
    package var artifactKinds: [String]
    package var needs: [String]
    /// Before every tag that the user's naming options make; or empty.
    package var tagPrefix: String
}

/// One option of a format (`bio_option`).
package struct OptionDescription: Hashable, Sendable {
    package enum Kind: UInt32, Sendable, CaseIterable {
        case flag = 1, integer, string, path, choice, list, compression

        /// The word in JSON and in `bio plugin info`.
        package var word: String { "\(self)" }
        package init?(word: String) {
            guard let kind = Self.allCases.first(where: { $0.word == word }) else { return nil }
            self = kind
        }
    }

    package struct Choice: Hashable, Sendable {
        package var value: String
        package var meaning: String
    }

    package var id: String
    package var kind: Kind
    package var isHidden: Bool
    package var isDeprecated: Bool
    package var isRequired: Bool
    /// Its value may also be the last word behind the packages.
    package var isOperand: Bool
    package var summary: String
    package var doc: String
    package var valueName: String
    package var defaultValue: String
    package var environment: String
    package var choices: [Choice]
    package var aliases: [String]
    package var minimum: Int64
    package var maximum: Int64
    /// The function of the plugin that looks at its values; or empty.
    package var check = ""
}

/// A base package that a format wants (`bio_base_package`).
package struct BasePackageDescription: Hashable, Sendable {
    package enum Role: UInt32, Sendable, CaseIterable {
        case cli = 1, supervisor, launcher, shell, certificates, other

        package var word: String { "\(self)" }
        package init?(word: String) {
            guard let role = Self.allCases.first(where: { $0.word == word }) else { return nil }
            self = role
        }
    }

    package var role: Role
    /// `option` or `option=value`, several with blanks between them, any of which is enough; empty: never omitted.
    package var omitWhen: String
    /// Of another: the user chooses with `--NAME-pkg`. Else empty.
    package var name = ""
    /// Of another: `name`, of the origin that the other base packages have, or `origin/name`. Else empty.
    package var package = ""

    package var omissions: [Omission] { omitWhen.split(separator: " ").map { Omission(String($0)) } }

    /// One condition under which a base package is left out.
    package struct Omission: Hashable, Sendable, CustomStringConvertible {
        package let option: String
        /// Nil: a flag that is set.
        package let value: String?

        init(_ text: String) {
            let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            option = parts[0]
            value = parts.count == 2 ? parts[1] : nil
        }

        package var description: String { value.map { "\(option)=\($0)" } ?? option }
    }
}
