// SPDX-License-Identifier: Apache-2.0

import BioCrypto
import BioPackage
import BioSystem
import BioTestSupport
import Glibc
import Testing

@testable import BioHart

@Suite struct HartArchiveTests {
    private func keys() throws -> KeyRing { KeyRing(directory: try Vectors.path("keys")) }

    private func path(_ name: String) throws -> String { try Vectors.path("hart/\(name).hart") }

    @Test(arguments: [
        (
            "happyhumans-possums-8.1.4-20160427165340-x86_64-linux", "happyhumans-20160424223347",
            "0f2c5f4de145c7f78601caae9c7b8767098413d05739de913c012922b7eed760"
        ), ("core-builder-tiny-1.0.0-20170930190003-x86_64-linux", "core-20160810182414", ""),
        ("core-builder-api-only-1.0.0-20171001023721-x86_64-linux", "core-20160810182414", ""),
        ("core-cacerts-2017.01.17-20170209064044-x86_64-windows", "core-20160810182414", ""),
    ])
    func verifiesWhatTheOriginalToolsSigned(name: String, signer: String, hash: String) throws {
        let archive = try HartArchive.open(try path(name))
        let verified = try archive.verify(keys: try keys())
        #expect(verified.signer.description == signer)
        #expect(verified.payloadHash == archive.header.claimedHash)
        if !hash.isEmpty { #expect(verified.payloadHash.hex == hash) }
    }

    @Test func hashesTheWholeFile() throws {
        let path = try path("happyhumans-possums-8.1.4-20160427165340-x86_64-linux")
        let expected = "74d368d3642721b5045929845f6a1146fad50c7ecab7ab547603965e45a29a82"
        #expect(try HartArchive.digest(ofFile: path).hex == expected)
        let archive = try HartArchive.open(path)
        #expect(try archive.digest().hex == expected)
        #expect(archive.size == 1156)
    }

    @Test func refusesAnAlteredPayload() throws {
        let path = try path("unhappyhumans-possums-8.1.4-20160427165340-x86_64-linux")
        let archive = try HartArchive.open(path)
        do {
            _ = try archive.verify(keys: try keys())
            Issue.record("the altered artifact was taken")
        } catch let error as HartError {
            guard case .altered(path, let expected, let computed) = error else { throw error }
            #expect(expected.hex.hasPrefix("8805e557"))
            #expect(computed.hex.hasPrefix("813cf424"))
            #expect(error.isDistrust)
        }
    }

    @Test func refusesASignerThatIsNone() throws {
        let path = try path("bogus_and_corrupt")
        let text = "happyhumans-20160424223347-not-valid-identifier!"
        #expect(throws: HartError.signerUnreadable(path: path, text: text)) { _ = try HartArchive.open(path) }
    }

    @Test(arguments: ["0.1.3-20171205003213", "0.1.3-20171206004121", "0.1.4-20171206004139"])
    func namesTheMissingKey(release: String) throws {
        let path = try path("neurosis-testapp-\(release)-x86_64-linux")
        let archive = try HartArchive.open(path)
        #expect(try archive.payloadHash() == archive.header.claimedHash)
        let keys = try keys()
        let signer = try KeyName(parsing: "neurosis-20171205003147")
        #expect(throws: HartError.keyMissing(path: path, signer, keyPath: "\(keys.directory)/\(signer).pub")) {
            _ = try archive.verify(keys: keys)
        }
    }

    @Test func refusesEveryChangedBit() throws {
        let fixture = try ArtifactFixture()
        let path = try fixture.artifact(Array("payload".utf8))
        let bytes = try contents(of: path)
        _ = try HartArchive.open(path).verify(keys: fixture.ring)
        for place in bytes.indices {
            for bit in 0..<8 {
                var changed = bytes
                changed[place] ^= 1 << UInt8(bit)
                #expect(throws: HartError.self, "byte \(place), bit \(bit)") {
                    _ = try verify(changed, in: fixture.scratch, keys: fixture.ring)
                }
            }
        }
    }

    @Test func refusesEveryTruncation() throws {
        let fixture = try ArtifactFixture()
        let bytes = try contents(of: try fixture.artifact(Array("payload".utf8)))
        for count in bytes.indices {
            #expect(throws: HartError.self, "\(count) bytes") {
                _ = try verify(Array(bytes[..<count]), in: fixture.scratch, keys: fixture.ring)
            }
        }
    }

    /// Without the synchronising of `Scratch.write`: this is done thousands of times.
    private func verify(_ bytes: [UInt8], in scratch: borrowing Scratch, keys: KeyRing) throws -> HartArchive.Verified {
        let path = scratch.file("changed.hart")
        let file = try FileDescriptor.open(path, O_WRONLY | O_CREAT | O_TRUNC)
        try file.writeAll(bytes)
        return try HartArchive.open(path).verify(keys: keys)
    }

    @Test func refusesASignatureOfAnotherKey() throws {
        let fixture = try ArtifactFixture()
        let path = try fixture.artifact { ArtifactFixture.package(&$0) }
        let others = KeyRing(directory: fixture.scratch.file("others"))
        _ = try others.add(try OriginKeyPair.generate(try Origin(parsing: "core"), revision: "20260101000000"))
        let archive = try HartArchive.open(path)
        #expect(throws: HartError.signatureInvalid(path: path, signer: archive.header.signer)) {
            _ = try archive.verify(keys: others)
        }
    }

    @Test func refusesASignedTextThatIsNoDigest() throws {
        let fixture = try ArtifactFixture()
        let signed = fixture.pair.secretKey.sign([UInt8](repeating: 0x7A, count: 64))
        let header = HartHeader.text(magic: "HART-1", signer: fixture.pair.secretKey.name, signature: signed)
        let path = try fixture.scratch.write(header, to: "odd.hart")
        let archive = try HartArchive.open(path)
        #expect(archive.header.claimedHash == nil)
        #expect(throws: HartError.signedTextUnreadable(path: path, signer: archive.header.signer)) {
            _ = try archive.verify(keys: fixture.ring)
        }
    }

    @Test func theMagicIsNotSigned() throws {
        let fixture = try ArtifactFixture()
        let path = try fixture.artifact(RawTar.archive { ArtifactFixture.package(&$0) }, magic: "BART-1")
        let archive = try HartArchive.open(path)
        #expect(archive.header.magic == "BART-1")
        #expect(try archive.verify(keys: fixture.ring).signer == fixture.pair.publicKey.name)
    }

    @Test func reportsAnUnusableKey() throws {
        let fixture = try ArtifactFixture()
        let path = try fixture.artifact { ArtifactFixture.package(&$0) }
        let ring = KeyRing(directory: fixture.scratch.file("bad"))
        try Directory.create(ring.directory)
        let keyPath = ring.path(of: fixture.pair.publicKey.name, .signingPublic)
        try AtomicFile.write(Array("NONSENSE\n".utf8), to: keyPath)
        let fault = KeyRingError.unusable(
            path: keyPath, .wrongMagic(found: "NONSENSE", expected: ["SIG-PUB-1"]))
        #expect(throws: HartError.keyUnusable(path: path, fault)) {
            _ = try HartArchive.open(path).verify(keys: ring)
        }
    }

    @Test func opensFilesOnly() throws {
        let scratch = try Scratch()
        #expect(throws: HartError.notAFile(path: scratch.path)) { _ = try HartArchive.open(scratch.path) }
        let missing = scratch.file("none.hart")
        #expect(throws: HartError.system(SystemError("open", missing, .noSuchFile))) {
            _ = try HartArchive.open(missing)
        }
    }
}
