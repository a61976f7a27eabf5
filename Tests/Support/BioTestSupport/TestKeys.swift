// SPDX-License-Identifier: Apache-2.0

package import BioCrypto
import BioHart
import BioPackage

/// A key ring with one fresh pair of an origin.
package struct TestKeys: Sendable {
    package let ring: KeyRing
    package let name: KeyName

    /// Makes the pair in `directory`, which is made when missing.
    package init(in directory: String, origin: String = "acme", revision: String = "20260101000000") throws {
        ring = KeyRing(directory: directory)
        let pair = try OriginKeyPair.generate(try Origin(parsing: origin), revision: revision)
        name = pair.publicKey.name
        _ = try ring.add(pair)
    }

    /// Signs `payload` (any file) into the artifact `output`.
    package func sign(_ payload: String, to output: String, magic: String = "HART-1") throws {
        try HartWriter.sign(payload, with: try ring.secretKey(name), magic: magic, to: output)
    }
}
