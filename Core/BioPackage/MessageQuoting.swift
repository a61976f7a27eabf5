// SPDX-License-Identifier: Apache-2.0

extension StringProtocol {
    /// This text in 'quotes' for a message: control characters, which could steer a terminal, are written as `\u{…}`,
    /// and of a very long text only the beginning is shown.
    package var quoted: String {
        let limit = 200
        var text = "'"
        var count = 0
        for scalar in unicodeScalars {
            if count == limit { return text + "…'" }
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate:
                text += "\\u{\(String(scalar.value, radix: 16))}"
            default:
                text.unicodeScalars.append(scalar)
            }
            count += 1
        }
        return text + "'"
    }
}

extension Sequence where Element == UInt8 {
    /// These bytes as text in 'quotes' for a message; what is not UTF-8 is replaced.
    package var quoted: String { String(decoding: Array(self), as: UTF8.self).quoted }
}
