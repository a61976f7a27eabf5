// SPDX-License-Identifier: Apache-2.0

/// Why a server's certificate is not believed.
package enum CertificateFault: Hashable, Sendable, CustomStringConvertible {
    case expired
    case notYetValid
    /// Signed by nobody whom the client knows.
    case unknownAuthority
    /// It is another host's.
    case otherName
    case revoked
    /// What libcurl says.
    case other(String)

    package var description: String {
        switch self {
        case .expired: "it has expired"
        case .notYetValid: "it is not valid yet"
        case .unknownAuthority: "nobody who is trusted here has signed it"
        case .otherName: "it is that of another host"
        case .revoked: "it was revoked"
        case .other(let text): text
        }
    }
}
