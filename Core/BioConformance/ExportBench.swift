// SPDX-License-Identifier: Apache-2.0

package import BioPluginHost

/// What runs the checked plugin: `bio` itself, on packages that nobody has installed.
package protocol ExportBench: AnyObject {
    /// Asks the library what it is, in a process of its own.
    func describe(_ trial: RunnerTrial) -> DescribeOutcome
    /// Runs one export to its end, however that is. Throws what keeps it from being tried.
    func export(_ trial: ExportTrial) throws -> ExportOutcome
    /// Calls a typed function with values of its types. Calls share a process for as long as it lives.
    ///
    /// - Throws: `PluginError` where the plugin is at fault, `FunctionError` where it is not.
    func call(
        _ function: FunctionDescription, _ values: [FunctionValue], of description: PluginDescription
    ) throws -> FunctionAnswer
}

/// What the library said of itself, or why it did not.
package struct DescribeOutcome {
    package var description: PluginDescription?
    package var error: PluginError?
    package var observations: [RunnerObservation] = []
    /// What the host had to say about how the plugin ran: what the sandbox refused, with the rule.
    package var notes: [String] = []

    package init() {}
}

/// One export that is tried.
package struct ExportTrial: Hashable, Sendable {
    package var format: String
    package var packages = FixturePackages.service
    /// Options on the command line.
    package var words: [String] = []
    package var isDryRun = false
    package var runner = RunnerTrial()

    package init(format: String) { self.format = format }
}

/// What came of it.
package struct ExportOutcome {
    package struct Observed: Hashable, Sendable {
        package let phase: ExportPhase
        package let observation: RunnerObservation

        package init(_ phase: ExportPhase, _ observation: RunnerObservation) {
            self.phase = phase
            self.observation = observation
        }
    }

    /// What stopped it; nil: it was done.
    package var error: (any Error)?
    /// What went wrong in destroy.
    package var endError: PluginError?
    package var observations: [Observed] = []
    /// Every file below the output directory: name, mode and digest.
    package var files: [String] = []
    /// Artifacts as they are listed, by kind and name.
    package var artifacts: [String] = []
    /// What lies in the working directory that the runner had, afterwards.
    package var strays: [String] = []
    /// What the host had to say about how the plugin ran: what the sandbox refused, with the rule.
    package var notes: [String] = []
    /// The user stopped it, and the plugin did not end in time.
    package var wasKilled = false

    package init() {}

    package var pluginError: PluginError? { error as? PluginError }

    /// Services that the export called.
    package var calls: Int {
        observations.compactMap { if case .calls(let count) = $0.observation { count } else { nil } }.max() ?? 0
    }
}
