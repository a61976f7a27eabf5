// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import BioCrypto

@Suite struct BLAKE2bHasherTests {
    @Test(arguments: [
        ("supercalifragilisticexpialadocious", "2ca8ebafca7e189de2a36125b92a1db20f393d1e2708f5daa55e51cf05114437"),
        ("x86_64-linux\n", "f3b0a66c98633c5fd952afd0845ee16ea9d0e500784029c2e3bbfb40908fd174"),
        ("standalone\n", "fb4872d1c7113ade0fd5eed37eb722f40323009cdfa6ae770c2472bd589f33b4"),
        ("foo\n", "20590a52c4f00588c500328b16d466c982a26fabaa5fa4dcc83052dd0a84f233"),
        ("", "0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8"),
    ])
    func agreesWithUpstream(text: String, hex: String) {
        #expect(Digest.blake2b256(of: Array(text.utf8)).hex == hex)
    }

    @Test func hashesBytes() {
        #expect(
            Digest.blake2b256(of: Array(0...9)).hex
                == "8b57a796a5d07cb04cc1614dfc2acb3f73edc712d7f433619ca3bbe66bb15f49")
    }

    @Test func startsOverAfterFinalize() {
        var hasher = BLAKE2bHasher()
        for _ in 0..<2 {
            Array("supercalifragilistic".utf8).withUnsafeBytes { hasher.update($0) }
            hasher.update(UnsafeRawBufferPointer(start: nil, count: 0))
            Array("expialadocious".utf8).withUnsafeBytes { hasher.update($0) }
            #expect(hasher.finalize().hex == "2ca8ebafca7e189de2a36125b92a1db20f393d1e2708f5daa55e51cf05114437")
        }
    }
}
