// SPDX-License-Identifier: Apache-2.0

#ifndef BIO_TAR_GUARD_H
#define BIO_TAR_GUARD_H

#include "bio_archive.h"

/// Bytes that grow; `present` tells an empty value from none.
typedef struct guard_bytes {
    uint8_t *start;
    size_t count, capacity;
    int present;
} guard_bytes;

typedef struct tar_guard {
    bio_read_function read;
    void *context;

    uint8_t *buffer;  // a multiple of 512, so that a header never straddles two fills
    size_t filled, position;
    int is_layer;     // bio_payload_expect_layer
    int started;
    int source_ended;

    bio_archive_result result;  // of the first refusal, BIO_ARCHIVE_OK before
    bio_tar_fault fault;        // of BIO_ARCHIVE_MALFORMED
    int64_t base;               // bytes of tar before the buffer
    int64_t header_offset;      // where the last header began

    int64_t body_left;       // bytes of body and padding still to hand out
    int64_t padding;         // of that, what fills the last block
    int64_t capture_left;    // bytes of an extension's body still to keep
    uint8_t extension;       // the type of the extension whose body is being kept, 0 when none
    unsigned extensions;     // extension headers since the last member
    int64_t extension_size;  // and the bytes of their bodies
    guard_bytes capture, long_path, long_link;
    int64_t pax_size;        // -1 when there is none

    unsigned zero_blocks;
    guard_bytes path, link;  // of the current member
    int64_t size;
    int64_t member_extension_size;  // bytes of the extensions it had
    uint8_t type;
} tar_guard;

int guard_open(tar_guard *guard, bio_read_function read, void *context);
void guard_close(tar_guard *guard);

/// Hands out the next piece: one header, or a piece of one body. Returns its size, 0 at the end, -1 on refusal.
ptrdiff_t guard_next(tar_guard *guard, const void **piece);

/// After libarchive saw the end: checks that it is one, and that only zeros follow.
bio_archive_result guard_finish(tar_guard *guard);

#endif
