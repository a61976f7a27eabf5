// SPDX-License-Identifier: Apache-2.0

/// The age of versions as Habitat's `version_sort` tells it.
///
/// A version is a run of digits and dots, found wherever it first occurs, and an extension after it. The numbers
/// decide; on a tie the version without extension is the newer one, and two extensions compare byte by byte. So
/// `1.0.2t` is older than `1.0.2`, and `1.0.0-10` is older than `1.0.0-2`.
package enum VersionOrder {
    /// Two versions whose age cannot be told.
    package struct Undecidable: Error, Hashable, Sendable, CustomStringConvertible {
        package let left: String
        package let right: String
        /// The version that could not be read as far as needed.
        package let culprit: String

        package var description: String {
            "versions \(left.quoted) and \(right.quoted) cannot be compared: \(culprit.quoted) is not a dotted number"
        }
    }

    /// How the age of `left` stands to that of `right`; throws where upstream gives up: a version without any digit or
    /// dot, or a number that is empty or beyond 64 bits and is needed for the decision.
    package static func compare(_ left: String, _ right: String) throws(Undecidable) -> Ordering {
        guard let a = Parts(left) else { throw Undecidable(left: left, right: right, culprit: left) }
        guard let b = Parts(right) else { throw Undecidable(left: left, right: right, culprit: right) }
        for index in 0..<max(a.numbers.count, b.numbers.count) {
            guard let x = a.value(at: index) else { throw Undecidable(left: left, right: right, culprit: left) }
            guard let y = b.value(at: index) else { throw Undecidable(left: left, right: right, culprit: right) }
            if x != y { return Ordering(x, y) }
        }
        return a.compareExtension(b)
    }

    /// The same order carried on to every pair of texts, so that sorting by it has one answer: it agrees with
    /// `compare` wherever that decides. Numbers beyond 64 bits compare as numbers, an empty number comes before zero,
    /// and a version without digit and dot before all others (among themselves in byte order).
    package static func total(_ left: String, _ right: String) -> Ordering {
        switch (Parts(left), Parts(right)) {
        case (nil, nil): return Ordering(left, right)
        case (nil, _): return .less
        case (_, nil): return .greater
        case (let a?, let b?):
            for index in 0..<max(a.numbers.count, b.numbers.count) {
                let order = Parts.compareDigits(a.digits(at: index), b.digits(at: index))
                if order != .equal { return order }
            }
            return a.compareExtension(b)
        }
    }
}

extension VersionOrder {
    /// A version taken apart.
    private struct Parts {
        /// The elements between the dots, unread.
        let numbers: [Substring.UTF8View]
        let suffix: Substring.UTF8View?

        /// nil when there is neither digit nor dot.
        init?(_ version: String) {
            func numeric(_ byte: UInt8) -> Bool {
                byte == UInt8(ascii: ".") || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
            }
            guard let start = version.utf8.firstIndex(where: numeric) else { return nil }
            let tail = Substring(version).utf8[start...]
            let end = tail.firstIndex { !numeric($0) } ?? tail.endIndex
            numbers = tail[..<end].split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
            var suffix = tail[end...]
            // A lone dash stays.
            if suffix.first == UInt8(ascii: "-") && suffix.dropFirst().first != nil { suffix = suffix.dropFirst() }
            self.suffix = suffix.isEmpty ? nil : suffix
        }

        /// The number at `index`, 0 past the end, nil when it is empty or does not fit.
        func value(at index: Int) -> UInt64? {
            index < numbers.count ? UInt64(Substring(numbers[index])) : 0
        }

        /// The digits at `index` without leading zeros (so zero is empty text), also past the end; nil for an empty
        /// element.
        func digits(at index: Int) -> Substring.UTF8View? {
            guard index < numbers.count else { return Substring("").utf8 }
            if numbers[index].isEmpty { return nil }
            return numbers[index].drop { $0 == UInt8(ascii: "0") }
        }

        static func compareDigits(_ left: Substring.UTF8View?, _ right: Substring.UTF8View?) -> Ordering {
            guard let left, let right else { return Ordering(left == nil ? 0 : 1, right == nil ? 0 : 1) }
            return Ordering(left.count, right.count).then(VersionOrder.bytes(left, right))
        }

        func compareExtension(_ other: Parts) -> Ordering {
            switch (suffix, other.suffix) {
            case (nil, nil): .equal
            case (nil, _): .greater
            case (_, nil): .less
            case (let a?, let b?): VersionOrder.bytes(a, b)
            }
        }
    }

    private static func bytes(_ left: Substring.UTF8View, _ right: Substring.UTF8View) -> Ordering {
        if left.lexicographicallyPrecedes(right) { return .less }
        return right.lexicographicallyPrecedes(left) ? .greater : .equal
    }
}
