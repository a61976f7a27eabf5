// SPDX-License-Identifier: Apache-2.0

package import BioArchive
import BioCrypto
import BioSystem
import Glibc

/// The bytes of a blob where it lies. Its end is reported only when length and, unless nobody gave one, digest are what
/// they should be.
package final class BlobSource: ByteSource {
    private let file: FileDescriptor
    private let path: String
    private var offset: Int64
    private let end: Int64
    /// Nil: somebody else looks after that.
    private let digest: Digest?
    private let cancellation: Cancellation
    private var hasher = SHA256Hasher()
    private var isChecked = false

    /// Reads `size` bytes of `file` from `offset` on. `path` is for errors.
    init(
        _ file: consuming FileDescriptor, path: String, from offset: Int64 = 0, size: Int64, digest: Digest?,
        cancellation: Cancellation
    ) {
        self.file = file
        self.path = path
        self.offset = offset
        end = offset + size
        self.digest = digest
        self.cancellation = cancellation
    }

    package func read(into buffer: UnsafeMutableRawBufferPointer) throws(ArchiveError) -> Int {
        if cancellation.isRequested { throw .cancelled }
        let wanted = Int(min(Int64(buffer.count), end - offset))
        guard wanted > 0 else {
            if offset == end { try check() }
            return 0
        }
        while true {
            let count = pread(file.rawValue, buffer.baseAddress, wanted, off_t(offset))
            if count < 0 && errno == EINTR { continue }
            if count < 0 { throw .system(SystemError("read", path)) }
            if count == 0 { throw .truncated }
            offset += Int64(count)
            if digest != nil { hasher.update(UnsafeRawBufferPointer(rebasing: buffer[..<count])) }
            return count
        }
    }

    private func check() throws(ArchiveError) {
        guard let digest, !isChecked else { return }
        let computed = hasher.finalize()
        guard computed == digest else { throw .content(expected: digest, computed: computed) }
        isChecked = true
    }
}
