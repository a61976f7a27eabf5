/* SPDX-License-Identifier: Apache-2.0
 * What the files of the document-writing test plugin share. */
#ifndef SCRIBE_H
#define SCRIBE_H

#include "bio_export.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TEXT(literal) {literal, sizeof literal - 1}
#define COUNT(array) (uint32_t)(sizeof(array) / sizeof(array)[0])

/* What a behaviour gets. */
typedef struct task {
    const bio_host *host;
    const bio_job *job;
} task;

typedef int32_t (*step)(const task *);

typedef struct behaviour {
    const char *name; /* null: the end of the table */
    step step;
} behaviour;

extern const behaviour faults[]; /* faults.c */

static inline bio_str text(const char *chars) {
    bio_str made = {chars, strlen(chars)};
    return made;
}

static inline const bio_documents *documents(const task *t) {
    return t->host->get_extension(t->host, BIO_EXT_DOCUMENT);
}

static inline int32_t write_nodes(const task *t, uint32_t syntax, const bio_node *nodes, uint64_t count) {
    bio_str written;
    return documents(t)->write(t->host, syntax, nodes, count, &written);
}

static inline bio_source source(uint32_t syntax, bio_str from) {
    bio_source made;
    memset(&made, 0, sizeof made);
    made.struct_size = sizeof made;
    made.syntax = syntax;
    made.subject_kind = BIO_SUBJECT_OPTION;
    made.subject = text("text");
    made.name = text("the text");
    made.text = from;
    return made;
}

static inline int32_t read_text(const task *t, uint32_t syntax, bio_str from) {
    const bio_document *document;
    bio_source made = source(syntax, from);
    return documents(t)->read(t->host, &made, &document);
}

#endif
