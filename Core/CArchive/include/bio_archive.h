// SPDX-License-Identifier: Apache-2.0
// Reading an untrusted tar: libarchive, bound on first use, behind a guard that sees every header first.
//
// libarchive is made to be lenient: it cuts names at a NUL, normalises the names of pax headers, guesses whether a
// hard link has a body, takes a missing end for an end. The guard hands it one header at a time, refuses what has
// two readings, and keeps the names as the bytes they are.

#ifndef BIO_ARCHIVE_H
#define BIO_ARCHIVE_H

#include <stddef.h>
#include <stdint.h>

typedef enum bio_archive_result {
    BIO_ARCHIVE_OK = 0,
    BIO_ARCHIVE_END = 1,        // the end marker was there and only zeros followed
    BIO_ARCHIVE_SOURCE = 2,     // the read function failed
    BIO_ARCHIVE_TRUNCATED = 3,
    BIO_ARCHIVE_TRAILING = 4,   // something other than at most 1 MiB of zeros after the end marker
    BIO_ARCHIVE_MALFORMED = 5,  // bio_payload_text says why
    BIO_ARCHIVE_KIND = 6,       // a member of a kind that is never accepted; member.path and .type are set
    BIO_ARCHIVE_NUL = 7,        // a name with a NUL in it; member.path is set, the NUL included
} bio_archive_result;

/// Up to `count` bytes of tar; 0 at the end, -1 on failure.
typedef ptrdiff_t (*bio_read_function)(void *context, void *bytes, size_t count);

typedef struct bio_member {
    const uint8_t *path;  // as in the archive, valid until the next call
    size_t path_count;
    const uint8_t *link;  // of symbolic and hard links
    size_t link_count;
    int64_t size;
    int64_t mtime;   // whole seconds
    uint32_t mode;   // 07777
    uint8_t type;    // '0' file, '1' hard link, '2' symbolic link, '5' directory; others with BIO_ARCHIVE_KIND
} bio_member;

typedef struct bio_payload bio_payload;

/// NULL, with `*problem` set to a static text, when libarchive cannot be loaded or memory is short.
bio_payload *bio_payload_open(bio_read_function read, void *context, const char **problem);

/// The next member. A body that was not read is skipped.
bio_archive_result bio_payload_next(bio_payload *payload, bio_member *member);

/// The next piece of the member's body, valid until the next call; `*count` 0 at its end.
bio_archive_result bio_payload_block(bio_payload *payload, const void **bytes, size_t *count);

/// What was malformed; valid until the next call.
const char *bio_payload_text(const bio_payload *payload);

void bio_payload_close(bio_payload *payload);

#endif
