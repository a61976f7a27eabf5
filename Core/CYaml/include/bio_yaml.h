// SPDX-License-Identifier: Apache-2.0
// The parser of libyaml, one event at a time: what Swift sees of its structs is flat. libyaml is bound on first use, so
// that a program start does not pay for it.

#ifndef BIO_YAML_H
#define BIO_YAML_H

#include <stddef.h>
#include <stdint.h>

/// One text being parsed. One thread at a time.
typedef struct bio_yaml bio_yaml;

typedef enum bio_yaml_kind {
    BIO_YAML_NONE,  // nothing that a reader needs: go on
    BIO_YAML_STREAM_END,
    BIO_YAML_DOCUMENT_START,
    BIO_YAML_DOCUMENT_END,
    BIO_YAML_ALIAS,
    BIO_YAML_SCALAR,
    BIO_YAML_LIST_START,
    BIO_YAML_LIST_END,
    BIO_YAML_MAP_START,
    BIO_YAML_MAP_END,
} bio_yaml_kind;

/// One event. Its texts are UTF-8 and live until the next call.
typedef struct bio_yaml_event {
    bio_yaml_kind kind;
    int is_plain;    // of a scalar: written without quotes, and no block
    uint32_t line;   // where it begins, both from 1; columns count characters
    uint32_t column;
    const char *_Nullable text;    // of a scalar; `length` bytes, which may be NULs
    size_t length;
    const char *_Nullable anchor;  // NUL-terminated: its own, or the one that an alias names
    const char *_Nullable tag;     // NUL-terminated, with its prefix put in
} bio_yaml_event;

/// What is wrong with the text: NUL-terminated, empty when there was no memory; where, from 1.
typedef struct bio_yaml_problem {
    char text[256];
    uint32_t line;
    uint32_t column;
} bio_yaml_problem;

/// Begins with UTF-8 `bytes`, which must outlive the parser. NULL when libyaml cannot be bound (`*problem` is then a
/// static text) or has no memory (`*problem` is NULL).
bio_yaml *_Nullable bio_yaml_new(
    const void *_Nullable bytes, size_t count, const char *_Nullable *_Nonnull problem);
/// The next event: 1, or 0 with `*problem` filled. Not after BIO_YAML_STREAM_END or a problem.
int bio_yaml_next(bio_yaml *_Nonnull yaml, bio_yaml_event *_Nonnull event, bio_yaml_problem *_Nonnull problem);
void bio_yaml_free(bio_yaml *_Nonnull yaml);

#endif
