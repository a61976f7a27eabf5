// SPDX-License-Identifier: Apache-2.0

import BioCrypto
import BioSystem
import BioTestSupport
import Testing

@testable import BioHart

@Suite struct HartHeaderTests {
    static let signature = [UInt8](repeating: 0x61, count: 128).withUnsafeBytes { Base64.encode($0) }
    static let signer = "core-20160810182414"

    private func parse(_ text: String) throws -> HartHeader {
        try HartHeader(parsing: Array(text.utf8)[...], path: "x.hart")
    }

    @Test func readsTheFiveLines() throws {
        let header = try parse("HART-1\n\(Self.signer)\nBLAKE2b\n\(Self.signature)\n\npayload")
        #expect(header.magic == "HART-1")
        #expect(header.signer.description == Self.signer)
        #expect(header.hashType == "BLAKE2b")
        #expect(header.signature.count == 128)
        #expect(header.signatureText == Self.signature)
        #expect(header.payloadOffset == 7 + 20 + 8 + 173 + 1)
        #expect(header.claimedHash?.hex == String(repeating: "a", count: 64))
    }

    @Test(arguments: [
        "BART-1\n\(signer)\nBLAKE2b\n\(signature)\n\n", "HART-1\r\n\(signer)\r\nBLAKE2b\r\n\(signature)\r\n\r\n",
        "HART-1  \n \(signer)\nBLAKE2b\t\n\(signature) \n  \n",
    ])
    func toleratesOtherSpellings(text: String) throws {
        #expect(try parse(text + "payload").payloadOffset == Int64(text.utf8.count))
    }

    struct Refusal: Sendable, CustomTestStringConvertible {
        let text: String
        let error: HartError

        init(_ text: String, _ error: HartError) {
            self.text = text
            self.error = error
        }

        var testDescription: String { error.description }
    }

    static let refusals = [
        Refusal("", .notAHart(path: "x.hart")), Refusal("\n\n\n\n\n", .notAHart(path: "x.hart")),
        Refusal("\u{7F}ELF\u{2}\u{1}", .notAHart(path: "x.hart")), Refusal("HART-1", .notAHart(path: "x.hart")),
        Refusal("hello\n", .notAHart(path: "x.hart")), Refusal("HART\n", .notAHart(path: "x.hart")),
        Refusal("HART-2\n", .unsupportedFormat(path: "x.hart", found: "HART-2")),
        Refusal("HART-1x\n", .unsupportedFormat(path: "x.hart", found: "HART-1x")),
        Refusal("HART-1\n", .headerIncomplete(path: "x.hart", line: 2)),
        Refusal("HART-1\n\(signer)", .headerIncomplete(path: "x.hart", line: 2)),
        Refusal("HART-1\n\(signer)\n", .headerIncomplete(path: "x.hart", line: 3)),
        Refusal("HART-1\n\(signer)\nBLAKE2b\n\(signature)", .headerIncomplete(path: "x.hart", line: 4)),
        Refusal("HART-1\n\(signer)\nBLAKE2b\n\(signature)\n", .headerIncomplete(path: "x.hart", line: 5)),
        Refusal("HART-1\n\n", .signerUnreadable(path: "x.hart", text: "")),
        Refusal("HART-1\ncore\n", .signerUnreadable(path: "x.hart", text: "core")),
        Refusal(
            "HART-1\n../k-20160810182414\n", .signerUnreadable(path: "x.hart", text: "../k-20160810182414")),
        Refusal("HART-1\n\(signer)\nSHA1\n", .unsupportedHash(path: "x.hart", found: "SHA1")),
        Refusal("HART-1\n\(signer)\nBLAKE2b\n?\n\n", .signatureUndecodable(path: "x.hart")),
        Refusal("HART-1\n\(signer)\nBLAKE2b\nvQqV\n\n", .signatureUndecodable(path: "x.hart")),
        Refusal("HART-1\n\(signer)\nBLAKE2b\nAAAA\(signature)\n\n", .signatureUndecodable(path: "x.hart")),
        Refusal("HART-1\n\(signer)\nBLAKE2b\n\(signature)\nx\n", .headerNotClosed(path: "x.hart")),
        Refusal(
            "HART-1\n" + String(repeating: "x", count: 5000) + "\n",
            .headerLineTooLong(path: "x.hart", line: 2, limit: 4096)),
    ]

    @Test(arguments: refusals)
    func refusesWhatIsNoHeader(_ refusal: Refusal) {
        #expect(throws: refusal.error) { try parse(refusal.text) }
    }

    @Test func readsBoundedlyFromFiles() throws {
        let scratch = try Scratch()
        let path = try scratch.write(Array("HART-1\n".utf8) + [UInt8](repeating: 0x61, count: 1 << 20), to: "long")
        let file = try FileDescriptor.open(path)
        #expect(throws: HartError.headerLineTooLong(path: path, line: 2, limit: 4096)) {
            try HartHeader(reading: file, path: path)
        }
    }

    @Test func readsTheVector() throws {
        let path = try Vectors.path("hart/happyhumans-possums-8.1.4-20160427165340-x86_64-linux.hart")
        let header = try HartHeader(reading: try FileDescriptor.open(path), path: path)
        #expect(header.payloadOffset == 216)
        #expect(header.signer.description == "happyhumans-20160424223347")
        #expect(header.claimedHash?.hex == "0f2c5f4de145c7f78601caae9c7b8767098413d05739de913c012922b7eed760")
    }

    @Test func writesWhatItReads() throws {
        let header = try parse("HART-1\n\(Self.signer)\nBLAKE2b\n\(Self.signature)\n\n")
        let text = HartHeader.text(magic: header.magic, signer: header.signer, signature: header.signature)
        #expect(try HartHeader(parsing: text[...], path: "x.hart") == header)
    }
}
