// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import BioPackage

@Suite struct OriginTests {
    @Test(arguments: ["core", "0", "a-b_c9"])
    func takesValidNames(text: String) throws {
        #expect(try Origin(parsing: text).name == text)
    }

    @Test(arguments: [
        ("", IdentPiece.Fault.empty), ("Core", .upperCase), ("-a", .badStart), ("a/b", .slash), ("..", .character(".")),
        ("a b", .space), ("a\0", .control),
    ])
    func refusesOthers(text: String, fault: IdentPiece.Fault) {
        #expect(throws: Origin.ParseError(text: text, fault: fault)) { try Origin(parsing: text) }
    }
}
