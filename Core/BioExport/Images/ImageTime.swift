// SPDX-License-Identifier: Apache-2.0

package import BioPackage

/// When an image says it was made: a function of what is in it, never of a clock.
package enum ImageTime {
    /// The newest release of `packages`, whose releases are times in UTC (`YYYYMMDDhhmmss`), in seconds since 1970;
    /// second 1 when none is a time.
    package static func newest(of packages: [QualifiedIdent]) -> Int64 {
        packages.compactMap { seconds(ofRelease: $0.release) }.max() ?? 1
    }

    /// Nil when `release` is no time.
    static func seconds(ofRelease release: String) -> Int64? {
        let digits = Array(release.utf8)
        guard digits.count == 14, digits.allSatisfy({ 0x30...0x39 ~= $0 }) else { return nil }
        func number(_ range: Range<Int>) -> Int { digits[range].reduce(0) { $0 * 10 + Int($1 - 0x30) } }
        let (year, month, day) = (number(0..<4), number(4..<6), number(6..<8))
        let (hour, minute, second) = (number(8..<10), number(10..<12), number(12..<14))
        guard year >= 1970, 1...12 ~= month, 1...31 ~= day, hour < 24, minute < 60, second < 60 else { return nil }
        return Int64(days(year, month, day)) * 86_400 + Int64(hour * 3600 + minute * 60 + second)
    }

    /// RFC 3339, in UTC: `2026-01-02T03:04:05Z`.
    package static func text(_ seconds: Int64) -> String {
        let (day, rest) = (Int(seconds / 86_400), Int(seconds % 86_400))
        var year = 1970 + day / 366
        while days(year + 1, 1, 1) <= day { year += 1 }
        var month = 1
        while month < 12 && days(year, month + 1, 1) <= day { month += 1 }
        func digits(_ number: Int, _ count: Int = 2) -> String {
            let text = String(number)
            return String(repeating: "0", count: max(0, count - text.utf8.count)) + text
        }
        return "\(digits(year, 4))-\(digits(month))-\(digits(day - days(year, month, 1) + 1))T"
            + "\(digits(rest / 3600)):\(digits(rest / 60 % 60)):\(digits(rest % 60))Z"
    }

    /// Days since 1970 of a date of the Gregorian calendar.
    private static func days(_ year: Int, _ month: Int, _ day: Int) -> Int {
        // Years begin in March here, so that the leap day is the last of one.
        let shifted = month <= 2 ? year - 1 : year
        let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
        return shifted * 365 + shifted / 4 - shifted / 100 + shifted / 400 + dayOfYear - 719_468
    }
}
