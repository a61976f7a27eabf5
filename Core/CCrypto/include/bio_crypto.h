// SPDX-License-Identifier: Apache-2.0
// SHA-256 by OpenSSL's EVP (which uses the processor's SHA instructions). libcrypto is bound on first use, so that
// a program start does not pay for it.

#ifndef BIO_CRYPTO_H
#define BIO_CRYPTO_H

#include <stddef.h>
#include <stdint.h>

/// A SHA-256 computation. One thread at a time.
typedef struct bio_sha256 bio_sha256;

/// A fresh computation, or NULL when libcrypto cannot be bound or refuses SHA-256. `bio_sha256_free` ends it.
bio_sha256 *_Nullable bio_sha256_new(void);
void bio_sha256_update(bio_sha256 *_Nonnull hash, const void *_Nullable bytes, size_t count);
/// Writes the 32 bytes of the digest and makes the computation fresh again.
void bio_sha256_finish(bio_sha256 *_Nonnull hash, uint8_t *_Nonnull digest);
void bio_sha256_free(bio_sha256 *_Nonnull hash);

#endif
