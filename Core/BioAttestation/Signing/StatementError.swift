// SPDX-License-Identifier: Apache-2.0

package import BioDocument
import BioPackage

/// Why bytes are no statement (in-toto Statement 1).
package enum StatementError: Error, Hashable, Sendable, CustomStringConvertible {
    case notJSON(DocumentError)
    /// The member is missing or of another type.
    case malformed(_ member: String)
    /// A document of another sort, or of another version.
    case otherType(String)
    case tooManySubjects(limit: Int)

    package var description: String {
        switch self {
        case .notJSON(let error): "the attestation is no JSON: \(error)"
        case .malformed(let member): "the attestation is no in-toto statement: '\(member)' is missing or wrong"
        case .otherType(let type): "the attestation is of the type \(type.quoted), not '\(Statement.type)'"
        case .tooManySubjects(let limit): "the attestation speaks of more than \(limit) things"
        }
    }

    package var hint: String? {
        switch self {
        case .otherType: "attestations are in-toto statements of version 1"
        case .notJSON, .malformed, .tooManySubjects: "get it again: it is damaged, or something else"
        }
    }
}
