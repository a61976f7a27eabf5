// SPDX-License-Identifier: Apache-2.0

#include "bio_crypto.h"

#include <bio_system.h>
#include <openssl/evp.h>
#include <stdlib.h>

/// The functions of libcrypto used here, in the order of `names`.
static struct {
    EVP_MD_CTX *(*context_new)(void);
    void (*context_free)(EVP_MD_CTX *);
    const EVP_MD *(*sha256)(void);
    int (*start)(EVP_MD_CTX *, const EVP_MD *, ENGINE *);
    int (*update)(EVP_MD_CTX *, const void *, size_t);
    int (*finish)(EVP_MD_CTX *, unsigned char *, unsigned *);
} evp;

static const char *const names[] = {
    "EVP_MD_CTX_new", "EVP_MD_CTX_free", "EVP_sha256", "EVP_DigestInit_ex", "EVP_DigestUpdate", "EVP_DigestFinal_ex",
};

enum { name_count = sizeof names / sizeof *names };
_Static_assert(sizeof evp == name_count * sizeof(void *), "one slot for each name");

static bio_late_library library = {"libcrypto.so.3", names, (void **)&evp, name_count, 0};

struct bio_sha256 {
    EVP_MD_CTX *context;
};

// With a context of a fetched digest the calls below have no way to fail; going on with a wrong digest would be worse
// than stopping.
static void require(int result) {
    if (result != 1) abort();
}

bio_sha256 *bio_sha256_new(void) {
    if (bio_late_bind(&library) != NULL) return NULL;
    bio_sha256 *hash = malloc(sizeof *hash);
    if (!hash) return NULL;
    hash->context = evp.context_new();
    if (!hash->context || evp.start(hash->context, evp.sha256(), NULL) != 1) {
        evp.context_free(hash->context);
        free(hash);
        return NULL;
    }
    return hash;
}

void bio_sha256_update(bio_sha256 *hash, const void *bytes, size_t count) {
    if (count > 0) require(evp.update(hash->context, bytes, count));
}

void bio_sha256_finish(bio_sha256 *hash, uint8_t *digest) {
    require(evp.finish(hash->context, digest, NULL));
    // NULL keeps the digest that was fetched.
    require(evp.start(hash->context, NULL, NULL));
}

void bio_sha256_free(bio_sha256 *hash) {
    evp.context_free(hash->context);
    free(hash);
}
