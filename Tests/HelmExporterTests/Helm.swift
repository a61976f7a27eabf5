// SPDX-License-Identifier: Apache-2.0

import BioSystem
import BioTestSupport

/// Helm 3 itself (Tests/Support/platforms), with a home of its own.
enum Helm {
    static func run(_ arguments: [String]) throws -> Tool.Outcome {
        let program = try Repository.built("build/platforms/bin/helm")
        let home = try Scratch()
        return try Tool.run(
            [program] + arguments,
            environment: [
                "HOME": home.path, "HELM_CACHE_HOME": home.file("cache"), "HELM_CONFIG_HOME": home.file("config"),
                "HELM_DATA_HOME": home.file("data"), "KUBECONFIG": "/dev/null",
            ])
    }

    static func run(_ arguments: String...) throws -> Tool.Outcome { try run(arguments) }

    /// Of a run that must succeed.
    static func output(_ arguments: String...) throws -> String { try output(arguments) }

    static func output(_ arguments: [String]) throws -> String {
        let outcome = try run(arguments)
        guard outcome.code == 0 else {
            throw BuiltBio.Missing(description: "helm \(arguments.joined(separator: " ")): \(outcome.errorText)")
        }
        return outcome.text
    }
}
