// SPDX-License-Identifier: Apache-2.0

import BioCrypto
import BioHart
import BioPackage
import BioTestSupport

/// Artifacts made for one test, signed with a key of their own.
struct ArtifactFixture: ~Copyable {
    let scratch: Scratch
    let ring: KeyRing
    let pair: OriginKeyPair

    static let prefix = "hab/pkgs/core/thing/1.0/20260101000000"
    static let ident = "core/thing/1.0/20260101000000"

    init() throws {
        let scratch = try Scratch()
        let ring = KeyRing(directory: scratch.file("keys"))
        let pair = try OriginKeyPair.generate(try Origin(parsing: "core"), revision: "20260101000000")
        _ = try ring.add(pair)
        self.scratch = scratch
        self.ring = ring
        self.pair = pair
    }

    /// Signs `payload`; the path of the artifact.
    func artifact(_ payload: [UInt8], magic: String = "HART-1") throws -> String {
        let input = try scratch.write(payload, to: "payload")
        let output = scratch.file("thing.hart")
        try HartWriter.sign(input, with: pair.secretKey, magic: magic, to: output)
        return output
    }

    /// Signs a tar.
    func artifact(_ build: (inout RawTar) -> Void) throws -> String { try artifact(RawTar.archive(build)) }

    /// Adds a whole small package.
    static func package(_ tar: inout RawTar, prefix: String = prefix, ident: String = ident) {
        tar.directory(prefix + "/")
        tar.directory(prefix + "/bin/")
        tar.file(prefix + "/bin/thing", "#!/bin/sh\n", mode: 0o755)
        tar.file(prefix + "/IDENT", ident + "\n")
        tar.file(prefix + "/TARGET", "x86_64-linux\n")
    }
}
