// SPDX-License-Identifier: Apache-2.0

/// A value that the check of an option does not accept.
package struct OptionRefusal: Error, Hashable, Sendable, CustomStringConvertible {
    /// Without the two dashes.
    package let option: String
    /// What the plugin says of the value.
    package let reason: String
    package let hint: String?

    package init(option: String, reason: String, hint: String?) {
        self.option = option
        self.reason = reason
        self.hint = hint
    }

    package var description: String { "--\(option): \(reason)" }
}
