// SPDX-License-Identifier: Apache-2.0

package import BioCrypto

/// Passes bytes on and keeps their SHA-256 and number.
package struct DigestingSink<Downstream: ByteSink & ~Copyable>: ByteSink, ~Copyable {
    private var downstream: Downstream
    private var hasher = SHA256Hasher()
    private var count: Int64 = 0

    package init(into downstream: consuming Downstream) { self.downstream = downstream }

    package mutating func write(_ bytes: UnsafeRawBufferPointer) throws(ArchiveError) {
        try downstream.write(bytes)
        hasher.update(bytes)
        count += Int64(bytes.count)
    }

    /// Digest and number of all bytes so far; the next ones count from zero again.
    package mutating func take() -> (digest: Digest, size: Int64) {
        defer { count = 0 }
        return (hasher.finalize(), count)
    }

    /// Gives the downstream back.
    package consuming func finish() -> Downstream { downstream }
}
