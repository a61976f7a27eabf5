// SPDX-License-Identifier: Apache-2.0

import CSodium

/// Bytes that nobody else should see: in guarded memory (sodium_malloc), wiped when this value ends.
package struct SecretBytes: ~Copyable {
    private let start: UnsafeMutableRawPointer
    package let count: Int

    /// Room for `count` bytes, filled by `body`, which says how many of them count.
    package init<Failure: Error>(
        capacity: Int, _ body: (UnsafeMutableRawBufferPointer) throws(Failure) -> Int
    ) throws(Failure) {
        guard let memory = bio_secret_allocate(max(capacity, 1)) else {
            preconditionFailure("no memory for a secret")
        }
        do throws(Failure) {
            count = try body(UnsafeMutableRawBufferPointer(start: memory, count: capacity))
        } catch {
            bio_secret_free(memory)
            throw error
        }
        start = memory
        precondition(count <= capacity, "more bytes than there is room for")
    }

    package init(copying bytes: [UInt8]) {
        self.init(capacity: bytes.count) { buffer in
            buffer.copyBytes(from: bytes)
            return bytes.count
        }
    }

    deinit { bio_secret_free(start) }

    /// Lends the bytes.
    package func withUnsafeBytes<Result: ~Copyable, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try body(UnsafeRawBufferPointer(start: start, count: count))
    }

    /// Whether both hold the same bytes, found in constant time for equal counts.
    package func equals(_ other: borrowing SecretBytes) -> Bool {
        count == other.count && bio_equal(start, other.start, count) == 1
    }
}
