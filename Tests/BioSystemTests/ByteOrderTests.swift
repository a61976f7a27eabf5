// SPDX-License-Identifier: Apache-2.0

import BioSystem
import Testing

@Suite struct ByteOrderTests {
    @Test func isTheOrderOfUnsignedBytesAndThenOfLength() {
        let ordered: [[UInt8]] = [[], [0], [0, 0], [1], [0x2E], [0x2F], [0x2F, 0x61], [0x61, 0xFF], [0x80], [0xFF]]
        for (place, left) in ordered.enumerated() {
            for (other, right) in ordered.enumerated() {
                #expect(left.precedes(right) == (place < other))
                #expect(left.precedes(right) == left.lexicographicallyPrecedes(right))
            }
        }
    }
}
