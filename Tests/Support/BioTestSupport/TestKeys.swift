// SPDX-License-Identifier: Apache-2.0

package import BioCrypto
import BioHart
import BioPackage

/// A key ring with one fresh pair of an origin, and a pair of any other that signs.
package struct TestKeys: Sendable {
    package let ring: KeyRing
    /// The first pair's.
    package let name: KeyName

    /// Makes the pair in `directory`, which is made when missing.
    package init(in directory: String, origin: String = "acme", revision: String = "20260101000000") throws {
        ring = KeyRing(directory: directory)
        name = try Self.add(origin, revision, to: ring)
    }

    /// Signs `payload` (any file) into the artifact `output`, with the first key.
    package func sign(_ payload: String, to output: String, magic: String = "HART-1") throws {
        try HartWriter.sign(payload, with: try ring.secretKey(name), magic: magic, to: output)
    }

    /// The same with the key of `origin`, which is made when missing.
    package func sign(_ payload: String, to output: String, magic: String = "HART-1", origin: String) throws {
        let key = try KeyName(parsing: "\(origin)-\(name.revision)")
        try addKey(of: origin)
        try HartWriter.sign(payload, with: try ring.secretKey(key), magic: magic, to: output)
    }

    /// Makes the key of `origin` when it is missing.
    package func addKey(of origin: String) throws {
        let key = try KeyName(parsing: "\(origin)-\(name.revision)")
        if !(try ring.list().contains { $0.name == key }) { _ = try Self.add(origin, name.revision, to: ring) }
    }

    private static func add(_ origin: String, _ revision: String, to ring: KeyRing) throws -> KeyName {
        let pair = try OriginKeyPair.generate(try Origin(parsing: origin), revision: revision)
        let name = pair.publicKey.name
        _ = try ring.add(pair)
        return name
    }
}
