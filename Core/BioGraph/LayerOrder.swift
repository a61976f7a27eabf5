// SPDX-License-Identifier: Apache-2.0

import BioPackage

/// Orders of a graph given as lists of needs.
enum LayerOrder {
    /// Every index after all it needs. Throws the circle when there is one.
    static func topological(_ needs: [[Int]], idents: [QualifiedIdent]) throws(GraphError) -> [Int] {
        enum Mark { case unseen, open, done }
        var marks = [Mark](repeating: .unseen, count: needs.count)
        var order: [Int] = []
        order.reserveCapacity(needs.count)
        // An explicit stack: a chain of ten thousand packages must not overflow the thread's.
        for start in needs.indices where marks[start] == .unseen {
            var stack = [(index: start, next: 0)]
            marks[start] = .open
            while let top = stack.last {
                guard top.next < needs[top.index].count else {
                    marks[top.index] = .done
                    order.append(top.index)
                    stack.removeLast()
                    continue
                }
                stack[stack.count - 1].next += 1
                let need = needs[top.index][top.next]
                switch marks[need] {
                case .done: break
                case .unseen:
                    marks[need] = .open
                    stack.append((need, 0))
                case .open:
                    let circle = stack.drop { $0.index != need }.map { idents[$0.index] }
                    throw .cycle(circle)
                }
            }
        }
        return order
    }

    /// Dependencies before dependents; among what is free to come next, `first` before the rest, then by origin and
    /// name (then version and release, which only differ between roots). The needs have no circle.
    static func layers(_ needs: [[Int]], idents: [QualifiedIdent], first: [Bool]) -> [Int] {
        let rank = needs.indices.sorted { one, other in
            if first[one] != first[other] { return first[one] }
            return idents[one] < idents[other]
        }
        var rankOf = [Int](repeating: 0, count: needs.count)
        for (position, index) in rank.enumerated() { rankOf[index] = position }

        var open = needs.map(\.count)
        var dependents = [[Int]](repeating: [], count: needs.count)
        for (index, list) in needs.enumerated() { for need in list { dependents[need].append(index) } }

        var ready = MinHeap(needs.indices.filter { open[$0] == 0 }.map { rankOf[$0] })
        var order: [Int] = []
        order.reserveCapacity(needs.count)
        while let position = ready.removeMin() {
            let index = rank[position]
            order.append(index)
            for dependent in dependents[index] {
                open[dependent] -= 1
                if open[dependent] == 0 { ready.insert(rankOf[dependent]) }
            }
        }
        return order
    }
}

/// The smallest number first.
struct MinHeap {
    private var items: [Int] = []

    init(_ numbers: [Int]) { for number in numbers { insert(number) } }

    mutating func insert(_ number: Int) {
        items.append(number)
        var child = items.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard items[child] < items[parent] else { return }
            items.swapAt(child, parent)
            child = parent
        }
    }

    mutating func removeMin() -> Int? {
        guard let smallest = items.first else { return nil }
        let last = items.removeLast()
        guard !items.isEmpty else { return smallest }
        items[0] = last
        var parent = 0
        while true {
            var least = parent
            for child in [2 * parent + 1, 2 * parent + 2] where child < items.count && items[child] < items[least] {
                least = child
            }
            if least == parent { return smallest }
            items.swapAt(least, parent)
            parent = least
        }
    }
}
