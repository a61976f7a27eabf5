// SPDX-License-Identifier: Apache-2.0

import BioSystem
import BioTestSupport
import Testing

@testable import BioCrypto

@Suite struct RingKeyTests {
    @Test func theNewestOfARingIsExported() throws {
        let scratch = try Scratch()
        let ring = KeyRing(directory: scratch.file("keys"))
        for text in ["east-20260101000000", "east-20260301000000", "east-side-20260401000000"] {
            let file = try ring.add(try RingKey.generate(try KeyName(parsing: text)))
            #expect(file.kind == .symmetric)
            #expect(try FileStatus.of(file.path)?.mode == 0o400)
        }
        let text = try ring.export(ring: "east").withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
        #expect(text.hasPrefix("SYM-SEC-1\neast-20260301000000\n\n") && !text.hasSuffix("\n"))
        #expect(throws: KeyRingError.noKey(name: "west", .symmetric, directory: ring.directory)) {
            _ = try ring.export(ring: "west")
        }
    }

    @Test func importTakesOnlyTheKindsThatAreWanted() throws {
        let scratch = try Scratch()
        let ring = KeyRing(directory: scratch.file("keys"))
        let text = try contents(of: try Vectors.path("keys/ring-key-valid-20160504220722.sym.key"))
        #expect(try ring.import(text, kinds: [.symmetric]).name.name == "ring-key-valid")
        let other = try contents(of: try Vectors.path("keys/origin-key-valid-20160509190508.pub"))
        #expect(
            throws: KeyRingError.importRefused(.wrongMagic(found: "SIG-PUB-1", expected: ["SYM-SEC-1"]))
        ) { try ring.import(other, kinds: [.symmetric]) }
        let bad = try contents(of: try Vectors.path("keys/ring-key-invalid-version-20160504221247.sym.key"))
        #expect(throws: KeyRingError.self) { try ring.import(bad) }
    }

    /// Keys of users and services, as the original tools made them.
    @Test(arguments: [
        ("ruby-rhod-20200813204159", KeyKind.boxPublic), ("ruby-rhod-20200813204159", .boxSecret),
        ("fhloston-paradise-20200813211603", .boxPublic), ("fhloston-paradise-20200813211603", .boxSecret),
        ("service-key-valid.default@acme-20160509181736", .boxPublic),
        ("service-key-valid.default@acme-20160509181736", .boxSecret),
    ])
    func readsEveryKindOfRealKey(name: String, kind: KeyKind) throws {
        let scratch = try Scratch()
        let ring = KeyRing(directory: scratch.file("keys"))
        let original = try contents(of: try Vectors.path("keys/\(name).\(kind.fileExtension)"))
        let file = try ring.import(original)
        #expect(file.kind == kind && file.name.description == name)
        #expect(try FileStatus.of(file.path)?.mode == (kind.isSecret ? 0o400 : 0o444))
        #expect(try ring.import(original) == file)
    }
}
