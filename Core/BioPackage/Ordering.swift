// SPDX-License-Identifier: Apache-2.0

/// How one value stands to another.
package enum Ordering: Hashable, Sendable {
    case less, equal, greater

    /// How `left` stands to `right`.
    package init<Value: Comparable>(_ left: Value, _ right: Value) {
        self = left < right ? .less : left == right ? .equal : .greater
    }

    /// `missing` comes before everything that is there.
    package init<Value: Comparable>(missingFirst left: Value?, _ right: Value?) {
        switch (left, right) {
        case (nil, nil): self = .equal
        case (nil, _): self = .less
        case (_, nil): self = .greater
        case (let left?, let right?): self.init(left, right)
        }
    }

    /// This, or what `next` says when this is a tie.
    package func then(_ next: @autoclosure () -> Ordering) -> Ordering { self == .equal ? next() : self }
}
