// SPDX-License-Identifier: Apache-2.0

import BioPluginHost
import Testing

/// Frames as a hostile side would send them: cut anywhere, changed anywhere.
enum FrameAssault {
    /// Every beginning of `bytes` is refused as truncated or as something else that is wrong, never read.
    static func cut<Value>(
        _ bytes: [UInt8], location: SourceLocation = #_sourceLocation, _ parse: ([UInt8]) throws(FrameError) -> Value
    ) {
        for count in bytes.indices {
            #expect(throws: FrameError.self, "\(count) bytes", sourceLocation: location) {
                try parse(Array(bytes[..<count]))
            }
        }
        #expect(throws: FrameError.trailing(1), sourceLocation: location) { try parse(bytes + [0]) }
    }

    /// Whatever is changed: a value or a `FrameError`, never a trap. `seed` makes a failure repeatable.
    static func flip<Value>(
        _ bytes: [UInt8], seed: UInt64 = 1, rounds: Int = 2000, _ parse: ([UInt8]) throws(FrameError) -> Value
    ) {
        var numbers = Numbers(state: seed)
        for _ in 0..<rounds {
            var changed = bytes
            for _ in 0..<Int.random(in: 1...4, using: &numbers) {
                changed[Int.random(in: 0..<changed.count, using: &numbers)] = UInt8.random(in: 0...255, using: &numbers)
            }
            _ = try? parse(changed)
        }
    }

    /// xorshift64*: the same numbers for the same seed everywhere.
    private struct Numbers: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state ^= state >> 12
            state ^= state << 25
            state ^= state >> 27
            return state &* 0x2545_F491_4F6C_DD1D
        }
    }
}
