// SPDX-License-Identifier: Apache-2.0

package import BioDocument
package import BioPluginHost

/// What was found, case by case.
package struct ConformanceReport: Sendable {
    package struct Entry: Hashable, Sendable {
        package let rule: PluginRule
        package let verdict: Verdict
        package let milliseconds: Int
    }

    /// The directory of the plugin.
    package let directory: String
    /// As the manifest has them; nil without one.
    package let id: String?
    package let version: String?
    package let level: ConformanceCase.Level
    package let seed: UInt64
    package internal(set) var entries: [Entry] = []
    /// Exports that a fuzzing tried; 0 without one.
    package internal(set) var fuzzed = 0

    package func count(_ word: String) -> Int { entries.count { $0.verdict.word == word } }

    /// Where nothing was looked at, nothing is known.
    package var isPassed: Bool { count("failed") + count("blocked") == 0 && count("passed") > 0 }

    /// `org.example.x 1.0.0 passes level load: 24 passed, 1 skipped`
    package var summary: String {
        var parts = ["\(count("passed")) passed"]
        for word in ["failed", "blocked", "skipped"] where count(word) > 0 { parts.append("\(count(word)) \(word)") }
        if fuzzed > 0 { parts.append("\(fuzzed) exports fuzzed from seed \(seed)") }
        let name = id.map { "\($0) \(version ?? "")" } ?? directory
        return "\(name) \(isPassed ? "passes" : "fails") level \(level.rawValue): \(parts.joined(separator: ", "))"
    }

    package var document: DocumentValue {
        [
            "schema_version": 1, "directory": .string(directory), "id": .optional(id), "version": .optional(version),
            "level": .string(level.rawValue), "seed": .string("\(seed)"), "fuzzed": .integer(Int64(fuzzed)),
            "passed": .bool(isPassed),
            "cases": .array(
                entries.map { entry in
                    let hint: String? = if case .failed(_, let hint) = entry.verdict { hint } else { nil }
                    return [
                        "case": .string(entry.rule.check), "rule": .string(entry.rule.id),
                        "text": .string(entry.rule.text), "verdict": .string(entry.verdict.word),
                        "reason": .optional(entry.verdict.text.isEmpty ? nil : entry.verdict.text),
                        "hint": .optional(hint), "milliseconds": .integer(Int64(entry.milliseconds)),
                    ]
                }),
        ]
    }
}
