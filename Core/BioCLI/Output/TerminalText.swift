// SPDX-License-Identifier: Apache-2.0

extension String {
    /// The text with everything that could steer a terminal or turn the reading direction written as `\u{…}`. Newlines
    /// and tabs go too unless `keepingLines`.
    package func terminalSafe(keepingLines: Bool = false) -> String {
        replacingUnsafe(keepingLines: keepingLines) { "\\u{\(String($0.value, radix: 16))}" }
    }

    /// The same of a JSON document, which stays one: escapes as JSON has them, and its lines.
    var terminalSafeJSON: String {
        replacingUnsafe(keepingLines: true) { scalar in
            scalar.utf16.map { unit in
                let digits = String(unit, radix: 16)
                return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            }.joined()
        }
    }

    private func replacingUnsafe(keepingLines: Bool, _ replacement: (Unicode.Scalar) -> String) -> String {
        func isUnsafe(_ scalar: Unicode.Scalar) -> Bool {
            switch scalar.value {
            case 0x09, 0x0A: !keepingLines
            case 0..<0x20, 0x7F..<0xA0, 0x061C, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069: true
            // What nobody sees makes two names look the same.
            case 0x200B, 0x2060...0x2064, 0xFEFF, 0xE0000...0xE007F: true
            default: false
            }
        }
        guard unicodeScalars.contains(where: isUnsafe) else { return self }
        var result = ""
        for scalar in unicodeScalars {
            if isUnsafe(scalar) {
                result += replacement(scalar)
            } else {
                result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}

extension String {
    /// How many columns of a terminal the text takes: none for what is put onto the letter before, two for the wide
    /// letters of East Asia and for pictures (Unicode Standard Annex 11, by blocks).
    var columns: Int { unicodeScalars.reduce(0) { $0 + $1.columns } }

    /// The beginning that fits into that many columns.
    func cut(toColumns limit: Int) -> String {
        var result = String.UnicodeScalarView()
        var used = 0
        for scalar in unicodeScalars {
            used += scalar.columns
            if used > limit { break }
            result.append(scalar)
        }
        return String(result)
    }
}

extension Unicode.Scalar {
    fileprivate var columns: Int {
        switch properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format: return 0
        default: break
        }
        return switch value {
        case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF,
            0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F680...0x1F6FF, 0x1F900...0x1FAFF,
            0x20000...0x3FFFD:
            2
        default: 1
        }
    }
}

/// Sizes for people.
package enum ByteCount {
    /// `512 B`, `1.5 KiB`, `12.0 MiB`, `3.2 GiB`
    package static func text(_ bytes: Int64) -> String {
        let units = ["KiB", "MiB", "GiB", "TiB"]
        guard bytes >= 1024 else { return "\(bytes) B" }
        var scale: Int64 = 1024
        var unit = 0
        while unit < units.count - 1, bytes / scale >= 1024 {
            scale *= 1024
            unit += 1
        }
        // Tenths by whole numbers, rounded down: a size is never shown larger than it is.
        let tenths = bytes / scale * 10 + bytes % scale * 10 / scale
        return "\(tenths / 10).\(tenths % 10) \(units[unit])"
    }
}
