// SPDX-License-Identifier: Apache-2.0

import BioDocument
import Testing

/// When a text can stand alone, and when it needs quotes.
@Suite struct YAMLTextTests {
    @Test(arguments: ["a", "a b", "a:b", "a#b", "/hab/x", "é", "noon", "x,y"])
    func standsAlone(_ text: String) { #expect(DocumentValue.string(text).yamlText() == text + "\n") }

    @Test(arguments: [
        "", "yes", "No", "y", "NULL", "~", "12", "1.2", "-a", ".a", "a: b", "a:", "a #b", " a", "a ", "#a", "<<", "=",
        "2001-01-01", "\u{A0}\t",
        "{a", "[a", "*a", "&a", "!a", "%a", "@a", "`a", "|", ">", "'a", "\"a", "? a", "10:30",
    ])
    func isQuoted(_ text: String) {
        let written = DocumentValue.string(text).yamlText()
        #expect(written.hasPrefix("\"") && written.hasSuffix("\"\n"))
    }

    @Test(arguments: ["a \nb", "\na", " a\nb", "a\n\n", "a\r\nb", "a\n\u{1}"])
    func aBlockWouldLoseIt(_ text: String) { #expect(DocumentValue.string(text).yamlText().hasPrefix("\"")) }
}
