// SPDX-License-Identifier: Apache-2.0

package import BioSystem

/// Why an image cannot be read, written or named.
package enum ImageError: Error, Hashable, Sendable, CustomStringConvertible {
    /// `what` (a manifest, a configuration …) from `place` is not what its specification says.
    case malformed(what: String, place: String, problem: String)
    /// `what` is larger than is read into memory.
    case tooLarge(what: String, place: String, limit: Int)
    case system(SystemError)

    package var description: String {
        switch self {
        case .malformed(let what, let place, let problem): "the \(what) of '\(place)' cannot be read: \(problem)"
        case .tooLarge(let what, let place, let limit): "the \(what) of '\(place)' is larger than \(limit) bytes"
        case .system(let error): "\(error)"
        }
    }

    package var hint: String? {
        switch self {
        case .malformed, .tooLarge: nil
        case .system(let error): error.hint
        }
    }
}
