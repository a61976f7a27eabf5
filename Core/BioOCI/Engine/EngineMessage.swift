// SPDX-License-Identifier: Apache-2.0

import BioDocument

/// What engines say in words.
enum EngineMessage {
    private static let lengthLimit = 500

    /// The reason in the body of a response that says no: `{"message": …}`, or plain text.
    static func text(of body: [UInt8]) -> String {
        let document = try? DocumentValue(json: body)
        return printable(document?["message"]?.string ?? String(decoding: body.prefix(lengthLimit), as: UTF8.self))
    }

    /// One line, bounded, that cannot drive a terminal.
    static func printable(_ text: String) -> String {
        let kept = text.unicodeScalars.prefix(lengthLimit).map { scalar -> Character in
            scalar.value < 0x20 || 0x7F..<0xA0 ~= scalar.value ? " " : Character(scalar)
        }
        var line = String(kept)
        while line.last == " " || line.last == "." { line.removeLast() }
        return line
    }
}
