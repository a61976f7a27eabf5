/* SPDX-License-Identifier: Apache-2.0
 * What the files of the test plugin share that has programs run, handles secrets and pushes. */
#ifndef STEWARD_H
#define STEWARD_H

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
    int is_early;     /* in validate, not in run */
    step step;
} behaviour;

extern const behaviour faults[]; /* faults.c */

static inline bio_str text(const char *chars) {
    bio_str made = {chars, strlen(chars)};
    return made;
}

static inline const bio_tool *tools(const task *t) { return t->host->get_extension(t->host, BIO_EXT_TOOL); }

static inline int32_t open_secret(const task *t, const char *option, bio_handle *secret) {
    const bio_secret *secrets = t->host->get_extension(t->host, BIO_EXT_SECRET);
    bio_str name = text(option);
    return secrets->open(t->host, &name, secret);
}

/* `sh -c script` */
static inline int32_t run_call(const task *t, const bio_tool_call *call) {
    const bio_tool_result *result;
    return tools(t)->run(t->host, call, &result);
}

static inline bio_tool_call shell(const bio_str *arguments, uint32_t count) {
    bio_tool_call made;
    memset(&made, 0, sizeof made);
    made.struct_size = sizeof made;
    made.program = text("sh");
    made.arguments = arguments;
    made.argument_count = count;
    return made;
}

/* The letter, as an artifact for the registry that --push names. */
static inline bio_oci_artifact pushed(void) {
    bio_oci_artifact made;
    memset(&made, 0, sizeof made);
    made.struct_size = sizeof made;
    made.option = text("push");
    made.name = text("letter");
    made.tag = text("1.0_2");
    made.config_type = text("application/vnd.biome.test.config+json");
    made.config = text("{\"from\":\"steward\"}");
    made.layer_type = text("text/plain");
    made.layer = text("letter");
    return made;
}

static inline int32_t push(const task *t, const bio_oci_artifact *artifact) {
    const bio_registry *registry = t->host->get_extension(t->host, BIO_EXT_REGISTRY);
    return registry->push(t->host, artifact);
}

#endif
