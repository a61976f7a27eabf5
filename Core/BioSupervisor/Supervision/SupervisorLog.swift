// SPDX-License-Identifier: Apache-2.0

/// What a supervisor says, with the marks of the original: who it is about, and which part speaks.
struct SupervisorLog {
    let queue: OutputQueue
    /// `bio-sup`
    let name: String

    /// The marks that stand in brackets.
    enum Part: String {
        case manager = "MR"
        case service = "SR"
        case process = "SV"
        case hooks = "HK"
        case configuration = "CF"
    }

    func say(_ text: String) { lines("\(name)(\(Part.manager.rawValue)): ", text) }

    func say(_ group: ServiceGroup, _ part: Part, _ text: String) { lines("\(group)(\(part.rawValue)): ", text) }

    /// A line that a service has written.
    func output(_ group: ServiceGroup, isError: Bool, _ line: ArraySlice<UInt8>) {
        queue.line("\(group)(\(isError ? "E" : "O")): ", line)
    }

    /// A line that a hook has written.
    func output(_ group: ServiceGroup, _ hook: Hook.Kind, _ line: ArraySlice<UInt8>) {
        queue.line("\(group) hook[\(hook.rawValue)]:(\(Part.hooks.rawValue)): ", line)
    }

    private func lines(_ prefix: String, _ text: String) {
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) { queue.line(prefix + line) }
    }
}
