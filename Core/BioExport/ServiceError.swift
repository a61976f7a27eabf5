// SPDX-License-Identifier: Apache-2.0

/// Why a host service refused a call: the code goes to the plugin, the sentence to the user.
package struct ServiceError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The codes of `bio_export.h` that services return.
    package enum Code: Int32, Sendable {
        case failed = 1, invalid, unsupported = 3, handle = 6, cancelled = 7, io = 8, limit = 9, digest = 10, notFound =
            11
        case exists = 12, misuse = 13
    }

    /// Whose fault it is that a service could not do its work.
    package enum Fault: Hashable, Sendable {
        /// The plugin asked for something that cannot be.
        case plugin
        /// An installed package is not what was signed.
        case package
        /// Disk, memory, rights.
        case machine
    }

    package let code: Code
    package let fault: Fault
    package let message: String
    package let hint: String?

    /// Failed I/O is the machine's fault and anything else the plugin's, unless `fault` says otherwise.
    package init(_ code: Code, _ message: String, hint: String? = nil, fault: Fault? = nil) {
        self.code = code
        self.fault = fault ?? (code == .io ? .machine : .plugin)
        self.message = message
        self.hint = hint
    }

    package var description: String { message }
}
