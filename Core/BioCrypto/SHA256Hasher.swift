// SPDX-License-Identifier: Apache-2.0

import CCrypto
import CSodium

/// A running SHA-256. OpenSSL computes it; where libcrypto is missing libsodium does, five times slower.
package struct SHA256Hasher: ~Copyable {
    private enum Engine {
        case openssl(OpaquePointer)
        case sodium(OpaquePointer)
    }

    private let engine: Engine

    package init() { self.init(openssl: true) }

    /// With `openssl` false libsodium computes it in any case.
    init(openssl: Bool) {
        if openssl, let hash = bio_sha256_new() {
            engine = .openssl(hash)
        } else if let hash = bio_plain_sha256_new() {
            engine = .sodium(hash)
        } else {
            preconditionFailure("out of memory")
        }
    }

    deinit {
        switch engine {
        case .openssl(let hash): bio_sha256_free(hash)
        case .sodium(let hash): bio_plain_sha256_free(hash)
        }
    }

    /// Takes the next bytes.
    package mutating func update(_ bytes: UnsafeRawBufferPointer) {
        switch engine {
        case .openssl(let hash): bio_sha256_update(hash, bytes.baseAddress, bytes.count)
        case .sodium(let hash): bio_plain_sha256_update(hash, bytes.baseAddress, bytes.count)
        }
    }

    /// The digest of all bytes since the start or the last `finalize`; then starts over.
    package mutating func finalize() -> Digest {
        withUnsafeTemporaryAllocation(byteCount: Digest.byteCount, alignment: 8) { buffer in
            let bytes = buffer.assumingMemoryBound(to: UInt8.self)
            guard let start = bytes.baseAddress else { preconditionFailure("an allocation has an address") }
            switch engine {
            case .openssl(let hash): bio_sha256_finish(hash, start)
            case .sodium(let hash): bio_plain_sha256_finish(hash, start)
            }
            return Digest(.sha256, bytes: UnsafeRawBufferPointer(buffer))
        }
    }
}
