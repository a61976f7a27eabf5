// SPDX-License-Identifier: Apache-2.0
// toml++ (header-only, C++17) behind a flat C view: one array of nodes in document order.

#ifndef CTOML_H
#define CTOML_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum bio_toml_kind {
    BIO_TOML_TABLE,
    BIO_TOML_ARRAY,
    BIO_TOML_STRING,
    BIO_TOML_INTEGER,
    BIO_TOML_FLOAT,
    BIO_TOML_BOOLEAN,
    BIO_TOML_TIME,  // date, time or both, as RFC 3339 text
} bio_toml_kind;

/// One value. The children of a table or an array follow it directly, each with its own children (pre-order).
/// Texts are UTF-8, not NUL-terminated, and live as long as the document.
typedef struct bio_toml_node {
    bio_toml_kind kind;
    uint32_t line;       // from 1; of the key in a table, of the value in an array; 0 when unknown
    uint32_t column;     // from 1, in characters
    size_t children;     // of a table or an array
    const char *key;     // NULL except in a table
    size_t key_length;
    const char *text;    // of a string or a time
    size_t text_length;
    int64_t integer;     // of an integer; 0 or 1 of a boolean
    double number;       // of a float
} bio_toml_node;

typedef struct bio_toml_problem {
    char text[256];  // NUL-terminated; empty when the document was too deep
    uint32_t line;
    uint32_t column;
} bio_toml_problem;

typedef struct bio_toml_document bio_toml_document;

/// Parses UTF-8 TOML 1.0. Returns NULL and fills `*problem` when it is none, or is deeper than `maximum_depth`.
/// The result goes with `bio_toml_free`. Any thread.
bio_toml_document *bio_toml_parse(
    const char *bytes, size_t count, size_t maximum_depth, bio_toml_problem *problem);

/// The nodes; the first is the root table.
const bio_toml_node *bio_toml_nodes(const bio_toml_document *document, size_t *count);

void bio_toml_free(bio_toml_document *document);

#ifdef __cplusplus
}
#endif

#endif
