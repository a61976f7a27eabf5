// SPDX-License-Identifier: Apache-2.0

/// The kinds of key files; the raw value is the first line of the file.
package enum KeyKind: String, Hashable, Sendable, CaseIterable {
    /// Ed25519: verifies packages of an origin.
    case signingPublic = "SIG-PUB-1"
    /// Ed25519, seed and public key: signs them.
    case signingSecret = "SIG-SEC-1"
    /// Curve25519 halves of users, services and origins.
    case boxPublic = "BOX-PUB-1"
    case boxSecret = "BOX-SEC-1"
    /// The shared secret of a supervisor ring.
    case symmetric = "SYM-SEC-1"

    /// Length of the key itself.
    package var byteCount: Int { self == .signingSecret ? 64 : 32 }

    /// What follows the key name and a dot in the file's name. Both public kinds share one extension.
    package var fileExtension: String {
        switch self {
        case .signingPublic, .boxPublic: "pub"
        case .signingSecret: "sig.key"
        case .boxSecret: "box.key"
        case .symmetric: "sym.key"
        }
    }

    package var isSecret: Bool { self != .signingPublic && self != .boxPublic }

    /// Mode of the file in a key ring.
    package var fileMode: UInt32 { isSecret ? 0o400 : 0o444 }

    /// The kind in words.
    package var noun: String {
        switch self {
        case .signingPublic: "public signing key"
        case .signingSecret: "secret signing key"
        case .boxPublic: "public encryption key"
        case .boxSecret: "secret encryption key"
        case .symmetric: "ring key"
        }
    }
}
