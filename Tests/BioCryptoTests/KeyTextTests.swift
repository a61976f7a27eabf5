// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import BioCrypto

@Suite struct KeyTextTests {
    static let base64 = "vQqVVhUTW9ABKzoi9W+LP14GL2MrYRmL8FGETjwNANQ="
    static let name = "core-20160810182414"

    private func parse(_ text: String, expected: [KeyKind] = KeyKind.allCases) throws -> (KeyKind, KeyName, [UInt8]) {
        let key = try Array(text.utf8).parsedAsKey(expected: expected)
        return (key.kind, key.name, key.key.withUnsafeBytes { Array($0) })
    }

    @Test(arguments: KeyKind.allCases)
    func rendersWhatItParsed(kind: KeyKind) throws {
        let bytes = (0..<kind.byteCount).map { UInt8($0) }
        let text = "\(kind.rawValue)\n\(Self.name)\n\n\(bytes.withUnsafeBytes { Base64.encode($0) })"
        let key = try Array(text.utf8).parsedAsKey(expected: KeyKind.allCases)
        #expect(key.kind == kind)
        #expect(key.text.withUnsafeBytes { String(decoding: $0, as: UTF8.self) } == text)
    }

    @Test(arguments: [
        "SIG-PUB-1\n\(name)\n\n\(base64)", "SIG-PUB-1\n\(name)\n\n\(base64)\n",
        "SIG-PUB-1\r\n\(name)\r\n\r\n\(base64)\r\n\r\n", " SIG-PUB-1 \n\(name)\t\n  \n\(base64) \n\n",
    ])
    func toleratesBlanksAndLineEnds(text: String) throws {
        let (kind, name, bytes) = try parse(text)
        #expect(kind == .signingPublic)
        #expect(name.description == Self.name)
        #expect(bytes.count == 32 && bytes[0] == 0xBD)
    }

    struct Refusal: Sendable {
        let text: String
        let error: KeyError

        init(_ text: String, _ error: KeyError) {
            self.text = text
            self.error = error
        }
    }

    @Test(arguments: [
        Refusal("", .wrongMagic(found: "", expected: ["SIG-PUB-1"])),
        Refusal("SIG-PUB-2\n\(name)\n\n\(base64)", .wrongMagic(found: "SIG-PUB-2", expected: ["SIG-PUB-1"])),
        Refusal("BOX-PUB-1\n\(name)\n\n\(base64)", .wrongMagic(found: "BOX-PUB-1", expected: ["SIG-PUB-1"])),
        Refusal("sig-pub-1\n\(name)\n\n\(base64)", .wrongMagic(found: "sig-pub-1", expected: ["SIG-PUB-1"])),
        Refusal("SIG-PUB-1\n\(name)\n", .incomplete), Refusal("SIG-PUB-1", .incomplete),
        Refusal("SIG-PUB-1\ncore\n\n\(base64)", .badName(.noRevision(text: "core"))),
        Refusal("SIG-PUB-1\n\(name)\nx\n\(base64)", .unexpectedText(line: 3)),
        Refusal("SIG-PUB-1\n\(name)\n\n\(base64)\n\nmore\n", .unexpectedText(line: 6)),
        Refusal("SIG-PUB-1\n\(name)\n\n\(base64.dropLast())", .undecodable),
        Refusal("SIG-PUB-1\n\(name)\n\n*\(base64.dropFirst())", .undecodable),
        Refusal("SIG-PUB-1\n\(name)\n\nvQqV VhUT", .undecodable),
        Refusal("SIG-PUB-1\n\(name)\n\n", .wrongSize(found: 0, expected: 32)),
        Refusal("SIG-PUB-1\n\(name)\n\nvQqV", .wrongSize(found: 3, expected: 32)),
        Refusal("SIG-PUB-1\n\(name)\n\n\(base64)" + String(repeating: "\n", count: 4096), .tooLong(limit: 4096)),
    ])
    func refusesMalformedTexts(_ refusal: Refusal) {
        #expect(throws: refusal.error) { try parse(refusal.text, expected: [.signingPublic]) }
    }

    @Test func neverTakesRandomBytes() {
        var state: UInt64 = 0x9E37_79B9_7F4A_7C15
        for length in 0..<300 {
            let bytes = (0..<length).map { _ -> UInt8 in
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                return UInt8(truncatingIfNeeded: state >> 56)
            }
            #expect(throws: KeyError.self) { _ = try bytes.parsedAsKey(expected: KeyKind.allCases) }
        }
    }
}
