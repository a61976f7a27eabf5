// SPDX-License-Identifier: Apache-2.0

package import BioSystem
import Glibc

extension Digest {
    /// The SHA-256 of bytes in memory.
    package static func sha256(of bytes: [UInt8]) -> Digest {
        var hasher = SHA256Hasher()
        bytes.withUnsafeBytes { hasher.update($0) }
        return hasher.finalize()
    }

    /// The BLAKE2b-256 of bytes in memory.
    package static func blake2b256(of bytes: [UInt8]) -> Digest {
        var hasher = BLAKE2bHasher()
        bytes.withUnsafeBytes { hasher.update($0) }
        return hasher.finalize()
    }

    /// The SHA-256 of a file from byte `offset` to its end. The file's position neither matters nor moves; `path` is
    /// for the error only.
    package static func sha256(
        ofFile file: borrowing FileDescriptor, from offset: Int64 = 0, path: String = "the file",
        cancellation: Cancellation = .never
    ) throws(SystemError) -> Digest {
        var hasher = SHA256Hasher()
        try forEachBlock(of: file, from: offset, path: path, cancellation) { hasher.update($0) }
        return hasher.finalize()
    }

    /// The BLAKE2b-256 of a file from byte `offset` to its end. The file's position neither matters nor moves; `path`
    /// is for the error only.
    package static func blake2b256(
        ofFile file: borrowing FileDescriptor, from offset: Int64 = 0, path: String = "the file",
        cancellation: Cancellation = .never
    ) throws(SystemError) -> Digest {
        var hasher = BLAKE2bHasher()
        try forEachBlock(of: file, from: offset, path: path, cancellation) { hasher.update($0) }
        return hasher.finalize()
    }

    private static func forEachBlock(
        of file: borrowing FileDescriptor, from offset: Int64, path: String, _ cancellation: Cancellation,
        _ body: (UnsafeRawBufferPointer) -> Void
    ) throws(SystemError) {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 64)
        defer { buffer.deallocate() }
        var position = offset
        while true {
            try cancellation.check("read", path)
            let count = pread(file.rawValue, buffer.baseAddress, buffer.count, off_t(position))
            if count < 0 {
                if errno == EINTR { continue }
                throw SystemError("read", path)
            }
            if count == 0 { return }
            body(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
            position += Int64(count)
        }
    }
}
