// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import BioCrypto

@Suite struct SecretBytesTests {
    private struct Stop: Error, Equatable {}

    private func secret(_ text: String, capacity: Int = 64) -> SecretBytes {
        SecretBytes(capacity: capacity) { buffer in
            buffer.copyBytes(from: Array(text.utf8))
            return text.utf8.count
        }
    }

    @Test func holdsAsMuchAsWasFilled() {
        let bytes = secret("abc")
        #expect(bytes.count == 3)
        #expect(bytes.withUnsafeBytes { Array($0) } == Array("abc".utf8))
    }

    @Test func comparesContentNotRoom() {
        func areEqual(_ left: String, _ right: String) -> Bool {
            secret(left).equals(secret(right, capacity: right.utf8.count))
        }
        #expect(areEqual("abc", "abc"))
        #expect(!areEqual("abc", "abd"))
        #expect(!areEqual("abc", "ab"))
    }

    @Test func mayBeEmpty() {
        let bytes = SecretBytes(capacity: 0) { _ in 0 }
        #expect(bytes.count == 0)
    }

    @Test func passesErrorsOn() {
        #expect(throws: Stop()) {
            _ = try SecretBytes(capacity: 8) { _ throws(Stop) in throw Stop() }
        }
    }
}
