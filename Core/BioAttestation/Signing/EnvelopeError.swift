// SPDX-License-Identifier: Apache-2.0

package import BioDocument

/// Why bytes are no envelope (DSSE 1.0). That a signature is wrong is no error here: `Envelope.Verdict` tells it.
package enum EnvelopeError: Error, Hashable, Sendable, CustomStringConvertible {
    case tooLong(limit: Int)
    case notJSON(DocumentError)
    /// The member is missing, of another type, or not base64.
    case malformed(_ member: String)

    package var description: String {
        switch self {
        case .tooLong(let limit): "the signed document is longer than \(limit >> 20) MiB"
        case .notJSON(let error): "the signed document is no JSON: \(error)"
        case .malformed(let member): "the signed document is no DSSE envelope: '\(member)' is missing or wrong"
        }
    }

    package var hint: String? { "get it again: it is damaged, or something else than a DSSE envelope" }
}
