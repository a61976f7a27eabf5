// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import BioCrypto

@Suite struct KeyKindTests {
    @Test func secretsAreReadableByTheirOwnerOnly() {
        for kind in KeyKind.allCases { #expect(kind.fileMode == (kind.isSecret ? 0o400 : 0o444)) }
    }
}
