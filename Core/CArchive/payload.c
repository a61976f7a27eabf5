// SPDX-License-Identifier: Apache-2.0

#define _GNU_SOURCE
#include "bio_archive.h"
#include "bio_system.h"
#include "tar_guard.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <locale.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define FUNCTIONS(each)            \
    each(archive_read_new)                \
    each(archive_read_support_format_tar) \
    each(archive_read_open)        \
    each(archive_read_next_header) \
    each(archive_read_data_block)  \
    each(archive_read_free)        \
    each(archive_error_string)     \
    each(archive_entry_pathname)   \
    each(archive_entry_hardlink)   \
    each(archive_entry_symlink)    \
    each(archive_entry_filetype)   \
    each(archive_entry_perm)       \
    each(archive_entry_mtime)      \
    each(archive_entry_size)       \
    each(archive_entry_uid)        \
    each(archive_entry_gid)        \
    each(archive_entry_rdevmajor)  \
    each(archive_entry_rdevminor)

#define INDEX(name) index_##name,
#define NAME(name) #name,
enum { FUNCTIONS(INDEX) function_count };
static const char *const names[] = {FUNCTIONS(NAME)};
static void *slots[function_count];
static bio_late_library library = {"libarchive.so.13", names, slots, function_count, 0};

#define CALL(name) ((__typeof__(&name))slots[index_##name])

static locale_t utf8_locale;
static pthread_once_t locale_once = PTHREAD_ONCE_INIT;
static void make_locale(void) { utf8_locale = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0); }

struct bio_payload {
    tar_guard guard;
    struct archive *archive;
    const char *text;  // libarchive's words
    int opened;
};

/// Where libarchive cannot convert a name it asks errno whether that was for want of memory, and ends the program then:
/// an ENOMEM of somebody else's must not be there.
static void clear_memory_error(void) { errno = 0; }

static la_ssize_t read_piece(struct archive *archive, void *context, const void **piece) {
    (void)archive;
    la_ssize_t count = (la_ssize_t)guard_next(context, piece);
    clear_memory_error();
    return count;
}

bio_payload *bio_payload_open(bio_read_function read, void *context, const char **problem) {
    *problem = bio_late_bind(&library);
    if (*problem) return NULL;
    *problem = "out of memory";
    pthread_once(&locale_once, make_locale);
    bio_payload *payload = calloc(1, sizeof *payload);
    if (!payload) return NULL;
    payload->archive = CALL(archive_read_new)();
    if (!guard_open(&payload->guard, read, context) || !payload->archive ||
        CALL(archive_read_support_format_tar)(payload->archive) != ARCHIVE_OK) {
        bio_payload_close(payload);
        return NULL;
    }
    *problem = NULL;
    return payload;
}

void bio_payload_expect_layer(bio_payload *payload) { payload->guard.is_layer = 1; }

static bio_archive_result fail(bio_payload *payload) {
    if (payload->guard.result != BIO_ARCHIVE_OK) return payload->guard.result;
    const char *text = CALL(archive_error_string)(payload->archive);
    payload->text = text ? text : "";
    payload->guard.fault = BIO_TAR_LIBRARY;
    return payload->guard.result = BIO_ARCHIVE_MALFORMED;
}

/// libarchive converts names to the locale of the thread. Ours is lent for the call, so that the process's does
/// not decide whether a package can be read.
static int next_header(bio_payload *payload, struct archive_entry **entry) {
    clear_memory_error();
    locale_t previous = utf8_locale ? uselocale(utf8_locale) : (locale_t)0;
    int result = ARCHIVE_OK;
    if (!payload->opened) {
        // Opening reads the first header already, and the guard may refuse it.
        payload->opened = 1;
        result = CALL(archive_read_open)(payload->archive, &payload->guard, NULL, read_piece, NULL);
    }
    if (result == ARCHIVE_OK) result = CALL(archive_read_next_header)(payload->archive, entry);
    if (previous) uselocale(previous);
    return result;
}

/// A plain name must look the same to both parsers.
static int names_agree(const guard_bytes *name, const char *other) {
    for (size_t i = 0; i < name->count; i++)
        if (name->start[i] < 0x20 || name->start[i] > 0x7e) return 1;
    return other && strlen(other) == name->count && memcmp(other, name->start, name->count) == 0;
}

static int kinds_agree(const tar_guard *guard, struct archive_entry *entry) {
    const char *hard_link = CALL(archive_entry_hardlink)(entry);
    switch (guard->type) {
    case '1': return hard_link && names_agree(&guard->link, hard_link);
    case '2':
        return CALL(archive_entry_filetype)(entry) == AE_IFLNK &&
               names_agree(&guard->link, CALL(archive_entry_symlink)(entry));
    case '3': return !hard_link && CALL(archive_entry_filetype)(entry) == AE_IFCHR;
    case '4': return !hard_link && CALL(archive_entry_filetype)(entry) == AE_IFBLK;
    case '5': return !hard_link && CALL(archive_entry_filetype)(entry) == AE_IFDIR;
    case '6': return !hard_link && CALL(archive_entry_filetype)(entry) == AE_IFIFO;
    default: return !hard_link && CALL(archive_entry_filetype)(entry) == AE_IFREG;
    }
}

/// Two parsers read each header, and must read the same.
static int agree(const tar_guard *guard, struct archive_entry *entry) {
    clear_memory_error();
    return CALL(archive_entry_size)(entry) == guard->size &&
           names_agree(&guard->path, CALL(archive_entry_pathname)(entry)) && kinds_agree(guard, entry);
}

static void describe(const tar_guard *guard, bio_member *member) {
    member->path = guard->path.start;
    member->path_count = guard->path.count;
    member->link = guard->link.start;
    member->link_count = guard->link.count;
    member->type = guard->type;
    member->size = guard->size;
    member->extension_size = guard->member_extension_size;
}

bio_archive_result bio_payload_next(bio_payload *payload, bio_member *member) {
    tar_guard *guard = &payload->guard;
    memset(member, 0, sizeof *member);
    if (guard->result != BIO_ARCHIVE_OK) return guard->result;
    struct archive_entry *entry = NULL;
    int result = next_header(payload, &entry);
    if (guard->result != BIO_ARCHIVE_OK) {
        describe(guard, member);
        return guard->result;
    }
    if (result == ARCHIVE_EOF) return guard_finish(guard);
    if (result != ARCHIVE_OK) return fail(payload);
    describe(guard, member);
    if (!agree(guard, entry)) {
        guard->fault = BIO_TAR_TWO_READINGS;
        return guard->result = BIO_ARCHIVE_MALFORMED;
    }
    member->mode = (uint32_t)CALL(archive_entry_perm)(entry) & 07777;
    member->mtime = (int64_t)CALL(archive_entry_mtime)(entry);
    member->uid = (int64_t)CALL(archive_entry_uid)(entry);
    member->gid = (int64_t)CALL(archive_entry_gid)(entry);
    if (guard->type == '3' || guard->type == '4') {
        member->device_major = (uint32_t)CALL(archive_entry_rdevmajor)(entry);
        member->device_minor = (uint32_t)CALL(archive_entry_rdevminor)(entry);
    }
    return BIO_ARCHIVE_OK;
}

bio_archive_result bio_payload_block(bio_payload *payload, const void **bytes, size_t *count) {
    la_int64_t offset;
    *count = 0;
    if (payload->guard.result != BIO_ARCHIVE_OK) return payload->guard.result;
    int result;
    do result = CALL(archive_read_data_block)(payload->archive, bytes, count, &offset);
    while (result == ARCHIVE_OK && *count == 0);
    if (result == ARCHIVE_OK) return BIO_ARCHIVE_OK;
    *count = 0;
    return result == ARCHIVE_EOF ? BIO_ARCHIVE_OK : fail(payload);
}

bio_tar_fault bio_payload_fault(const bio_payload *payload) { return payload->guard.fault; }

int64_t bio_payload_fault_offset(const bio_payload *payload) { return payload->guard.header_offset; }

const char *bio_payload_text(const bio_payload *payload) { return payload->text; }

void bio_payload_close(bio_payload *payload) {
    if (!payload) return;
    if (payload->archive) CALL(archive_read_free)(payload->archive);
    guard_close(&payload->guard);
    free(payload);
}
