// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Times as text.
package enum Timestamp {
    /// `YYYY-MM-DD` in UTC.
    static func day(_ seconds: Int64) -> String {
        let text = release(seconds)
        return "\(text.prefix(4))-\(text.dropFirst(4).prefix(2))-\(text.dropFirst(6).prefix(2))"
    }

    /// As Habitat writes them, `YYYYMMDDhhmmss` in UTC: the revision of a key, the release of a package. `seconds` count
    /// from 1970.
    package static func release(_ seconds: Int64) -> String {
        var time = time_t(seconds)
        var parts = tm()
        gmtime_r(&time, &parts)
        func digits(_ value: CInt, _ count: Int) -> String {
            let text = String(value)
            return String(repeating: "0", count: max(0, count - text.utf8.count)) + text
        }
        return digits(parts.tm_year + 1900, 4) + digits(parts.tm_mon + 1, 2) + digits(parts.tm_mday, 2)
            + digits(parts.tm_hour, 2) + digits(parts.tm_min, 2) + digits(parts.tm_sec, 2)
    }
}
