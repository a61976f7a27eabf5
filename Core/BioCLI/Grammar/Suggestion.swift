// SPDX-License-Identifier: Apache-2.0

/// The word somebody probably meant.
package enum Suggestion {
    /// The candidate nearest to `word`, nil when none is near: at most a third of the letters may differ, where
    /// swapping two neighbours counts once. A candidate that `word` begins wins over equal distances.
    package static func nearest(to word: String, among candidates: [String]) -> String? {
        var best: (candidate: String, distance: Int)?
        for candidate in candidates {
            // A long beginning of a longer name is as good as one slip.
            let begins = word.utf8.count >= 3 && candidate.hasPrefix(word)
            let distance = begins ? 1 : Self.distance(Array(word.utf8), Array(candidate.utf8))
            let allowed = max(1, max(word.utf8.count, candidate.utf8.count) / 3)
            if begins || distance <= allowed, distance < best?.distance ?? .max {
                best = (candidate, distance)
            }
        }
        return best?.candidate
    }

    /// Edit distance with swaps (optimal string alignment). Long words are cut: what is longer than 64 bytes is no slip.
    static func distance(_ a: [UInt8], _ b: [UInt8]) -> Int {
        guard a.count <= 64, b.count <= 64 else { return .max }
        var before: [Int] = []
        var row = Array(0...b.count)
        for i in 0..<a.count {
            var next = [i + 1]
            for j in 0..<b.count {
                var cost = min(row[j + 1] + 1, next[j] + 1, row[j] + (a[i] == b[j] ? 0 : 1))
                if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { cost = min(cost, before[j - 1] + 1) }
                next.append(cost)
            }
            before = row
            row = next
        }
        return row[b.count]
    }
}
