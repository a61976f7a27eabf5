// SPDX-License-Identifier: Apache-2.0

import BioArchive
import BioCrypto

/// A payload on its way to the extractor, hashed again while it passes: what is extracted is what was verified, even
/// when somebody changes the file in between.
struct VerifiedSource<Source: ByteSource & ~Copyable>: ByteSource, ~Copyable {
    /// Where the digests go: the source itself disappears into a reader.
    final class Digests {
        fileprivate(set) var payload: Digest?
        /// Of the header and the payload: the whole file.
        fileprivate(set) var artifact: Digest?
    }

    private var source: Source
    private let digests: Digests
    private var payload = BLAKE2bHasher()
    private var artifact = BLAKE2bHasher()

    /// `header` is what stands before the payload. The digests are there when the source has been read to its end.
    init(_ source: consuming Source, header: [UInt8], digests: Digests) {
        self.source = source
        self.digests = digests
        header.withUnsafeBytes { artifact.update($0) }
    }

    mutating func read(into buffer: UnsafeMutableRawBufferPointer) throws(ArchiveError) -> Int {
        let count = try source.read(into: buffer)
        if count > 0 {
            let bytes = UnsafeRawBufferPointer(rebasing: buffer[..<count])
            payload.update(bytes)
            artifact.update(bytes)
        } else if digests.payload == nil {
            digests.payload = payload.finalize()
            digests.artifact = artifact.finalize()
        }
        return count
    }
}
