// SPDX-License-Identifier: Apache-2.0
// SPEC: POSIX.1-2017 pax, "ustar Interchange Format" and "pax Interchange Format"; GNU tar manual, "Basic Tar Format".

#define _POSIX_C_SOURCE 200809L
#include "tar_guard.h"

#include <stdlib.h>
#include <string.h>

enum {
    block_size = 512,
    buffer_size = 256 << 10,
    first_fill = 8 << 10,       // who only looks at the first members should not pay for decoding the others
    extension_limit = 1 << 20,  // bytes of one long name or pax header; libarchive's own limit
    extension_count_limit = 8,  // extension headers before one member
    padding_limit = 1 << 20,    // bytes of zeros after the end marker; writers fill up to 10 KiB, large tapes to 1 MiB
};

/// Notes the refusal; always 0, so that a check can end with it.
static int refuse(tar_guard *guard, bio_archive_result result, const char *text) {
    guard->result = result;
    guard->text = text;
    return 0;
}

static int malformed(tar_guard *guard, const char *text) {
    return refuse(guard, BIO_ARCHIVE_MALFORMED, text);
}

static void bytes_clear(guard_bytes *bytes) {
    bytes->count = 0;
    bytes->present = 0;
}

static int bytes_append(guard_bytes *bytes, const void *start, size_t count) {
    if (bytes->capacity - bytes->count < count) {
        size_t capacity = (bytes->count + count) * 2;
        uint8_t *grown = realloc(bytes->start, capacity);
        if (!grown) return 0;
        bytes->start = grown;
        bytes->capacity = capacity;
    }
    if (count > 0) memcpy(bytes->start + bytes->count, start, count);
    bytes->count += count;
    bytes->present = 1;
    return 1;
}

int guard_open(tar_guard *guard, bio_read_function read, void *context) {
    memset(guard, 0, sizeof *guard);
    guard->read = read;
    guard->context = context;
    guard->text = "";
    guard->pax_size = -1;
    guard->buffer = malloc(buffer_size);
    return guard->buffer != NULL;
}

void guard_close(tar_guard *guard) {
    free(guard->buffer);
    free(guard->capture.start);
    free(guard->long_path.start);
    free(guard->long_link.start);
    free(guard->path.start);
    free(guard->link.start);
}

/// Fills the buffer whole, the first time its beginning, unless the source ends. 0 on failure.
static int refill(tar_guard *guard) {
    size_t wanted = guard->started ? buffer_size : first_fill;
    guard->started = 1;
    guard->filled = 0;
    guard->position = 0;
    while (guard->filled < wanted && !guard->source_ended) {
        ptrdiff_t count = guard->read(guard->context, guard->buffer + guard->filled, wanted - guard->filled);
        if (count < 0) {
            refuse(guard, BIO_ARCHIVE_SOURCE, "");
            return 0;
        }
        if (count == 0) guard->source_ended = 1;
        guard->filled += (size_t)count;
    }
    return 1;
}

static int is_zero(const uint8_t *start, size_t count) {
    return count == 0 || (start[0] == 0 && memcmp(start, start + 1, count - 1) == 0);
}

/// An octal or base-256 number of a header field; -1 when it is neither, negative or too large.
static int64_t header_number(const uint8_t *field, size_t count) {
    if (field[0] & 0x80) {
        uint64_t value = field[0] & 0x7f;
        for (size_t i = 1; i < count; i++) {
            if (value >> 55) return -1;
            value = value << 8 | field[i];
        }
        return (int64_t)value;
    }
    size_t i = 0;
    while (i < count && field[i] == ' ') i++;
    uint64_t value = 0;
    for (; i < count && field[i] >= '0' && field[i] <= '7'; i++) value = value << 3 | (uint64_t)(field[i] - '0');
    for (; i < count; i++)
        if (field[i] != ' ' && field[i] != 0) return -1;
    return (int64_t)value;
}

/// A text field that a NUL may end; anything but NULs behind it is refused, so that no reader sees another name.
static int append_field(tar_guard *guard, guard_bytes *bytes, const uint8_t *field, size_t count) {
    size_t length = strnlen((const char *)field, count);
    if (!bytes_append(bytes, field, length)) return malformed(guard, "out of memory");
    if (!is_zero(field + length, count - length)) {
        while (field[count - 1] == 0) count--;
        bytes_append(bytes, field + length, count - length);
        return refuse(guard, BIO_ARCHIVE_NUL, "");
    }
    return 1;
}

static int keep_name(tar_guard *guard, guard_bytes *name, const uint8_t *start, size_t count) {
    if (name->present) return malformed(guard, "a member with two long names");
    if (!bytes_append(name, start, count)) return malformed(guard, "out of memory");
    if (memchr(start, 0, count)) {
        bytes_clear(&guard->path);
        bytes_append(&guard->path, start, count);
        return refuse(guard, BIO_ARCHIVE_NUL, "");
    }
    return 1;
}

static int key_is(const uint8_t *key, size_t count, const char *text) {
    return count == strlen(text) && memcmp(key, text, count) == 0;
}

static int pax_record(tar_guard *guard, const uint8_t *key, size_t key_count, const uint8_t *value, size_t count) {
    int global = guard->extension == 'g';
    if (memchr(key, 0, key_count)) return malformed(guard, "a pax key with a NUL in it");
    static const char sparse[] = "GNU.sparse.";
    if ((key_count >= sizeof sparse - 1 && memcmp(key, sparse, sizeof sparse - 1) == 0) ||
        key_is(key, key_count, "SUN.holesdata"))
        return malformed(guard, "a sparse file, which payloads never hold");
    int is_path = key_is(key, key_count, "path"), is_link = key_is(key, key_count, "linkpath");
    int is_size = key_is(key, key_count, "size");
    if (global && (is_path || is_link || is_size))
        return malformed(guard, "a pax global header that names or sizes members");
    if (is_path) return keep_name(guard, &guard->long_path, value, count);
    if (is_link) return keep_name(guard, &guard->long_link, value, count);
    if (is_size) {
        if (guard->pax_size >= 0 || count == 0 || count > 18) return malformed(guard, "a bad pax size");
        int64_t size = 0;
        for (size_t i = 0; i < count; i++) {
            if (value[i] < '0' || value[i] > '9') return malformed(guard, "a bad pax size");
            size = size * 10 + (value[i] - '0');
        }
        guard->pax_size = size;
    }
    return 1;
}

/// Records are "LENGTH KEY=VALUE\n", the length counting all of it.
static int parse_pax(tar_guard *guard) {
    const uint8_t *start = guard->capture.start;
    size_t left = guard->capture.count;
    while (left > 0) {
        size_t length = 0, digits = 0;
        while (digits < left && digits < 7 && start[digits] >= '0' && start[digits] <= '9')
            length = length * 10 + (size_t)(start[digits++] - '0');
        if (digits == 0 || digits >= left || start[digits] != ' ' || length > left || length < digits + 3 ||
            start[length - 1] != '\n')
            return malformed(guard, "a damaged pax header");
        const uint8_t *key = start + digits + 1;
        const uint8_t *equals = memchr(key, '=', length - digits - 2);
        if (!equals) return malformed(guard, "a damaged pax header");
        if (!pax_record(guard, key, (size_t)(equals - key), equals + 1, (size_t)(start + length - 1 - (equals + 1))))
            return 0;
        start += length;
        left -= length;
    }
    return 1;
}

static int extension_complete(tar_guard *guard) {
    int ok;
    if (guard->extension == 'L' || guard->extension == 'K') {
        size_t count = guard->capture.count;
        while (count > 0 && guard->capture.start[count - 1] == 0) count--;
        ok = keep_name(
            guard, guard->extension == 'L' ? &guard->long_path : &guard->long_link, guard->capture.start, count);
    } else {
        ok = parse_pax(guard);
    }
    guard->extension = 0;
    bytes_clear(&guard->capture);
    return ok;
}

static int begin_extension(tar_guard *guard, uint8_t type, int64_t size) {
    if (++guard->extensions > extension_count_limit)
        return malformed(guard, "too many extension headers before a member");
    if (size > extension_limit) return malformed(guard, "an extension header of more than 1 MiB");
    if (size == 0) return malformed(guard, "an empty extension header");
    guard->extension = type;
    guard->capture_left = size;
    bytes_clear(&guard->capture);
    guard->body_left = (size + block_size - 1) / block_size * block_size;
    return 1;
}

static int begin_member(tar_guard *guard, const uint8_t *header, int is_posix) {
    bytes_clear(&guard->path);
    bytes_clear(&guard->link);
    if (guard->long_path.present) {
        if (!bytes_append(&guard->path, guard->long_path.start, guard->long_path.count))
            return malformed(guard, "out of memory");
    } else {
        // GNU's own header keeps times where POSIX keeps the prefix.
        if (is_posix && header[345] != 0) {
            if (!append_field(guard, &guard->path, header + 345, 155)) return 0;
            if (!bytes_append(&guard->path, "/", 1)) return malformed(guard, "out of memory");
        }
        if (!append_field(guard, &guard->path, header, 100)) return 0;
    }
    if (guard->type != '0' && guard->type != '1' && guard->type != '2' && guard->type != '5')
        return refuse(guard, BIO_ARCHIVE_KIND, "");
    if (guard->type == '1' || guard->type == '2') {
        if (guard->long_link.present) {
            if (!bytes_append(&guard->link, guard->long_link.start, guard->long_link.count))
                return malformed(guard, "out of memory");
        } else if (!append_field(guard, &guard->link, header + 157, 100)) {
            return 0;
        }
    }
    // Readers disagree about bodies of links and directories, so there are none.
    if (guard->type != '0' && guard->size != 0)
        return malformed(guard, "a link or directory with a body");
    guard->body_left = (guard->size + block_size - 1) / block_size * block_size;
    bytes_clear(&guard->long_path);
    bytes_clear(&guard->long_link);
    guard->pax_size = -1;
    guard->extensions = 0;
    return 1;
}

static int begin_header(tar_guard *guard, const uint8_t *header) {
    int is_posix = memcmp(header + 257, "ustar\0" "00", 8) == 0;
    int is_gnu = memcmp(header + 257, "ustar  ", 8) == 0;
    if (!is_posix && !is_gnu) return malformed(guard, "a header without the mark of a tar");
    int64_t size = header_number(header + 124, 12);
    if (size < 0 || size > INT64_MAX - block_size) return malformed(guard, "a size that is not a number");
    uint8_t type = header[156] == 0 ? '0' : header[156];
    if (type == 'L' || type == 'K' || type == 'x' || type == 'g') return begin_extension(guard, type, size);
    guard->type = type;
    guard->size = guard->pax_size >= 0 ? guard->pax_size : size;
    return begin_member(guard, header, is_posix);
}

/// The read callback's word for a refusal.
static ptrdiff_t stop(int refusal) { return (ptrdiff_t)refusal - 1; }

static ptrdiff_t hand_out_body(tar_guard *guard, const void **piece) {
    size_t count = guard->filled - guard->position;
    if (count == 0) return stop(refuse(guard, BIO_ARCHIVE_TRUNCATED, ""));
    if ((int64_t)count > guard->body_left) count = (size_t)guard->body_left;
    *piece = guard->buffer + guard->position;
    if (guard->extension) {
        size_t kept = (int64_t)count > guard->capture_left ? (size_t)guard->capture_left : count;
        if (!bytes_append(&guard->capture, *piece, kept)) return stop(malformed(guard, "out of memory"));
        guard->capture_left -= (int64_t)kept;
    }
    guard->position += count;
    guard->body_left -= (int64_t)count;
    if (guard->body_left == 0 && guard->extension && !extension_complete(guard)) return -1;
    return (ptrdiff_t)count;
}

ptrdiff_t guard_next(tar_guard *guard, const void **piece) {
    if (guard->result != BIO_ARCHIVE_OK) return -1;
    if (guard->zero_blocks == 2) return 0;
    if (guard->position == guard->filled && !refill(guard)) return -1;
    if (guard->body_left > 0) return hand_out_body(guard, piece);
    if (guard->filled - guard->position < block_size) return stop(refuse(guard, BIO_ARCHIVE_TRUNCATED, ""));
    const uint8_t *header = guard->buffer + guard->position;
    if (is_zero(header, block_size)) {
        if (guard->extensions > 0) return stop(malformed(guard, "an extension header without its member"));
        guard->zero_blocks++;
    } else if (guard->zero_blocks > 0) {
        return stop(refuse(guard, BIO_ARCHIVE_TRAILING, ""));
    } else if (!begin_header(guard, header)) {
        return -1;
    }
    guard->position += block_size;
    *piece = header;
    return block_size;
}

bio_archive_result guard_finish(tar_guard *guard) {
    if (guard->result != BIO_ARCHIVE_OK) return guard->result;
    if (guard->zero_blocks < 2) return guard->result = BIO_ARCHIVE_TRUNCATED;
    for (size_t padding = 0;;) {
        padding += guard->filled - guard->position;
        // Compressed zeros cost nothing to send and all the more to read.
        if (padding > padding_limit || !is_zero(guard->buffer + guard->position, guard->filled - guard->position))
            return guard->result = BIO_ARCHIVE_TRAILING;
        if (guard->source_ended) return BIO_ARCHIVE_END;
        if (!refill(guard)) return guard->result;
    }
}
