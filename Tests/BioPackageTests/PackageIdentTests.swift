// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import BioPackage

@Suite struct PackageIdentTests {
    @Test(arguments: [
        "core/redis", "core/redis/4.0.14", "core/redis/4.0.14/20200319232130", "0a/x", "a_b-c/Some_Name-2/v1+b~1/r",
        "core/-x/1/1",
    ])
    func rendersWhatItParsed(text: String) throws {
        #expect(try PackageIdent(parsing: text).description == text)
    }

    @Test func givesItsPieces() throws {
        let ident = try PackageIdent(parsing: "core/redis/4.0.14")
        #expect(ident.origin == "core")
        #expect(ident.name == "redis")
        #expect(ident.version == "4.0.14")
        #expect(ident.release == nil)
        #expect(!ident.isQualified)
        #expect(try PackageIdent(parsing: "a/b/c/d").isQualified)
        #expect(ident.unversioned.description == "core/redis")
    }

    @Test(arguments: [("", 1), ("redis", 1), ("a/b/c/d/e", 5), ("a/b/c/d/", 5), ("a/b/c/d/e/f/g", 7)])
    func refusesOtherCountsOfPieces(text: String, found: Int) {
        #expect(throws: PackageIdent.ParseError.pieceCount(text: text, found: found)) {
            try PackageIdent(parsing: text)
        }
    }

    struct Refusal: Sendable {
        let text: String
        let piece: IdentPiece
        let fault: IdentPiece.Fault

        init(_ text: String, _ piece: IdentPiece, _ fault: IdentPiece.Fault) {
            self.text = text
            self.piece = piece
            self.fault = fault
        }
    }

    @Test(arguments: [
        // Empty pieces.
        Refusal("/", .origin, .empty), Refusal("core/", .name, .empty), Refusal("/x", .origin, .empty),
        Refusal("core//1", .name, .empty), Refusal("core/x//1", .version, .empty), Refusal("a/b/c/", .release, .empty),
        // Dots.
        Refusal("../x", .origin, .character(".")), Refusal("core/..", .name, .character(".")),
        Refusal("core/x/..", .version, .leadingDot), Refusal("core/x/1/..", .release, .leadingDot),
        Refusal("core/x/.", .version, .leadingDot), Refusal("core/x/.hidden/1", .version, .leadingDot),
        // NUL, control characters, white space.
        Refusal("co\0re/x", .origin, .control), Refusal("core/x\0", .name, .control),
        Refusal("core/x/1\u{1B}[2J", .version, .control), Refusal("core/x/1/1\u{7F}", .release, .control),
        Refusal(" core/x", .origin, .space), Refusal("core/x\n", .name, .space),
        Refusal("core/x/1 2", .version, .space),
        Refusal("core/x/1/1\r\n", .release, .space), Refusal("core/x/1/\t", .release, .space),
        // Origins and names.
        Refusal("Core/x", .origin, .upperCase), Refusal("coRe/x", .origin, .upperCase),
        Refusal("-core/x", .origin, .badStart), Refusal("_core/x", .origin, .badStart),
        Refusal("co.re/x", .origin, .character(".")), Refusal("core/x.y", .name, .character(".")),
        Refusal("core/x@y", .name, .character("@")),
        // Beyond ASCII.
        Refusal("köre/x", .origin, .notASCII), Refusal("core/x/1\u{202E}", .version, .notASCII),
    ])
    func refusesWhatCannotBeAPathComponent(_ refusal: Refusal) {
        do {
            _ = try PackageIdent(parsing: refusal.text)
            Issue.record("'\(refusal.text)' was taken")
        } catch {
            guard case .piece(let piece, _, let text, let fault) = error else {
                Issue.record("another error: \(error)")
                return
            }
            #expect(piece == refusal.piece)
            #expect(fault == refusal.fault)
            #expect(text == refusal.text)
        }
    }

    @Test func limitsPiecesTo255Bytes() throws {
        let longest = String(repeating: "a", count: 255)
        _ = try PackageIdent(parsing: "\(longest)/\(longest)/\(longest)/\(longest)")
        for text in ["\(longest)a/x", "core/\(longest)a", "core/x/\(longest)a", "core/x/1/\(longest)a"] {
            #expect(throws: PackageIdent.ParseError.self) { try PackageIdent(parsing: text) }
        }
    }

    @Test func explainsRefusals() {
        #expect(
            message("Core/x") == "'Core/x' is not a package ident: the origin 'Core' has an upper-case letter")
        #expect(message("core//1") == "'core//1' is not a package ident: the name '' is empty")
        #expect(message("redis") == "'redis' is not a package ident: it has 1 piece")
        #expect(
            message("a/b/\u{1B}[2J")
                == #"'a/b/\u{1b}[2J' is not a package ident: the version '\u{1b}[2J' has a control character"#)
    }

    private func message(_ text: String) -> String {
        do {
            _ = try PackageIdent(parsing: text)
            return "no error"
        } catch { return error.description }
    }
}
