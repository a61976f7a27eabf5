// SPDX-License-Identifier: Apache-2.0

/// Why a policy cannot be used: then nothing passes.
package struct TrustPolicyError: Error, Hashable, Sendable, CustomStringConvertible {
    package let path: String
    /// From 1; nil where the file as a whole is meant.
    package let line: Int?
    package let problem: String

    package init(path: String, line: Int?, problem: String) {
        self.path = path
        self.line = line
        self.problem = problem
    }

    package var description: String { "\(path)\(line.map { ":\($0)" } ?? ""): \(problem)" }

    package var hint: String? { "mend the policy: until then no image passes" }
}
