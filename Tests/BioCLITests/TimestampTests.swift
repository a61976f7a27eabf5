// SPDX-License-Identifier: Apache-2.0

import BioCLI
import Testing

@Suite struct TimestampTests {
    @Test(arguments: [
        (0 as Int64, "19700101000000"), (1_795_170_896, "20261120103456"), (951_782_400, "20000229000000"),
    ])
    func isUTC(_ seconds: Int64, _ text: String) { #expect(Timestamp.release(seconds) == text) }
}
