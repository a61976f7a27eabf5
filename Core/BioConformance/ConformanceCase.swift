// SPDX-License-Identifier: Apache-2.0

package import BioPluginHost

/// One thing that is looked at.
package struct ConformanceCase: Sendable {
    package enum Level: String, Sendable, CaseIterable {
        /// The files, and what the library says of itself: under two seconds.
        case load
        /// And exports.
        case full
    }

    package let rule: PluginRule
    package let level: Level
    let body: @Sendable (Examination) throws -> Verdict

    /// Kebab-case; the rule's own.
    package var name: String { rule.check }

    init(_ rule: PluginRule, _ level: Level, _ body: @escaping @Sendable (Examination) throws -> Verdict) {
        self.rule = rule
        self.level = level
        self.body = body
    }

    /// In the order in which they run.
    package static let all = ofLibrary + ofDescription + ofExport + ofTrials + ofGraphs + ofFunctions
}

/// What a case says.
package enum Verdict: Hashable, Sendable {
    case passed
    case failed(String, hint: String?)
    /// It was not looked at, and why.
    case skipped(String)
    /// It could not be looked at though it should have been: nobody knows whether the plugin keeps the rule.
    case blocked(String)

    package var word: String {
        switch self {
        case .passed: "passed"
        case .failed: "failed"
        case .skipped: "skipped"
        case .blocked: "blocked"
        }
    }

    package var text: String {
        switch self {
        case .passed: ""
        case .failed(let text, _), .skipped(let text), .blocked(let text): text
        }
    }

    /// The greater, the worse.
    var gravity: Int {
        switch self {
        case .passed: 0
        case .skipped: 1
        case .blocked: 2
        case .failed: 3
        }
    }

    static func failed(_ error: PluginError) -> Verdict { .failed(error.description, hint: error.hint) }
}
