// SPDX-License-Identifier: Apache-2.0

import BioArchive
import BioCrypto
import BioSystem

/// A payload on its way to the extractor, hashed again while it passes: what is extracted is what was verified, even
/// when somebody changes the file in between. A copy, when one is wanted, is made of the same bytes, so that it needs
/// no reading and no hashing of its own.
struct VerifiedSource<Source: ByteSource & ~Copyable>: ByteSource, ~Copyable {
    private var source: Source
    private let passage: Passage
    private var payload = BLAKE2bHasher()
    private var artifact = BLAKE2bHasher()

    /// `header` is what stands before the payload. The digests are there when the source has been read to its end.
    init(_ source: consuming Source, header: [UInt8], passage: Passage) {
        self.source = source
        self.passage = passage
        header.withUnsafeBytes { bytes in
            artifact.update(bytes)
            passage.pass(bytes)
        }
    }

    mutating func read(into buffer: UnsafeMutableRawBufferPointer) throws(ArchiveError) -> Int {
        let count = try source.read(into: buffer)
        if count > 0 {
            let bytes = UnsafeRawBufferPointer(rebasing: buffer[..<count])
            payload.update(bytes)
            artifact.update(bytes)
            passage.pass(bytes)
        } else if passage.digests == nil {
            passage.digests = (payload.finalize(), artifact.finalize())
        }
        return count
    }
}

/// What passed a `VerifiedSource`, which itself disappears into a reader.
final class Passage {
    /// Of the payload, and of header and payload, which is the whole file; there at the end.
    fileprivate(set) var digests: (payload: Digest, artifact: Digest)?
    /// Why the copy is not whole.
    private(set) var copyFailure: SystemError?

    /// What passed before it was known whether a copy is wanted: some buffers full.
    private var early: [UInt8]? = []
    private var copy: FileDescriptor?
    private var copyPath = ""

    /// Writes all that has passed, and all that will, to `file`; `path` is for the error only.
    func copy(to file: consuming FileDescriptor, path: String) {
        let passed = early ?? []
        early = nil
        copyPath = path
        copy = consume file
        passed.withUnsafeBytes { write($0) }
    }

    /// Keeps nothing more for a copy that has not begun.
    func skipCopyUnlessBegun() { early = nil }

    fileprivate func pass(_ bytes: UnsafeRawBufferPointer) {
        if early != nil { early?.append(contentsOf: bytes) } else { write(bytes) }
    }

    private func write(_ bytes: UnsafeRawBufferPointer) {
        guard copyFailure == nil else { return }
        do throws(Errno) { try copy?.writeAll(bytes) } catch { copyFailure = SystemError("write", copyPath, error) }
    }
}
