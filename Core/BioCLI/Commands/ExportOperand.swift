// SPDX-License-Identifier: Apache-2.0

import BioPackage
import BioPluginHost
import BioSystem

/// The option of a format whose value may also stand behind the packages: `bio pkg export cf PKG MAPPING.toml`.
enum ExportOperand {
    /// The row that shows it among the arguments. The packages take every word; `settled` takes one back from them.
    static func arguments(_ format: FormatDescription) -> [ArgumentSpec] {
        format.options.filter(\.isOperand).map {
            ArgumentSpec($0.valueName, .optional, help: "\($0.summary); the same as --\($0.id)")
        }
    }

    /// What stands behind the packages in an example, with the blank before it.
    static func inExample(_ format: FormatDescription) -> String {
        format.options.first(where: \.isOperand).map { " \($0.valueName)" } ?? ""
    }

    /// The arguments with the last word as that option's value when it is no package.
    static func settled(_ arguments: ParsedArguments, _ format: FormatDescription) throws -> ParsedArguments {
        guard let option = format.options.first(where: \.isOperand) else { return arguments }
        var arguments = arguments
        if isOperand(option, arguments) {
            if arguments.source(option.id) == .commandLine { throw UsageError.givenTwice("--\(option.id)") }
            try arguments.moveLast(of: "PKG", to: option.id)
        }
        try checkRequired(arguments, format)
        return arguments
    }

    /// The parser lets it through, for it may come as an argument; for a child export it may not.
    static func checkRequired(_ arguments: ParsedArguments, _ format: FormatDescription) throws(UsageError) {
        for option in format.options where option.isOperand && option.isRequired && arguments.source(option.id) == nil {
            throw .refused("'--\(option.id)' is missing", hint: "give it behind the packages: PKG \(option.valueName)")
        }
    }

    private static func isOperand(_ option: OptionDescription, _ arguments: ParsedArguments) -> Bool {
        let words = arguments.arguments("PKG")
        guard words.count > 1, let word = words.last, !word.hasSuffix(".hart") else { return false }
        if (try? PackageIdent(parsing: word)) == nil { return true }
        if arguments.source(option.id) == .commandLine { return false }
        if option.kind == .path && (try? FileStatus.of(word))??.kind == .file { return true }
        // What looks like a package may be a file that is not there; only the option's own complaint helps then.
        return option.isRequired && arguments.source(option.id) == nil
    }
}
