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
    BIO_ARCHIVE_MALFORMED = 5,  // bio_payload_fault says why, and bio_payload_fault_offset where
    BIO_ARCHIVE_KIND = 6,       // a member of a kind that is never accepted; member.path and .type are set
    BIO_ARCHIVE_NUL = 7,        // a name with a NUL in it; member.path is set, the NUL included
} bio_archive_result;

/// What is wrong with a header, or with what belongs to it.
typedef enum bio_tar_fault {
    BIO_TAR_LIBRARY = 1,            // libarchive's own; bio_payload_text has its words
    BIO_TAR_MEMORY = 2,             // there is no memory to read it
    BIO_TAR_MAGIC = 3,              // neither POSIX's mark nor GNU's
    BIO_TAR_CHECKSUM = 4,
    BIO_TAR_SIZE_NUMBER = 5,        // neither octal nor base-256, negative, or beyond 63 bits
    BIO_TAR_MODE_NUMBER = 6,
    BIO_TAR_TIME_NUMBER = 7,
    BIO_TAR_BODY = 8,               // a link or directory with a body
    BIO_TAR_LINK = 9,               // a file or directory with a link's target
    BIO_TAR_TWO_READINGS = 10,      // libarchive reads it otherwise
    BIO_TAR_EXTENSION_ALONE = 11,   // the archive ends behind it
    BIO_TAR_EXTENSION_COUNT = 12,   // more than 8 before one member
    BIO_TAR_EXTENSION_SIZE = 13,    // more than 1 MiB of them before one member
    BIO_TAR_EXTENSION_EMPTY = 14,
    BIO_TAR_LONG_NAME_OPEN = 15,    // a GNU long name without its closing NUL
    BIO_TAR_TWO_NAMES = 16,
    BIO_TAR_TWO_TARGETS = 17,
    BIO_TAR_PAX_LENGTH = 18,        // a record whose length is no number, or not its own
    BIO_TAR_PAX_RECORD = 19,        // a record that is not KEY=VALUE and a line feed
    BIO_TAR_PAX_KEY_NUL = 20,
    BIO_TAR_PAX_SIZE = 21,
    BIO_TAR_PAX_TIME = 22,
    BIO_TAR_PAX_CHARSET = 23,
    BIO_TAR_PAX_SPARSE = 24,
    BIO_TAR_PAX_VOLUME = 25,
    BIO_TAR_PAX_GLOBAL = 26,        // a global header that names, sizes or dates members
} bio_tar_fault;

/// Up to `count` bytes of tar; 0 at the end, -1 on failure.
typedef ptrdiff_t (*bio_read_function)(void *context, void *bytes, size_t count);

typedef struct bio_member {
    const uint8_t *path;  // as in the archive, valid until the next call
    size_t path_count;
    const uint8_t *link;  // of symbolic and hard links
    size_t link_count;
    int64_t size;
    int64_t extension_size;  // bytes of the pax and long-name headers that stood before it
    int64_t mtime;   // whole seconds
    int64_t uid, gid;
    uint32_t device_major, device_minor;  // of devices
    uint32_t mode;   // 07777
    // '0' file, '1' hard link, '2' symbolic link, '5' directory; in layers '3' character device, '4' block device and
    // '6' fifo too; others with BIO_ARCHIVE_KIND
    uint8_t type;
} bio_member;

typedef struct bio_payload bio_payload;

/// NULL, with `*problem` set to a static text, when libarchive cannot be loaded or memory is short.
bio_payload *bio_payload_open(bio_read_function read, void *context, const char **problem);

/// Call before the first member: what is read is a layer of an image that anybody made. Devices and fifos are members,
/// headers without a mark and times before 1970 are read, and the end needs no marker and is not looked behind.
void bio_payload_expect_layer(bio_payload *payload);

/// The next member. A body that was not read is skipped.
bio_archive_result bio_payload_next(bio_payload *payload, bio_member *member);

/// The next piece of the member's body, valid until the next call; `*count` 0 at its end.
bio_archive_result bio_payload_block(bio_payload *payload, const void **bytes, size_t *count);

/// What was malformed, and at which byte of the tar that header begins.
bio_tar_fault bio_payload_fault(const bio_payload *payload);
int64_t bio_payload_fault_offset(const bio_payload *payload);

/// libarchive's words about BIO_TAR_LIBRARY; valid until the next call.
const char *bio_payload_text(const bio_payload *payload);

void bio_payload_close(bio_payload *payload);

#endif
