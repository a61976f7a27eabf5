// SPDX-License-Identifier: Apache-2.0

package import BioCrypto

/// What an image must be to pass (docs/reference/image-verify.md). Whatever a policy says, a layer that differs from its
/// packages, is damaged, or stands on evidence that must not be believed never passes, and neither does an image without
/// packages.
package struct TrustPolicy: Hashable, Sendable {
    /// What becomes of a layer that no origin vouches for.
    package enum Rule: String, CaseIterable, Hashable, Sendable {
        case allow
        /// It passes when a signed provenance of this image counts.
        case attested
        case refuse
    }

    /// What becomes of how the image runs, which no origin vouches for either.
    package enum ConfigurationRule: String, CaseIterable, Hashable, Sendable { case allow, attested }

    /// A key by its name, or by what it is.
    package enum KeyPin: Hashable, Sendable, CustomStringConvertible {
        case name(KeyName)
        /// 32 bytes.
        case bytes([UInt8])

        package func matches(_ key: PublicKey) -> Bool {
            switch self {
            case .name(let name): name == key.name
            case .bytes(let bytes): bytes == key.bytes
            }
        }

        package var description: String {
            switch self {
            case .name(let name): "\(name)"
            case .bytes(let bytes): bytes.withUnsafeBytes { Base64.encode($0) }
            }
        }
    }

    /// Whose packages pass; nil: everybody's whose key is in the key cache.
    package var origins: [String]?
    /// With which keys packages may be signed; nil: any of the key cache.
    package var keys: [KeyPin]?
    /// Keys that count for nothing, neither for packages nor for attestations.
    package var revoked: [KeyPin] = []
    /// How much must have been looked at.
    package var evidence = PackageEvidence.Strength.receipt
    package var configuration = ConfigurationRule.allow
    /// Of layers that bio made without packages, and of what lies beside packages in an image's only layer.
    package var root = Rule.allow
    package var foreign = Rule.refuse
    /// Of layers with packages that nothing here vouches for.
    package var unknown = Rule.refuse
    /// Whether a signed provenance that counts must be there.
    package var requiresProvenance = false
    /// Who may sign provenance; nil: who may sign packages.
    package var provenanceKeys: [KeyPin]?

    /// What counts when no policy is named.
    package init() {}
}
