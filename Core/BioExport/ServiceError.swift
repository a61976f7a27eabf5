// SPDX-License-Identifier: Apache-2.0

/// Why a host service refused a call: the code goes to the plugin, the sentence to the user.
package struct ServiceError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The codes of `bio_export.h` that services return.
    package enum Code: Int32, Sendable {
        case invalid = 2, unsupported = 3, handle = 6, cancelled = 7, io = 8, limit = 9, digest = 10, notFound = 11
        case exists = 12, misuse = 13
    }

    package let code: Code
    package let message: String
    package let hint: String?

    package init(_ code: Code, _ message: String, hint: String? = nil) {
        self.code = code
        self.message = message
        self.hint = hint
    }

    package var description: String { message }
}
