// SPDX-License-Identifier: Apache-2.0

extension String {
    /// The text with everything that could steer a terminal or turn the reading direction written as `\u{…}`. Newlines
    /// and tabs go too unless `keepingLines`.
    package func terminalSafe(keepingLines: Bool = false) -> String {
        func isUnsafe(_ scalar: Unicode.Scalar) -> Bool {
            switch scalar.value {
            case 0x09, 0x0A: !keepingLines
            case 0..<0x20, 0x7F..<0xA0, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069: true
            default: false
            }
        }
        guard unicodeScalars.contains(where: isUnsafe) else { return self }
        var result = ""
        for scalar in unicodeScalars {
            if isUnsafe(scalar) {
                result += "\\u{\(String(scalar.value, radix: 16))}"
            } else {
                result.unicodeScalars.append(scalar)
            }
        }
        return result
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
