/* SPDX-License-Identifier: Apache-2.0
 *
 * What plugins in C would otherwise write by hand, over bio_export.h: texts, tables set to zero, services, refusals. */
#ifndef BIO_PLUGIN_H
#define BIO_PLUGIN_H

#include "bio_export.h"

#include <string.h>

/* A bio_str of a literal, in an initializer: .id = BIO_TEXT("nomad"). */
#define BIO_TEXT(literal) {literal, sizeof(literal) - 1}

/* Sets an open struct to zero and says how large it is: bio_artifact artifact; BIO_INIT(&artifact); */
#define BIO_INIT(table) (memset((table), 0, sizeof *(table)), (void)((table)->struct_size = (uint32_t)sizeof *(table)))

/* The members of an array, for the count beside it. */
#define BIO_COUNT(array) ((uint32_t)(sizeof(array) / sizeof *(array)))

/* A service's table: BIO_SERVICE(host, bio_files, BIO_EXT_FILES)->page(host, …); null when the host lacks it, which
 * bio_check_needs has ruled out for what the format needs. */
#define BIO_SERVICE(host, type, id) ((const type *)(host)->get_extension((host), (id)))

static inline bio_str bio_text(const char *chars) {
    bio_str made = {chars, strlen(chars)};
    return made;
}

static inline int bio_is(bio_str text, const char *chars) {
    return text.len == strlen(chars) && (text.len == 0 || memcmp(text.ptr, chars, text.len) == 0);
}

/* Says why a phase fails; to be returned: return bio_refuse(host, BIO_E_INVALID, BIO_SUBJECT_OPTION, …). */
static inline int32_t bio_refuse(const bio_host *host, int32_t code, uint32_t subject_kind, bio_str subject,
                                 const char *message, const char *hint) {
    const bio_fail *service = BIO_SERVICE(host, bio_fail, BIO_EXT_FAIL);
    bio_error error;
    BIO_INIT(&error);
    error.code = code;
    error.subject_kind = subject_kind;
    error.subject = subject;
    error.message = bio_text(message);
    error.hint = bio_text(hint);
    return service ? service->fail(host, &error) : code;
}

/* Says that memory is short; to be returned. */
static inline int32_t bio_no_memory(const bio_host *host) {
    return bio_refuse(host, BIO_E_LIMIT, BIO_SUBJECT_NONE, bio_text(""), "there is not enough memory",
                      "export fewer packages at once, or give bio more memory");
}

/* Refuses a host that lacks a service that the format needs: the first thing that create does. */
static inline int32_t bio_check_needs(const bio_format *format, const bio_host *host) {
    for (uint32_t i = 0; i < format->need_count; i++)
        if (!host->get_extension(host, format->needs[i].ptr))
            return bio_refuse(host, BIO_E_UNSUPPORTED, BIO_SUBJECT_NONE, bio_text(""),
                              "this host lacks a service that the format needs", "use a newer bio");
    return BIO_OK;
}

/* The user's value of an option, by id; null when the format has no such option. */
static inline const bio_value *bio_option_value(const bio_format *format, const bio_job *job, const char *id) {
    for (uint32_t i = 0; i < format->option_count && i < job->value_count; i++)
        if (bio_is(format->options[i]->id, id)) return &job->values[i];
    return NULL;
}

#endif /* BIO_PLUGIN_H */
