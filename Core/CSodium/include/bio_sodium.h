// SPDX-License-Identifier: Apache-2.0
// What bio takes from libsodium: BLAKE2b-256, Ed25519 in combined form, guarded memory, base64.
// Every function may be called from any thread; one state is used by one thread at a time.

#ifndef BIO_SODIUM_H
#define BIO_SODIUM_H

#include <stddef.h>
#include <stdint.h>

enum {
    bio_digest_bytes = 32,
    bio_public_key_bytes = 32,
    bio_secret_key_bytes = 64,  // seed, then public key
    bio_signature_bytes = 64,
};

/// A BLAKE2b computation with 32 bytes of digest, no key and no salt.
typedef struct bio_blake2b bio_blake2b;

/// A fresh computation, or NULL without memory. `bio_blake2b_free` ends it.
bio_blake2b *_Nullable bio_blake2b_new(void);
void bio_blake2b_update(bio_blake2b *_Nonnull state, const void *_Nullable bytes, size_t count);
/// Writes the digest and makes the state fresh again.
void bio_blake2b_finish(bio_blake2b *_Nonnull state, uint8_t *_Nonnull digest);
void bio_blake2b_free(bio_blake2b *_Nonnull state);

/// The same for SHA-256: slower than OpenSSL's, for machines that lack it.
typedef struct bio_plain_sha256 bio_plain_sha256;
bio_plain_sha256 *_Nullable bio_plain_sha256_new(void);
void bio_plain_sha256_update(bio_plain_sha256 *_Nonnull state, const void *_Nullable bytes, size_t count);
void bio_plain_sha256_finish(bio_plain_sha256 *_Nonnull state, uint8_t *_Nonnull digest);
void bio_plain_sha256_free(bio_plain_sha256 *_Nonnull state);

/// A fresh Ed25519 pair. Returns 0, or -1 when the system gives no random bytes.
int bio_sign_generate(uint8_t *_Nonnull public_key, uint8_t *_Nonnull secret_key);
/// 1 when the public half in `secret_key` belongs to its seed.
int bio_sign_is_consistent(const uint8_t *_Nonnull secret_key);
/// Writes signature and message, `bio_signature_bytes` + `count` bytes, to `signed_message`.
void bio_sign(
    const uint8_t *_Nonnull secret_key, const void *_Nullable message, size_t count, uint8_t *_Nonnull signed_message);
/// 1 when `signed_message` (`count` bytes) begins with a signature of its rest by `public_key`.
int bio_sign_verify(const uint8_t *_Nonnull public_key, const void *_Nullable signed_message, size_t count);

/// A fresh Curve25519 pair of crypto_box, 32 bytes each. Returns 0, or -1 when the system gives no random bytes.
int bio_box_generate(uint8_t *_Nonnull public_key, uint8_t *_Nonnull secret_key);
/// A fresh key of crypto_secretbox, 32 bytes; 0 or -1 as above.
int bio_ring_generate(uint8_t *_Nonnull key);

/// Memory for secrets: between guard pages, kept out of swap and core files where the system allows, wiped when
/// freed. NULL without memory.
void *_Nullable bio_secret_allocate(size_t count);
void bio_secret_free(void *_Nonnull memory);

/// Compares in a time that depends on `count` only. 1 when equal.
int bio_equal(const void *_Nonnull left, const void *_Nonnull right, size_t count);

/// Decodes base64 (standard alphabet, padded, nothing else between). Returns the bytes written, or -1 when the text is
/// no base64 or decodes to more than `capacity` bytes.
ptrdiff_t bio_base64_decode(
    const char *_Nonnull text, size_t text_count, uint8_t *_Nonnull bytes, size_t capacity);
/// Characters that `count` bytes take.
size_t bio_base64_length(size_t count);
/// Encodes into `text`, which has place for `bio_base64_length(count)` characters and a closing NUL.
void bio_base64_encode(const void *_Nonnull bytes, size_t count, char *_Nonnull text);

#endif
