// SPDX-License-Identifier: Apache-2.0

extension StringProtocol {
    /// This text as a part of a message: what could drive a terminal or turn its lines around is written as `\u{…}`, and
    /// of more than `limit` characters the beginning is shown.
    package func messageText(limit: Int = .max) -> String {
        var text = ""
        var count = 0
        for scalar in unicodeScalars {
            if count == limit { return text + "…" }
            count += 1
            if scalar.drivesTerminal {
                text += "\\u{\(String(scalar.value, radix: 16))}"
            } else {
                text.unicodeScalars.append(scalar)
            }
        }
        return text
    }
}

extension Unicode.Scalar {
    /// Not to be shown as it is: control characters, line breaks, and invisible ones that change what stands around them.
    package var drivesTerminal: Bool {
        switch properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator: true
        default: false
        }
    }
}
