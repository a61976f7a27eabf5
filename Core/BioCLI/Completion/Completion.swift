// SPDX-License-Identifier: Apache-2.0

/// What could stand at the end of an unfinished command line.
package struct Completion: Hashable, Sendable {
    package struct Candidate: Hashable, Sendable {
        package let text: String
        /// One line, shown beside it by shells that can.
        package let help: String

        package init(_ text: String, _ help: String = "") {
            self.text = text
            self.help = help
        }
    }

    /// Which names of files may stand there too.
    package enum Files: String, Hashable, Sendable {
        case none, any, directories
        /// Artifacts, and the directories that lead to them.
        case artifacts
    }

    /// What the last word begins with before the value, as in `--output=`.
    package var lead = ""
    /// The value as far as it is written.
    package var value = ""
    /// Everything that may be meant, whatever `value` is: shells match in their own ways.
    package var candidates: [Candidate] = []
    package var files = Files.none

    package init() {}
}
