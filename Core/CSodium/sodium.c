// SPDX-License-Identifier: Apache-2.0

#include "bio_sodium.h"

#include <pthread.h>
#include <sodium.h>
#include <stdlib.h>

_Static_assert(bio_public_key_bytes == crypto_sign_PUBLICKEYBYTES, "Ed25519 public key");
_Static_assert(bio_secret_key_bytes == crypto_sign_SECRETKEYBYTES, "Ed25519 secret key");
_Static_assert(crypto_box_PUBLICKEYBYTES == 32 && crypto_box_SECRETKEYBYTES == 32, "Curve25519 keys");
_Static_assert(crypto_secretbox_KEYBYTES == 32, "ring key");
_Static_assert(bio_signature_bytes == crypto_sign_BYTES, "Ed25519 signature");

static pthread_once_t once = PTHREAD_ONCE_INIT;
static int ready = -1;

static void start(void) { ready = sodium_init() < 0 ? -1 : 0; }

/// Without this libsodium works with its slow implementations and has no random bytes.
static int sodium_ready(void) {
    pthread_once(&once, start);
    return ready;
}

struct bio_blake2b {
    crypto_generichash_blake2b_state state;
};

static void blake2b_start(bio_blake2b *hash) {
    crypto_generichash_blake2b_init(&hash->state, NULL, 0, bio_digest_bytes);
}

bio_blake2b *bio_blake2b_new(void) {
    (void)sodium_ready();
    // The state's type asks for 64 bytes of alignment, so its size is a multiple of that.
    bio_blake2b *hash = aligned_alloc(_Alignof(bio_blake2b), sizeof *hash);
    if (hash) blake2b_start(hash);
    return hash;
}

void bio_blake2b_update(bio_blake2b *hash, const void *bytes, size_t count) {
    if (count > 0) crypto_generichash_blake2b_update(&hash->state, bytes, count);
}

void bio_blake2b_finish(bio_blake2b *hash, uint8_t *digest) {
    crypto_generichash_blake2b_final(&hash->state, digest, bio_digest_bytes);
    blake2b_start(hash);
}

void bio_blake2b_free(bio_blake2b *hash) { free(hash); }

struct bio_plain_sha256 {
    crypto_hash_sha256_state state;
};

bio_plain_sha256 *bio_plain_sha256_new(void) {
    bio_plain_sha256 *hash = malloc(sizeof *hash);
    if (hash) crypto_hash_sha256_init(&hash->state);
    return hash;
}

void bio_plain_sha256_update(bio_plain_sha256 *hash, const void *bytes, size_t count) {
    if (count > 0) crypto_hash_sha256_update(&hash->state, bytes, count);
}

void bio_plain_sha256_finish(bio_plain_sha256 *hash, uint8_t *digest) {
    crypto_hash_sha256_final(&hash->state, digest);
    crypto_hash_sha256_init(&hash->state);
}

void bio_plain_sha256_free(bio_plain_sha256 *hash) { free(hash); }

int bio_sign_generate(uint8_t *public_key, uint8_t *secret_key) {
    if (sodium_ready() != 0) return -1;
    return crypto_sign_keypair(public_key, secret_key);
}

int bio_sign_is_consistent(const uint8_t *secret_key) {
    uint8_t public_key[bio_public_key_bytes];
    uint8_t again[bio_secret_key_bytes];
    if (crypto_sign_seed_keypair(public_key, again, secret_key) != 0) return 0;
    int same = sodium_memcmp(again, secret_key, sizeof again) == 0;
    sodium_memzero(again, sizeof again);
    return same;
}

void bio_sign(const uint8_t *secret_key, const void *message, size_t count, uint8_t *signed_message) {
    crypto_sign(signed_message, NULL, message, count, secret_key);
}

int bio_sign_verify(const uint8_t *public_key, const void *signed_message, size_t count) {
    if (count < bio_signature_bytes) return 0;
    const uint8_t *signature = signed_message;
    return crypto_sign_verify_detached(
               signature, signature + bio_signature_bytes, count - bio_signature_bytes, public_key) == 0;
}

int bio_box_generate(uint8_t *public_key, uint8_t *secret_key) {
    if (sodium_ready() != 0) return -1;
    return crypto_box_keypair(public_key, secret_key);
}

int bio_ring_generate(uint8_t *key) {
    if (sodium_ready() != 0) return -1;
    crypto_secretbox_keygen(key);
    return 0;
}

void *bio_secret_allocate(size_t count) {
    if (sodium_ready() != 0) return NULL;
    return sodium_malloc(count);
}

void bio_secret_free(void *memory) { sodium_free(memory); }

int bio_equal(const void *left, const void *right, size_t count) { return sodium_memcmp(left, right, count) == 0; }

ptrdiff_t bio_base64_decode(const char *text, size_t text_count, uint8_t *bytes, size_t capacity) {
    size_t count = 0;
    const char *end = NULL;
    if (sodium_base642bin(
            bytes, capacity, text, text_count, NULL, &count, &end, sodium_base64_VARIANT_ORIGINAL) != 0)
        return -1;
    return end == text + text_count ? (ptrdiff_t)count : -1;
}

size_t bio_base64_length(size_t count) {
    return sodium_base64_encoded_len(count, sodium_base64_VARIANT_ORIGINAL) - 1;
}

void bio_base64_encode(const void *bytes, size_t count, char *text) {
    sodium_bin2base64(text, bio_base64_length(count) + 1, bytes, count, sodium_base64_VARIANT_ORIGINAL);
}
