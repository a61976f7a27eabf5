// SPDX-License-Identifier: Apache-2.0

/// Numbers that follow from a seed, everywhere the same (SplitMix64).
struct SeededNumbers {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    /// From 0 up to `bound`, without it.
    mutating func next(_ bound: Int) -> Int {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return Int((mixed ^ (mixed >> 31)) % UInt64(bound))
    }

    /// True once in `bound` times.
    mutating func oneIn(_ bound: Int) -> Bool { next(bound) == 0 }

    mutating func pick<Element>(_ elements: [Element]) -> Element { elements[next(elements.count)] }
}
