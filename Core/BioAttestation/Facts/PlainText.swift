// SPDX-License-Identifier: Apache-2.0

/// Foreign text in documents that people look at.
enum PlainText {
    /// Whether it shows itself and nothing else: no control character, and none that turns the text around it.
    static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate: false
        default: true
        }
    }
}
