// SPDX-License-Identifier: Apache-2.0

/// What is wrong with certificates as they lie in directories.
package enum CertificateError: Error, Hashable, Sendable, CustomStringConvertible {
    case certificateAlone(String)
    case keyAlone(String)

    package var description: String {
        switch self {
        case .certificateAlone(let path): "the certificate '\(path)' has no key beside it"
        case .keyAlone(let path): "the key '\(path)' has no certificate beside it"
        }
    }

    package var hint: String? {
        switch self {
        case .certificateAlone: "a client certificate NAME.cert has NAME.key beside it; an authority ends in .crt"
        case .keyAlone: "a client key NAME.key has NAME.cert beside it"
        }
    }
}
