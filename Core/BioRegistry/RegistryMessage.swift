// SPDX-License-Identifier: Apache-2.0

import BioDocument

/// What registries say in words (distribution-spec 1.1, "Error codes").
struct RegistryMessage: Hashable {
    /// `MANIFEST_UNKNOWN`; letters and `_` only.
    let code: String?
    /// One line, bounded, that cannot drive a terminal.
    let text: String

    private static let lengthLimit = 300

    /// Of the body of an answer that says no: `{"errors": [{"code", "message", "detail"}]}`, or plain text.
    init(_ body: [UInt8]) {
        let document = try? DocumentValue(json: body, maximumDepth: 32)
        let first = document?["errors"]?.array?.first
        let isCode: (UInt8) -> Bool = { 0x41...0x5A ~= $0 || 0x30...0x39 ~= $0 || $0 == 0x5F }
        code = first?["code"]?.string.flatMap {
            $0.utf8.count <= 64 && $0.utf8.allSatisfy(isCode) && !$0.isEmpty ? $0 : nil
        }
        let said = first?["message"]?.string ?? document?["message"]?.string ?? document?["details"]?.string
        if let said {
            text = Self.printable(said)
        } else if document == nil, body.first != UInt8(ascii: "<") {
            // A page for browsers says nothing that a line could hold.
            text = Self.printable(String(decoding: body.prefix(Self.lengthLimit), as: UTF8.self))
        } else {
            text = ""
        }
    }

    static func printable(_ text: String) -> String {
        let kept = text.unicodeScalars.prefix(lengthLimit).map { scalar -> Character in
            isShown(scalar) ? Character(scalar) : " "
        }
        var line = String(kept)
        while line.last == " " || line.last == "." { line.removeLast() }
        return String(line.drop { $0 == " " })
    }

    /// No control characters, and none that change the direction of what is around them.
    private static func isShown(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate, .unassigned: false
        default: true
        }
    }
}
