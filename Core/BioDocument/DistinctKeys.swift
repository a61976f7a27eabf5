// SPDX-License-Identifier: Apache-2.0

/// The keys of one table while it is read: few are compared one by one, many through a set.
struct DistinctKeys {
    private static let few = 16
    private var seen: Set<[UInt8]> = []

    /// Whether `key` is new; `members` are those whose keys were new before it.
    mutating func insert(_ key: String, among members: [DocumentObject.Member]) -> Bool {
        if members.count < Self.few { return !members.contains { $0.key.hasSameBytes(as: key) } }
        if seen.isEmpty { seen = Set(members.map { Array($0.key.utf8) }) }
        return seen.insert(Array(key.utf8)).inserted
    }
}
