// SPDX-License-Identifier: Apache-2.0

import BioArchive
import BioCrypto
import BioOCI

/// A blob of another place, which goes from there to a registry without lying anywhere.
struct StoredContent: BlobContent {
    let contents: any ImageContents
    let blob: Descriptor

    func open(at offset: Int64) throws -> any ByteSource { try contents.open(blob, at: offset) }

    func damage(expected: Digest, computed: Digest?) -> any Error {
        guard let computed else {
            return ImageError.blobMissing(expected, place: "\(contents.location)")
        }
        return ImageError.blobDigest(expected: expected, computed: computed, place: "\(contents.location)")
    }
}
