// SPDX-License-Identifier: Apache-2.0

/// One option of a format: the host parses it, shows it in `--help` and completes it. The C side is `bio_option`.
public struct Option: Sendable {
    public enum Kind: UInt32, Sendable { case flag = 1, integer, string, path, choice, list, compression }

    /// Without the two dashes: `[a-z][a-z0-9-]*`.
    public var id: String
    public var kind: Kind
    /// One line, imperative, no final period.
    public var summary: String
    public var doc = ""
    public var valueName = ""
    public var defaultValue: String?
    public var environment: String?
    /// For `choice`: each value and what it means.
    public var choices: [(value: String, meaning: String)] = []
    /// Further spellings, hidden in help.
    public var aliases: [String] = []
    public var range: ClosedRange<Int64>?
    public var isRequired = false
    /// Its value may also be the last word behind the packages.
    public var isOperand = false
    public var isHidden = false
    public var isDeprecated = false
    /// The `Function` of the plugin that looks at its values, by name.
    public var check: String?

    private init(_ id: String, _ kind: Kind, _ summary: String) {
        self.id = id
        self.kind = kind
        self.summary = summary
    }

    public static func flag(_ id: String, aliases: [String] = [], _ summary: String) -> Option {
        var option = Option(id, .flag, summary)
        option.aliases = aliases
        return option
    }

    public static func string(_ id: String, _ valueName: String, default value: String? = nil, _ summary: String)
        -> Option
    {
        var option = Option(id, .string, summary)
        option.valueName = valueName
        option.defaultValue = value
        return option
    }

    /// A file or directory of the user; `Job.contents(of:)` reads it.
    public static func path(_ id: String, _ valueName: String, _ summary: String) -> Option {
        var option = Option(id, .path, summary)
        option.valueName = valueName
        return option
    }

    public static func integer(
        _ id: String, _ valueName: String, in range: ClosedRange<Int64>, default value: Int64? = nil, _ summary: String
    ) -> Option {
        var option = Option(id, .integer, summary)
        option.valueName = valueName
        option.range = range
        option.defaultValue = value.map(String.init)
        return option
    }

    public static func list(_ id: String, _ valueName: String, _ summary: String) -> Option {
        var option = Option(id, .list, summary)
        option.valueName = valueName
        return option
    }

    public static func choice(
        _ id: String, _ choices: [(value: String, meaning: String)], default value: String, _ summary: String
    ) -> Option {
        var option = Option(id, .choice, summary)
        option.valueName = "NAME"
        option.choices = choices
        option.defaultValue = value
        return option
    }

    /// A compression name of the host: `gzip`, `gzip:fast`, `gzip:small`, `zstd[:N]`, `xz`, `none`.
    public static func compression(_ id: String = "compression", default value: String, _ summary: String) -> Option {
        var option = Option(id, .compression, summary)
        option.valueName = "NAME"
        option.defaultValue = value
        return option
    }
}
