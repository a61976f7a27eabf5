// SPDX-License-Identifier: Apache-2.0

/// How it was decided what becomes of a plugin: a trace whose steps are numbered, the outcome, and what would change it.
/// `bio plugin list`, `bio plugin explain` and every export take the same one.
package struct PluginDecision: Hashable, Sendable {
    package enum Topic: String, Hashable, Sendable, CaseIterable {
        case found, shadows, contents, signature, abi, runtime, rules, sandbox, history
    }

    package struct Step: Hashable, Sendable {
        package let topic: Topic
        /// What was seen, one line each; never empty.
        package internal(set) var lines: [String]
        /// What would become of the plugin by this step alone; nil when it lets it pass.
        package internal(set) var refusal: FoundPlugin.State?

        /// In the step about signatures: who lets the plugin run, or why nobody does.
        let permission: PluginPolicy.Permission?

        init(
            _ topic: Topic, _ lines: [String], _ refusal: FoundPlugin.State? = nil,
            permission: PluginPolicy.Permission? = nil
        ) {
            self.topic = topic
            self.lines = lines
            self.refusal = refusal
            self.permission = permission
        }

        init(
            _ topic: Topic, _ line: String, _ refusal: FoundPlugin.State? = nil,
            permission: PluginPolicy.Permission? = nil
        ) {
            self.init(topic, [line], refusal, permission: permission)
        }
    }

    /// In the order of their topics; those that the plugin gives no answer to are not there.
    package private(set) var steps: [Step]

    init(_ steps: [Step]) { self.steps = steps }

    /// Which step has the word when several refuse: whoever switched a plugin off wants to read that first, and that
    /// another one comes first is of interest for a plugin that could be used.
    private static let order: [Topic] = [
        .found, .rules, .contents, .signature, .abi, .runtime, .sandbox, .history, .shadows,
    ]

    /// The step that decides; nil when none refuses.
    package var deciding: Step? {
        Self.order.lazy.compactMap { topic in steps.first { $0.topic == topic && $0.refusal != nil } }.first
    }

    package var state: FoundPlugin.State { deciding?.refusal ?? .ready }

    /// What people say against it by rules, variables and options, whatever else is wrong with it; nil when they let it
    /// run. Nothing of a plugin is run against it, not to install it and not to check it.
    package var forbidden: FoundPlugin.State? {
        Self.order.lazy.compactMap { topic in steps.first { $0.topic == topic }?.refusal }.first { $0.isForbidden }
    }

    /// Who lets the plugin run, or why nobody does; nil when that was no question.
    var permission: PluginPolicy.Permission? { steps.first { $0.topic == .signature }?.permission }

    /// What is said of `topic` from now on.
    mutating func set(_ step: Step) {
        if let index = steps.firstIndex(where: { $0.topic == step.topic }) {
            steps[index] = step
        } else {
            let index = steps.firstIndex { Self.number($0.topic) > Self.number(step.topic) } ?? steps.count
            steps.insert(step, at: index)
        }
    }

    private static func number(_ topic: Topic) -> Int { Topic.allCases.firstIndex(of: topic) ?? 0 }
}
