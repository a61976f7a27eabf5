// SPDX-License-Identifier: Apache-2.0

/// Bytes that are pulled.
package protocol ByteSource: ~Copyable {
    /// Fills `buffer` from its start and returns how many bytes it put there; 0 at the end and only there.
    mutating func read(into buffer: UnsafeMutableRawBufferPointer) throws(ArchiveError) -> Int
}

/// Bytes that are pushed.
package protocol ByteSink: ~Copyable {
    /// Takes all of `bytes` or throws.
    mutating func write(_ bytes: UnsafeRawBufferPointer) throws(ArchiveError)
}

extension ByteSink where Self: ~Copyable {
    package mutating func write(_ bytes: [UInt8]) throws(ArchiveError) {
        let result = bytes.withUnsafeBytes { buffer -> Result<Void, ArchiveError> in
            do throws(ArchiveError) { return .success(try write(buffer)) } catch { return .failure(error) }
        }
        try result.get()
    }
}
