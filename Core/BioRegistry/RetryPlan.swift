// SPDX-License-Identifier: Apache-2.0

import BioHTTP
import BioSystem
import Glibc

/// When a request is sent once more.
struct RetryPlan {
    let retries: Int
    private(set) var failures = 0

    /// A registry that wants to be left alone for longer is taken at its word: the command ends.
    static let longestWait = 120.0

    init(retries: Int, failures: Int = 0) {
        self.retries = retries
        self.failures = failures
    }

    /// Whether the status may be another one next time. Not 501, 505, 507 …: those stay.
    static func isPassing(_ status: Int) -> Bool { [408, 425, 429, 499, 500, 502, 503, 504, 522].contains(status) }

    /// Seconds to wait before the next attempt; nil when that was the last one.
    /// - Parameter asked: what the registry wants (`Retry-After`), in seconds.
    mutating func wait(_ asked: Double?) -> Double? {
        guard failures < retries else { return nil }
        // Half of it by chance: those who failed together do not come back together.
        let step = min(0.25 * Double(1 << min(failures, 7)), 30) * Double.random(in: 0.5...1)
        failures += 1
        guard let asked else { return step }
        return asked <= Self.longestWait ? max(asked, step) : nil
    }

    /// Returns early with an error when the work is cancelled.
    static func sleep(_ seconds: Double, _ cancellation: Cancellation) throws(HTTPError) {
        let end = ContinuousClock.now + .seconds(seconds)
        while ContinuousClock.now < end {
            if cancellation.isRequested { throw .cancelled }
            usleep(20_000)
        }
    }
}

/// `Retry-After` (RFC 9110, 10.2.3): seconds, or a date.
enum RetryAfter {
    /// Seconds from `now`, a time since 1970; nil for what cannot be read.
    static func seconds(_ text: String?, now: Int64 = Int64(time(nil))) -> Double? {
        guard let text, text.utf8.count <= 64 else { return nil }
        if !text.isEmpty, text.utf8.allSatisfy({ 0x30...0x39 ~= $0 }) { return Double(text) }
        return date(text).map { Double(max($0 - now, 0)) }
    }

    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    /// `Sun, 06 Nov 1994 08:49:37 GMT`, the only form that servers may write.
    private static func date(_ text: String) -> Int64? {
        let words = text.split(separator: " ")
        guard words.count == 6, words[5] == "GMT", let day = Int(words[1]), 1...31 ~= day,
            let month = months.firstIndex(of: String(words[2])), let year = Int(words[3]), 1970...9999 ~= year
        else { return nil }
        let clock = words[4].split(separator: ":").compactMap { Int($0) }
        guard clock.count == 3, 0...23 ~= clock[0], 0...59 ~= clock[1], 0...60 ~= clock[2] else { return nil }
        var parts = tm()
        parts.tm_year = CInt(year - 1900)
        parts.tm_mon = CInt(month)
        parts.tm_mday = CInt(day)
        parts.tm_hour = CInt(clock[0])
        parts.tm_min = CInt(clock[1])
        parts.tm_sec = CInt(clock[2])
        return Int64(timegm(&parts))
    }
}
