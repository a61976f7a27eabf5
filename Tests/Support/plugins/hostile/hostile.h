/* SPDX-License-Identifier: Apache-2.0
 * What the hostile plugin's files share: a behaviour is a row with one function for each phase. */
#ifndef HOSTILE_H
#define HOSTILE_H

#include "bio_export.h"

#include <stdio.h>
#include <string.h>

#define TEXT(literal) {literal, sizeof literal - 1}
#define FILE_NAME "hostile.txt"
#define CONTENT "hello\n"

/* What a behaviour gets. */
typedef struct task {
    const bio_host *host;
    const bio_job *job;
} task;

typedef int32_t (*phase)(const task *);
typedef struct behaviour {
    const char *name; /* null: the end of the table */
    phase validate, plan, run;
} behaviour;

extern const behaviour bad_ends[];  /* bad_ends.c: crashes, hangs, floods, speaking past the tables */
extern const behaviour lies[];      /* lies.c: artifacts that are not what is said */
extern const behaviour bad_calls[]; /* bad_calls.c: services called wrongly, failures without sense */
extern const behaviour escapes[];   /* escapes.c: attempts to leave the sandbox */

/* ---- Honest pieces that the dishonest ones are made of ---- */

static inline bio_str text(const char *chars) {
    bio_str made = {chars, strlen(chars)};
    return made;
}

static inline const void *service(const task *t, const char *id) { return t->host->get_extension(t->host, id); }

static inline void say(const task *t, const char *chars) {
    const bio_log *log = service(t, BIO_EXT_LOG);
    bio_str line = text(chars);
    log->write(t->host, BIO_LOG_NOTE, &line);
}

static inline bio_artifact artifact(const char *path) {
    bio_artifact made;
    memset(&made, 0, sizeof made);
    made.struct_size = sizeof made;
    made.form = BIO_FORM_FILE;
    made.role = BIO_ARTIFACT_PRIMARY;
    made.kind = text("text");
    made.path = text(path);
    return made;
}

static inline int32_t emit(const task *t, bio_artifact made) { return t->host->emit(t->host, &made); }
static inline int32_t emit_path(const task *t, const char *path) { return emit(t, artifact(path)); }

/* A path below a directory of the job; two may be in use at a time. */
static inline const char *at(bio_str directory, const char *name) {
    static char paths[2][4200];
    static int next;
    char *path = paths[next++ % 2];
    snprintf(path, sizeof paths[0], "%s/%s", directory.ptr, name);
    return path;
}

static inline void put(const char *path, const char *content) {
    FILE *out = fopen(path, "w");
    if (!out) return;
    fputs(content, out);
    fclose(out);
}

static inline void put_out(const task *t, const char *name) { put(at(t->job->out_dir, name), CONTENT); }

static inline int32_t good_validate(const task *t) {
    (void)t;
    return BIO_OK;
}
static inline int32_t good_plan(const task *t) { return emit_path(t, FILE_NAME); }
static inline int32_t good_run(const task *t) {
    put_out(t, FILE_NAME);
    return emit_path(t, FILE_NAME);
}

#endif
