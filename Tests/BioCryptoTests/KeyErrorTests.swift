// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import BioCrypto

@Suite struct KeyErrorTests {
    @Test func saysWhichMagicWasFoundAndWhichExpected() {
        #expect(
            KeyError.wrongMagic(found: "NONSENSE-12", expected: ["SIG-PUB-1"]).description
                == "the key file begins with 'NONSENSE-12', not with 'SIG-PUB-1'")
    }
}
