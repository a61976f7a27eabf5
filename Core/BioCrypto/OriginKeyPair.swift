// SPDX-License-Identifier: Apache-2.0

package import BioPackage
import CSodium

/// Both halves of a fresh signing key of an origin.
package struct OriginKeyPair: ~Copyable {
    package let publicKey: PublicKey
    package let secretKey: SecretKey

    /// Makes a pair of the system's randomness. `revision` is the present UTC time as `YYYYMMDDhhmmss`.
    package static func generate(_ origin: Origin, revision: String) throws(KeyError) -> OriginKeyPair {
        let name: KeyName
        do throws(KeyName.ParseError) { name = try KeyName(name: origin.name, revision: revision) } catch {
            throw .badName(error)
        }
        var publicBytes = [UInt8](repeating: 0, count: KeyKind.signingPublic.byteCount)
        let secret = try SecretBytes(capacity: KeyKind.signingSecret.byteCount) { buffer throws(KeyError) in
            guard let start = buffer.assumingMemoryBound(to: UInt8.self).baseAddress,
                bio_sign_generate(&publicBytes, start) == 0
            else { throw .noRandomness }
            return buffer.count
        }
        return OriginKeyPair(
            publicKey: PublicKey(name: name, bytes: publicBytes),
            secretKey: try SecretKey(KeyText(kind: .signingSecret, name: name, key: secret)))
    }
}
