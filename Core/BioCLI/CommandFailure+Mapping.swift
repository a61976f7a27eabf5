// SPDX-License-Identifier: Apache-2.0

import BioDocument
import BioSystem

/// The one table from what modules throw to what users see.
extension CommandFailure {
    package init(mapping error: any Error) {
        switch error {
        case let error as CommandFailure: self = error
        case let error as CommandLineParser.Failure: self.init(error)
        case let error as UsageError: self.init(.usage, error.message, hint: error.hint)
        case let error as CommandSpec.Conflict: self.init(.plugin, error.description)
        case let error as SystemError: self.init(.failure, error.description, hint: error.hint)
        case let error as Errno: self.init(.failure, error.description)
        case let error as DocumentError: self.init(.failure, error.description)
        default: self.init(.failure, String(describing: error))
        }
    }

    private init(_ failure: CommandLineParser.Failure) {
        let command = failure.path.joined(separator: " ")
        self.init(
            .usage, failure.error.message, hints: [failure.error.hint, "see '\(command) --help'"].compactMap { $0 })
    }
}

extension SystemError {
    /// The next step where the error number suggests one.
    var hint: String? {
        switch errno {
        case .permissionDenied: "run as a user who may, or name another place (FS_ROOT for packages)"
        case .noSpace: "free some space there and try again"
        default: nil
        }
    }
}
