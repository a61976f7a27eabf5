/* SPDX-License-Identifier: Apache-2.0
 *
 * The exec bridge: a plugin whose formats are made by a script. The library reads what the formats are from plugin.toml
 * beside it, and speaks JSON with the script (docs/reference/exec.md). One library serves every such plugin. */
#ifndef BIO_EXEC_BRIDGE_H
#define BIO_EXEC_BRIDGE_H

#include "bio_plugin.h"

/* ---- Documents that were read (nodes.c) ---- */

typedef struct nodes {
    const bio_node *first; /* what it is about, and behind it all that is in it; null: nothing */
} nodes;

/* The item after this one, whatever is in it. */
const bio_node *node_after(const bio_node *node);
/* A member of a map; nothing when it has none of that name. */
nodes node_member(nodes map, const char *key);
/* The first item of a list or map. */
static inline const bio_node *node_first(nodes list) { return list.first + 1; }
static inline uint32_t node_count(nodes list) { return list.first ? list.first->count : 0; }
static inline int node_is(nodes node, uint32_t kind) { return node.first && node.first->kind == kind; }
/* A copy for ever, with a NUL; empty for nothing. */
bio_str text_kept(bio_str text);

/* ---- What the plugin is (describe.c) ---- */

typedef struct exec_format {
    bio_format table; /* first, so that a bio_format * is an exec_format * */
    int lists_files;  /* whether a job names every file of its packages */
} exec_format;

typedef struct exec_plugin {
    bio_plugin table;
    bio_str directory;
    char **command; /* with a null at its end */
} exec_plugin;

/* The plugin of plugin.toml in `directory`; null when it is none, which the log says. `create` goes to its formats. */
exec_plugin *plugin_described(const bio_host *host, bio_str directory,
                              int32_t (*create)(const bio_format *, const bio_host *, bio_exporter **));

/* ---- What a script is asked (request.c) ---- */

/* The request as JSON, which lives until destroy; a code when there is none, with its reason. */
int32_t request_write(const bio_host *host, const exec_format *format, const bio_job *job, const char *phase,
                      bio_str *json);

/* ---- What stands in its environment (environment.c) ---- */

enum { MOST_VARIABLES = 512 };

typedef struct environment {
    char *entries[MOST_VARIABLES + 1]; /* with a null at its end */
    uint32_t count, own;               /* the last `own` were made here */
} environment;

void environment_fill(environment *made, const exec_plugin *plugin, const exec_format *format, const bio_job *job,
                      const char *phase);
void environment_free(environment *made);

/* ---- What it does (script.c) ---- */

typedef struct script_end {
    bio_str output;    /* its standard output; to be freed */
    int32_t code;      /* its exit code, or -N for signal N */
    char last[4096];   /* the last line of its standard error */
} script_end;

/* Runs the script to its end, its standard error as log. BIO_OK whatever its exit code; else a code with its reason. */
int32_t script_run(const bio_host *host, const exec_plugin *plugin, const exec_format *format, const bio_job *job,
                   const char *phase, bio_str request, script_end *end);

/* ---- What it answers (answer.c) ---- */

/* Emits what the script says it makes, or hands over why it failed. */
int32_t answer_take(const bio_host *host, const exec_plugin *plugin, const exec_format *format, const char *phase,
                    const script_end *end);

#endif /* BIO_EXEC_BRIDGE_H */
