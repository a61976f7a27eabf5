// SPDX-License-Identifier: Apache-2.0
// SPEC: POSIX.1-2017 pax, "ustar Interchange Format" and "pax Interchange Format"; GNU tar manual, "Basic Tar Format".

#define _POSIX_C_SOURCE 200809L
#include "tar_guard.h"

#include <stdlib.h>
#include <string.h>

enum {
    block_size = 512,
    buffer_size = 256 << 10,
    extension_limit = 1 << 20,  // bytes of long names and pax headers before one member
    first_fill = 8 << 10,       // who only looks at the first members should not pay for decoding the others
    extension_count_limit = 8,  // extension headers before one member
    padding_limit = 1 << 20,    // bytes of zeros after the end marker; writers fill up to 10 KiB, large tapes to 1 MiB
};

/// Notes the refusal; always 0, so that a check can end with it.
static int refuse(tar_guard *guard, bio_archive_result result) {
    guard->result = result;
    return 0;
}

static int malformed(tar_guard *guard, bio_tar_fault fault) {
    guard->fault = fault;
    return refuse(guard, BIO_ARCHIVE_MALFORMED);
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
    guard->base += (int64_t)guard->filled;
    size_t wanted = guard->started ? buffer_size : first_fill;
    guard->started = 1;
    guard->filled = 0;
    guard->position = 0;
    while (guard->filled < wanted && !guard->source_ended) {
        ptrdiff_t count = guard->read(guard->context, guard->buffer + guard->filled, wanted - guard->filled);
        if (count < 0) {
            refuse(guard, BIO_ARCHIVE_SOURCE);
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
    if (!bytes_append(bytes, field, length)) return malformed(guard, BIO_TAR_MEMORY);
    if (!is_zero(field + length, count - length)) {
        while (field[count - 1] == 0) count--;
        bytes_append(bytes, field + length, count - length);
        return refuse(guard, BIO_ARCHIVE_NUL);
    }
    return 1;
}

static int keep_name(tar_guard *guard, guard_bytes *name, const uint8_t *start, size_t count) {
    if (name->present)
        return malformed(guard, name == &guard->long_path ? BIO_TAR_TWO_NAMES : BIO_TAR_TWO_TARGETS);
    if (!bytes_append(name, start, count)) return malformed(guard, BIO_TAR_MEMORY);
    if (memchr(start, 0, count)) {
        bytes_clear(&guard->path);
        bytes_append(&guard->path, start, count);
        return refuse(guard, BIO_ARCHIVE_NUL);
    }
    return 1;
}

static int key_is(const uint8_t *key, size_t count, const char *text) {
    return count == strlen(text) && memcmp(key, text, count) == 0;
}

static int key_begins(const uint8_t *key, size_t count, const char *text) {
    return count >= strlen(text) && memcmp(key, text, strlen(text)) == 0;
}

static size_t digits_at(const uint8_t *start, size_t count) {
    size_t digits = 0;
    while (digits < count && start[digits] >= '0' && start[digits] <= '9') digits++;
    return digits;
}

static int pax_size(tar_guard *guard, const uint8_t *value, size_t count) {
    if (guard->pax_size >= 0 || count == 0 || count > 18 || digits_at(value, count) != count)
        return malformed(guard, BIO_TAR_PAX_SIZE);
    int64_t size = 0;
    for (size_t i = 0; i < count; i++) size = size * 10 + (value[i] - '0');
    guard->pax_size = size;
    return 1;
}

/// Decimal seconds; whether a file can have them is not for the guard to say.
static int pax_time(tar_guard *guard, const uint8_t *value, size_t count) {
    size_t sign = count > 0 && value[0] == '-';
    size_t whole = digits_at(value + sign, count - sign);
    size_t end = sign + whole;
    if (end < count && value[end] == '.') end += 1 + digits_at(value + end + 1, count - end - 1);
    return whole > 0 && whole <= 18 && end == count ? 1 : malformed(guard, BIO_TAR_PAX_TIME);
}

static int pax_record(tar_guard *guard, const uint8_t *key, size_t key_count, const uint8_t *value, size_t count) {
    int global = guard->extension == 'g';
    if (memchr(key, 0, key_count)) return malformed(guard, BIO_TAR_PAX_KEY_NUL);
    if (key_begins(key, key_count, "GNU.sparse.") || key_is(key, key_count, "SUN.holesdata") ||
        key_is(key, key_count, "SCHILY.realsize"))
        return malformed(guard, BIO_TAR_PAX_SPARSE);
    if (key_begins(key, key_count, "GNU.volume.") || key_is(key, key_count, "GNU.dumpdir"))
        return malformed(guard, BIO_TAR_PAX_VOLUME);
    int is_path = key_is(key, key_count, "path"), is_link = key_is(key, key_count, "linkpath");
    int is_size = key_is(key, key_count, "size"), is_time = key_is(key, key_count, "mtime");
    // Not all readers heed these.
    if (global && (is_path || is_link || is_size || is_time)) return malformed(guard, BIO_TAR_PAX_GLOBAL);
    if (is_path) return keep_name(guard, &guard->long_path, value, count);
    if (is_link) return keep_name(guard, &guard->long_link, value, count);
    if (is_size) return pax_size(guard, value, count);
    if (is_time) return pax_time(guard, value, count);
    if (key_is(key, key_count, "hdrcharset") && !key_is(value, count, "BINARY") &&
        !key_is(value, count, "ISO-IR 10646 2000 UTF-8"))
        return malformed(guard, BIO_TAR_PAX_CHARSET);
    return 1;
}

/// Records are "LENGTH KEY=VALUE\n", the length counting all of it.
static int parse_pax(tar_guard *guard) {
    const uint8_t *start = guard->capture.start;
    size_t left = guard->capture.count;
    while (left > 0) {
        size_t length = 0, digits = digits_at(start, left < 7 ? left : 7);
        for (size_t i = 0; i < digits; i++) length = length * 10 + (size_t)(start[i] - '0');
        if (digits == 0 || digits >= left || start[digits] != ' ' || length > left || length < digits + 2)
            return malformed(guard, BIO_TAR_PAX_LENGTH);
        const uint8_t *key = start + digits + 1, *end = start + length - 1;
        const uint8_t *equals = end > key ? memchr(key, '=', (size_t)(end - key)) : NULL;
        if (!equals || equals == key || *end != '\n') return malformed(guard, BIO_TAR_PAX_RECORD);
        if (!pax_record(guard, key, (size_t)(equals - key), equals + 1, (size_t)(end - (equals + 1)))) return 0;
        start += length;
        left -= length;
    }
    return 1;
}

/// The name in the body of a GNU `L` or `K` header, which a NUL ends.
static int long_name(tar_guard *guard) {
    size_t count = guard->capture.count;
    if (guard->capture.start[count - 1] != 0) return malformed(guard, BIO_TAR_LONG_NAME_OPEN);
    while (count > 0 && guard->capture.start[count - 1] == 0) count--;
    return keep_name(
        guard, guard->extension == 'L' ? &guard->long_path : &guard->long_link, guard->capture.start, count);
}

static int extension_complete(tar_guard *guard) {
    int ok = guard->extension == 'L' || guard->extension == 'K' ? long_name(guard) : parse_pax(guard);
    guard->extension = 0;
    bytes_clear(&guard->capture);
    return ok;
}

static int begin_extension(tar_guard *guard, uint8_t type, int64_t size) {
    if (++guard->extensions > extension_count_limit)
        return malformed(guard, BIO_TAR_EXTENSION_COUNT);
    if (size > extension_limit - guard->extension_size) return malformed(guard, BIO_TAR_EXTENSION_SIZE);
    if (size == 0) return malformed(guard, BIO_TAR_EXTENSION_EMPTY);
    guard->extension_size += size;
    guard->extension = type;
    guard->capture_left = size;
    bytes_clear(&guard->capture);
    guard->body_left = (size + block_size - 1) / block_size * block_size;
    return 1;
}

static int is_accepted(const tar_guard *guard) {
    if (guard->type == '3' || guard->type == '4' || guard->type == '6') return guard->is_layer;
    return guard->type == '0' || guard->type == '1' || guard->type == '2' || guard->type == '5';
}

static int begin_member(tar_guard *guard, const uint8_t *header, int is_posix) {
    bytes_clear(&guard->path);
    bytes_clear(&guard->link);
    if (guard->long_path.present) {
        if (!bytes_append(&guard->path, guard->long_path.start, guard->long_path.count))
            return malformed(guard, BIO_TAR_MEMORY);
    } else {
        // GNU's own header keeps times where POSIX keeps the prefix.
        if (is_posix && header[345] != 0) {
            if (!append_field(guard, &guard->path, header + 345, 155)) return 0;
            if (!bytes_append(&guard->path, "/", 1)) return malformed(guard, BIO_TAR_MEMORY);
        }
        if (!append_field(guard, &guard->path, header, 100)) return 0;
    }
    if (!is_accepted(guard)) return refuse(guard, BIO_ARCHIVE_KIND);
    if (guard->type == '1' || guard->type == '2') {
        if (guard->long_link.present) {
            if (!bytes_append(&guard->link, guard->long_link.start, guard->long_link.count))
                return malformed(guard, BIO_TAR_MEMORY);
        } else if (!append_field(guard, &guard->link, header + 157, 100)) {
            return 0;
        }
    } else if (guard->long_link.present || header[157] != 0) {
        // Some readers make a link of it.
        return malformed(guard, BIO_TAR_LINK);
    }
    // Readers disagree about bodies of links and directories, so there are none.
    if (guard->type != '0' && guard->size != 0) return malformed(guard, BIO_TAR_BODY);
    guard->body_left = (guard->size + block_size - 1) / block_size * block_size;
    guard->padding = guard->body_left - guard->size;
    bytes_clear(&guard->long_path);
    bytes_clear(&guard->long_link);
    guard->pax_size = -1;
    guard->extensions = 0;
    guard->member_extension_size = guard->extension_size;
    guard->extension_size = 0;
    return 1;
}

/// The sum of a header's bytes, its own field counted as blanks.
static int has_checksum(const uint8_t *header) {
    int64_t sum = 8 * ' ';
    for (size_t i = 0; i < block_size; i++)
        if (i < 148 || i >= 156) sum += header[i];
    return header_number(header + 148, 8) == sum;
}

static int begin_header(tar_guard *guard, const uint8_t *header) {
    int is_posix = memcmp(header + 257, "ustar\0" "00", 8) == 0;
    int is_gnu = memcmp(header + 257, "ustar  ", 8) == 0;
    // Before POSIX there was no mark.
    int is_old = guard->is_layer && is_zero(header + 257, 8);
    if (!is_posix && !is_gnu && !is_old) return malformed(guard, BIO_TAR_MAGIC);
    if (!has_checksum(header)) return malformed(guard, BIO_TAR_CHECKSUM);
    int64_t size = header_number(header + 124, 12);
    if (size < 0 || size > INT64_MAX - block_size) return malformed(guard, BIO_TAR_SIZE_NUMBER);
    uint8_t type = header[156] == 0 ? '0' : header[156];
    if (type == '7' && guard->is_layer) type = '0';  // readers make an ordinary file of a contiguous one
    if (type == 'L' || type == 'K' || type == 'x' || type == 'g') return begin_extension(guard, type, size);
    if (header_number(header + 100, 8) < 0) return malformed(guard, BIO_TAR_MODE_NUMBER);
    if (!guard->is_layer && header_number(header + 136, 12) < 0) return malformed(guard, BIO_TAR_TIME_NUMBER);
    guard->type = type;
    guard->size = guard->pax_size >= 0 ? guard->pax_size : size;
    return begin_member(guard, header, is_posix);
}

/// The read callback's word for a refusal.
static ptrdiff_t stop(int refusal) { return (ptrdiff_t)refusal - 1; }

static ptrdiff_t hand_out_body(tar_guard *guard, const void **piece) {
    size_t count = guard->filled - guard->position;
    // Some writers stop behind the last body: what would fill its block is zeros.
    static const uint8_t zeros[block_size];
    if (count == 0 && guard->is_layer && !guard->extension && guard->body_left <= guard->padding) {
        *piece = zeros;
        ptrdiff_t left = (ptrdiff_t)guard->body_left;
        guard->body_left = 0;
        return left;
    }
    if (count == 0) return stop(refuse(guard, BIO_ARCHIVE_TRUNCATED));
    if ((int64_t)count > guard->body_left) count = (size_t)guard->body_left;
    *piece = guard->buffer + guard->position;
    if (guard->extension) {
        size_t kept = (int64_t)count > guard->capture_left ? (size_t)guard->capture_left : count;
        if (!bytes_append(&guard->capture, *piece, kept)) return stop(malformed(guard, BIO_TAR_MEMORY));
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
    if (guard->is_layer && guard->filled == 0 && guard->extensions == 0) return 0;
    if (guard->filled - guard->position < block_size) return stop(refuse(guard, BIO_ARCHIVE_TRUNCATED));
    const uint8_t *header = guard->buffer + guard->position;
    if (is_zero(header, block_size)) {
        if (guard->extensions > 0) return stop(malformed(guard, BIO_TAR_EXTENSION_ALONE));
        guard->zero_blocks++;
    } else if (guard->zero_blocks > 0) {
        return stop(refuse(guard, BIO_ARCHIVE_TRAILING));
    } else {
        guard->header_offset = guard->base + (int64_t)guard->position;
        if (!begin_header(guard, header)) return -1;
    }
    guard->position += block_size;
    *piece = header;
    return block_size;
}

bio_archive_result guard_finish(tar_guard *guard) {
    if (guard->result != BIO_ARCHIVE_OK) return guard->result;
    if (guard->is_layer) return BIO_ARCHIVE_END;
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
