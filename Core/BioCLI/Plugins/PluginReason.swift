// SPDX-License-Identifier: Apache-2.0

/// The reason of a rule, as the user gives it.
enum PluginReason {
    /// Nil when none is given.
    static func text(_ arguments: ParsedArguments) throws -> String? {
        guard let text = arguments.string(PluginRuleEdit.reason.name) else { return nil }
        guard !text.isEmpty, text == text.terminalSafe(), text.utf8.count <= 1000 else {
            throw CommandFailure(.usage, "--reason: the text is empty, too long, or holds control characters")
        }
        return text
    }
}
