// SPDX-License-Identifier: Apache-2.0

public import BioPluginSDK

/// Options that are given as `NAME=VALUE`, each name once.
public enum NameValues {
    /// - Parameter noun: what one of them is, as in `a variable`.
    public static func read(
        _ job: Job, _ option: Option, _ noun: String
    ) throws(ExportFailure) -> [(key: String, value: String)] {
        var pairs: [(key: String, value: String)] = []
        for text in job.list(option) {
            let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            guard parts.count == 2, !parts[0].isEmpty else {
                throw .option(
                    option, "'\(text)' is not \(option.valueName)",
                    hint: "an export is the same wherever it is made, so \(noun) has its value with it")
            }
            guard parts[0].unicodeScalars.allSatisfy({ $0.value > 0x20 && $0.value != 0x7F }) else {
                throw .option(option, "the name of '\(text)' holds a space or a control character")
            }
            guard !pairs.contains(where: { $0.key == parts[0] }) else {
                throw .option(option, "'\(parts[0])' is given twice", hint: "keep one of the two")
            }
            pairs.append((parts[0], parts[1]))
        }
        return pairs
    }
}

extension ExportFailure {
    /// A value of an option that will not do.
    public static func option(_ option: Option, _ message: String, hint: String = "") -> ExportFailure {
        ExportFailure(code: 2, subject: .option(option.id), message, hint: hint)
    }
}
