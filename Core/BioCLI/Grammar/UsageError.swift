// SPDX-License-Identifier: Apache-2.0

import BioDocument

/// Why a command line cannot be understood. All of these end with exit code 64.
package enum UsageError: Error, Hashable, Sendable {
    case unknownCommand(String, suggestion: String?)
    /// A command that only groups others was called alone.
    case missingCommand
    case unknownOption(String, suggestion: String?)
    case missingValue(String, placeholder: String)
    case unexpectedValue(String, value: String)
    case givenTwice(String)
    case missingOption(String)
    case missingArgument(String)
    case unexpectedArgument(String)
    case notATruthValue(String, origin: String)
    case notAnInteger(String, origin: String, range: ClosedRange<Int>)
    case notAChoice(String, origin: String, choices: [String])
    case emptyPath(origin: String)
    /// The argument at that place, counted from one, is not UTF-8.
    case notUTF8(Int)
    /// What a command finds out itself: two options that exclude each other, a value that does not parse.
    case refused(String, hint: String?)

    /// What went wrong, in one line.
    package var message: String {
        switch self {
        case .unknownCommand(let word, _): "there is no command '\(word)'"
        case .missingCommand: "a command is missing"
        case .unknownOption(let word, _): "there is no option '\(word)'"
        case .missingValue(let option, let placeholder): "'\(option)' needs a value (\(placeholder))"
        // A password must not be shown again.
        case .unexpectedValue(let option, _) where option.contains("password"): "'\(option)' takes no value"
        case .unexpectedValue(let option, let value): "'\(option)' takes no value, but got '\(value)'"
        case .givenTwice(let option): "'\(option)' is given twice"
        case .missingOption(let option): "'\(option)' is missing"
        case .missingArgument(let name): "<\(name)> is missing"
        case .unexpectedArgument(let word): "'\(word)' is one argument too many"
        case .notATruthValue(let text, let origin): "'\(text)' of \(origin) is neither 1 or true nor 0 or false"
        case .notAnInteger(let text, let origin, let range):
            if range.upperBound == .max {
                "'\(text)' of \(origin) is not a whole number from \(range.lowerBound) up"
            } else {
                "'\(text)' of \(origin) is not a whole number from \(range.lowerBound) to \(range.upperBound)"
            }
        case .notAChoice(let text, let origin, let choices):
            "'\(text)' of \(origin) is not one of \(choices.joined(separator: ", "))"
        case .emptyPath(let origin): "the path of \(origin) is empty"
        case .notUTF8(let index): "argument \(index) is not UTF-8"
        case .refused(let message, _): message
        }
    }

    /// The next step, where there is one beside reading the help.
    package var hint: String? {
        switch self {
        case .unknownCommand(_, let suggestion?), .unknownOption(_, let suggestion?): "did you mean '\(suggestion)'?"
        case .notAChoice(let text, _, let choices):
            NearestName.of(text, among: choices).map { "did you mean '\($0)'?" }
        case .missingValue(let option, _) where option.hasPrefix("--"):
            "a value that begins with '-' is written \(option)=VALUE"
        case .refused(_, let hint): hint
        default: nil
        }
    }
}
