// SPDX-License-Identifier: Apache-2.0

import BioPluginHost

/// What was observed, as words about the plugin.
enum ProcessChange {
    /// Nil when it is no change, or one that a Go runtime makes by itself.
    static func text(_ observation: RunnerObservation, hasGoRuntime: Bool) -> String? {
        switch observation {
        case .threads(let count): hasGoRuntime ? nil : "left \(count) thread\(count == 1 ? "" : "s") running"
        case .signals(let numbers):
            hasGoRuntime
                ? nil : "changed what signal \(numbers.prefix(4).map { "\($0)" }.joined(separator: ", ")) does"
        case .descriptors(let numbers):
            hasGoRuntime
                ? nil : "left descriptor \(numbers.prefix(4).map { "\($0)" }.joined(separator: ", ")) open"
        case .workingDirectory: "changed the working directory"
        case .umask: "changed the umask"
        case .environment: "changed the environment"
        case .locale: "changed the locale"
        case .streams: "wrote to standard output, or replaced it or standard input"
        case .written(let names): "wrote '\(names.prefix(4).joined(separator: "', '"))'"
        case .entryDiffers, .calls, .entryTime, .faulted: nil
        }
    }

    /// Which rule of an export it breaks; nil: none.
    static func rule(_ observation: RunnerObservation) -> PluginRule? {
        switch observation {
        case .threads: .threadsJoined
        case .descriptors: .descriptorsClosed
        case .workingDirectory, .umask, .environment, .locale, .signals: .processUnchanged
        case .streams: .streamsUntouched
        case .written: .validatePure
        case .entryDiffers, .calls, .entryTime, .faulted: nil
        }
    }
}
