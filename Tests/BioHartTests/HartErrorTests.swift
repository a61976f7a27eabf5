// SPDX-License-Identifier: Apache-2.0

import BioArchive
import BioCrypto
import BioPackage
import BioSystem
import Testing

@testable import BioHart

@Suite struct HartErrorTests {
    static func everyCase() throws -> [HartError] {
        let ident = try QualifiedIdent(parsing: "core/a/1/2")
        let signer = try KeyName(parsing: "core-20160810182414")
        let digest = Digest.blake2b256(of: [])
        return [
            .notAHart(path: "x.hart"), .unsupportedFormat(path: "x.hart", found: "HART-9"),
            .headerIncomplete(path: "x.hart", line: 3), .headerLineTooLong(path: "x.hart", line: 2, limit: 4096),
            .headerNotClosed(path: "x.hart"), .signerUnreadable(path: "x.hart", text: "me"),
            .unsupportedHash(path: "x.hart", found: "MD5"), .signatureUndecodable(path: "x.hart"),
            .keyMissing(path: "x.hart", signer, keyPath: "/k/core.pub"),
            .keyUnusable(path: "x.hart", .notAFile(path: "/k/core.pub")),
            .signatureInvalid(path: "x.hart", signer: signer), .signedTextUnreadable(path: "x.hart", signer: signer),
            .signerNotOrigin(path: "x.hart", signer: signer, ident: ident),
            .altered(path: "x.hart", expected: digest, computed: digest), .payload(path: "x.hart", .truncated),
            .memberOutsidePrefix(path: "x.hart", member: [0x61]),
            .prefixKind(path: "x.hart", member: [0x61], kind: "file"),
            .namesCollide(path: "x.hart", first: [0x41], second: [0x61]),
            .badPrefix(path: "x.hart", .notQualified(text: "a/b")),
            .identMismatch(path: "x.hart", ident: ident, prefix: ident), .metafileMissing(path: "x.hart", .target),
            .metafileTwice(path: "x.hart", .ident), .metafileKind(path: "x.hart", .ident, kind: "fifo"),
            .metafileTooLarge(path: "x.hart", .ident, limit: 1),
            .metadata(path: "x.hart", .missing(.target, of: ident)),
            .inputChanged(path: "x.hart"), .notAFile(path: "x.hart"),
            .system(SystemError("open", "x.hart", .noSuchFile)),
        ]
    }

    @Test func everyTextNamesTheFileAndIsASentencePart() throws {
        for error in try Self.everyCase() {
            #expect(error.description.contains("'x.hart'"), "\(error)")
            #expect(error.description.last != ".", "\(error)")
            #expect(error.description.first?.isUppercase == false || error.description.hasPrefix("IDENT"), "\(error)")
        }
    }

    @Test func keysAndAlterationsAreMattersOfTrust() throws {
        let distrusted = try Self.everyCase().filter(\.isDistrust)
        #expect(distrusted.count == 6)
    }

    @Test func theMissingKeyIsNamedWithAWayOut() throws {
        let signer = try KeyName(parsing: "core-20160810182414")
        let error = HartError.keyMissing(path: "x.hart", signer, keyPath: "/k/core-20160810182414.pub")
        #expect(
            error.description
                == "cannot verify 'x.hart': its signer's public key 'core-20160810182414' is missing "
                + "('/k/core-20160810182414.pub')")
        #expect(error.hint == "get 'core-20160810182414.pub' from the origin and import it: bio origin key import")
    }
}
