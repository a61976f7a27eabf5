// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import BioAttestation

@Suite struct PlainTextTests {
    @Test func whatSteersIsNotPrintable() {
        for scalar in "\u{0}\u{1B}\u{7F}\u{85}\u{200B}\u{202E}\u{2028}\u{FEFF}".unicodeScalars {
            #expect(!PlainText.isPrintable(scalar), "\(scalar.value)")
        }
        for scalar in " aé–漢😀".unicodeScalars { #expect(PlainText.isPrintable(scalar), "\(scalar.value)") }
    }
}
