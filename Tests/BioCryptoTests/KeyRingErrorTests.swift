// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import BioCrypto

@Suite struct KeyRingErrorTests {
    @Test func namesThePath() throws {
        let name = try KeyName(parsing: "core-20160810182414")
        let missing = KeyRingError.missing(name, .signingPublic, path: "/k/core-20160810182414.pub")
        #expect(
            missing.description
                == "the public signing key 'core-20160810182414' is missing: there is no '/k/core-20160810182414.pub'")
        #expect(missing.hint?.contains("bio origin key import") == true)
        #expect(
            KeyRingError.unusable(path: "/k/x.pub", .wrongSize(found: 3, expected: 32)).description
                == "cannot use '/k/x.pub': the key has 3 bytes, not 32")
    }
}
