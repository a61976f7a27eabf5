// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import BioPackage

@Suite struct IdentPieceTests {
    @Test(arguments: [IdentPiece.origin, .name, .version, .release])
    func onlyPrintableASCIIPasses(piece: IdentPiece) {
        for byte in UInt8.min...UInt8.max {
            let text = "a" + String(UnicodeScalar(byte))
            guard piece.fault(in: text) == nil else { continue }
            #expect((0x21...0x7E).contains(byte) && byte != UInt8(ascii: "/"))
        }
    }

    @Test func versionsMayHoldWhatVersionsHold() {
        #expect(IdentPiece.version.fault(in: "2:1.0+dfsg-1~deb12u1") == nil)
    }

    @Test func faultsEndASentence() {
        #expect(IdentPiece.Fault.tooLong.description == "is longer than 255 bytes")
        #expect(IdentPiece.Fault.character("@").description == "has the character '@'")
    }

    /// The rules are there twice, once to find a fault and once to find that there is none.
    @Test(arguments: [IdentPiece.origin, .name, .version, .release])
    func acceptsWhatHasNoFault(piece: IdentPiece) {
        var texts = ["", "a", String(repeating: "a", count: 255), String(repeating: "a", count: 256)]
        for byte in UInt8(0)..<0x80 {
            let letter = String(UnicodeScalar(byte))
            texts += [letter, letter + "a", "a" + letter, "a" + letter + "0"]
        }
        texts += ["é", "aé", "a\u{7F}"]
        for text in texts {
            #expect(
                piece.accepts(Array(text.utf8)) == (piece.fault(in: text) == nil), "\(piece) \(text.debugDescription)")
        }
    }
}
