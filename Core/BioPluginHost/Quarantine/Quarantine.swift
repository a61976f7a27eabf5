// SPDX-License-Identifier: Apache-2.0

package import BioCrypto

/// Which plugins are kept from running because they crashed too often: three times within a day, for a week. It is about
/// the very bytes of a library and one version of `bio`, so that what was mended is tried at once.
package struct Quarantine: Hashable, Sendable {
    package static let limit = 3
    /// Within which so many crashes count, in seconds.
    package static let window: Int64 = 24 * 3600
    /// How long it lasts from the last of them on, in seconds.
    package static let duration: Int64 = 7 * 24 * 3600

    private let records: [CrashRecord]
    private let host: String
    private let now: Int64

    package static let none = Quarantine([], host: "", now: 0)

    /// `host` is the version of this `bio`; `now` is in seconds since 1970.
    package init(_ records: [CrashRecord], host: String, now: Int64) {
        self.records = records.filter { $0.host == host && Self.mayMatter($0, at: now) }
        self.host = host
        self.now = now
    }

    /// Whether a crash can still be a reason. One that lies ahead is of a clock that was wrong.
    static func mayMatter(_ record: CrashRecord, at now: Int64) -> Bool {
        record.time <= now && record.time > now - duration
    }

    /// Why a plugin is kept from running, and how long.
    package struct Hold: Hashable, Sendable {
        package let count: Int
        /// How the last one ended.
        package let how: String
        /// Seconds since 1970.
        package let until: Int64
    }

    /// Whether its library must be known by its digest: it has as many crashes as it takes.
    package func isSuspect(_ id: String) -> Bool { records.count { $0.id == id } >= Self.limit }

    /// What keeps these bytes of a plugin from running; nil when nothing does.
    package func hold(_ id: String, library: Digest) -> Hold? {
        let times = records.filter { $0.id == id && $0.library == library }.sorted { $0.time < $1.time }
        guard let last = times.last, times.count >= Self.limit else { return nil }
        for first in times.indices.dropLast(Self.limit - 1).reversed() {
            let end = times[first + Self.limit - 1]
            guard end.time - times[first].time <= Self.window, end.time > now - Self.duration else { continue }
            return Hold(count: times.count, how: last.how, until: end.time + Self.duration)
        }
        return nil
    }

    /// How often a plugin has crashed within a day, whatever its bytes were.
    package func crashes(of id: String) -> Int { records.count { $0.id == id && $0.time > now - Self.window } }
}
