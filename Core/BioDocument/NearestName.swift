// SPDX-License-Identifier: Apache-2.0

/// The name somebody probably meant: of a key, a command, a variable.
package enum NearestName {
    /// The candidate nearest to `name`, nil when none is near: at most a third of the letters may differ, where
    /// swapping two neighbours counts once and case not at all. A candidate that `name` begins is one slip away. The
    /// first of equals wins.
    package static func of(_ name: String, among candidates: [String]) -> String? {
        var best: (name: String, slips: Int)?
        for candidate in candidates where !candidate.hasSameBytes(as: name) {
            // A long beginning of a longer name is as good as one slip.
            let begins = name.utf8.count >= 3 && candidate.hasPrefix(name)
            let slips = begins ? 1 : Self.slips(Array(name.utf8), Array(candidate.utf8))
            let allowed = max(1, max(name.utf8.count, candidate.utf8.count) / 3)
            if begins || slips <= allowed, slips < best?.slips ?? .max { best = (candidate, slips) }
        }
        return best?.name
    }

    /// Edit distance with swaps (optimal string alignment), at least 1. What is longer than 64 bytes is no slip.
    static func slips(_ a: [UInt8], _ b: [UInt8]) -> Int {
        guard a.count <= 64, b.count <= 64 else { return .max }
        let (left, right) = (a.map(fold), b.map(fold))
        var before: [Int] = []
        var row = Array(0...right.count)
        for i in left.indices {
            var next = [i + 1]
            for j in right.indices {
                var cost = min(row[j + 1] + 1, next[j] + 1, row[j] + (left[i] == right[j] ? 0 : 1))
                if i > 0, j > 0, left[i] == right[j - 1], left[i - 1] == right[j] {
                    cost = min(cost, before[j - 1] + 1)
                }
                next.append(cost)
            }
            (before, row) = (row, next)
        }
        return max(1, row[right.count])
    }

    private static func fold(_ byte: UInt8) -> UInt8 {
        byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z") ? byte | 0x20 : byte
    }
}
