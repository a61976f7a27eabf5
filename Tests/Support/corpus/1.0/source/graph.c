/* SPDX-License-Identifier: Apache-2.0
 * A complete export format in C: `bio pkg export graph-json PKG` writes the closure as JSON. Needs bio_export.h, a C
 * compiler, and nothing else: see the Makefile beside this file. */
#include "bio_export.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TEXT(literal) {literal, sizeof literal - 1}

static bio_str text(const char *chars) {
    bio_str made = {chars, strlen(chars)};
    return made;
}

/* ---- Failing with a reason ---- */

static int32_t fail(const bio_host *host, int32_t code, const char *subject, const char *message, const char *hint) {
    const bio_fail *service = host->get_extension(host, BIO_EXT_FAIL);
    bio_error error = {sizeof error, 0, code, BIO_SUBJECT_PATH, text(subject), text(message), text(hint)};
    return service->fail(host, &error);
}

/* ---- The document: nodes in an array of the host's, which is zeroed and lives long enough ---- */

static bio_node *add(bio_node **next, const char *key, uint32_t kind) {
    bio_node *node = (*next)++;
    node->key = text(key);
    node->kind = kind;
    return node;
}

static void add_package(bio_node **next, const bio_graph *graph, uint32_t index) {
    const bio_package *package = graph->packages[index];
    add(next, "", BIO_NODE_MAP)->count = 6;
    add(next, "ident", BIO_NODE_STRING)->text = package->ident;
    add(next, "artifact", BIO_NODE_STRING)->text = package->artifact;
    add(next, "root", BIO_NODE_BOOL)->integer = (package->flags & BIO_PACKAGE_ROOT) != 0;
    add(next, "size", BIO_NODE_INTEGER)->integer = (int64_t)package->installed_size;
    add(next, "files", BIO_NODE_INTEGER)->integer = (int64_t)package->file_count;
    bio_node *deps = add(next, "deps", BIO_NODE_LIST);
    for (uint32_t i = graph->edge_starts[index]; i < graph->edge_starts[index + 1]; i++) {
        if (graph->edges[i].kind != BIO_EDGE_DIRECT) continue;
        add(next, "", BIO_NODE_STRING)->text = graph->packages[graph->edges[i].to]->ident;
        deps->count++;
    }
}

/* The graph as JSON; the host writes it, and quotes what needs quotes. */
static int32_t write_graph(const bio_host *host, const bio_graph *graph, bio_str *json) {
    const bio_arena *arena = host->get_extension(host, BIO_EXT_ARENA);
    const bio_documents *documents = host->get_extension(host, BIO_EXT_DOCUMENT);
    uint64_t most = 2 + 7 * (uint64_t)graph->package_count + graph->edge_count;
    bio_node *nodes = arena->allocate(host, most * sizeof *nodes, sizeof(void *)), *next = nodes;
    if (!nodes) return fail(host, BIO_E_LIMIT, "", "the graph is too large", "export fewer packages at once");
    add(&next, "", BIO_NODE_MAP)->count = 1;
    add(&next, "packages", BIO_NODE_LIST)->count = graph->package_count;
    for (uint32_t i = 0; i < graph->package_count; i++) add_package(&next, graph, i);
    return documents->write(host, BIO_SYNTAX_JSON, nodes, (uint64_t)(next - nodes), json);
}

/* ---- The exporter ---- */

typedef struct graph_exporter {
    bio_exporter base; /* first, so that a bio_exporter * is a graph_exporter * */
    const bio_host *host;
} graph_exporter;

static bio_str file_name(const bio_job *job) {
    return job->output_name.len > 0 ? job->output_name : text("graph.json");
}

static int32_t emit(const bio_host *host, const bio_job *job) {
    bio_artifact artifact;
    memset(&artifact, 0, sizeof artifact);
    artifact.struct_size = sizeof artifact;
    artifact.flags = BIO_ARTIFACT_REPRODUCIBLE;
    artifact.form = BIO_FORM_FILE;
    artifact.role = BIO_ARTIFACT_PRIMARY;
    artifact.kind = text("package-graph");
    artifact.media_type = text("application/json");
    artifact.path = file_name(job);
    return host->emit(host, &artifact);
}

static int32_t validate(bio_exporter *exporter, const bio_job *job) {
    if (job->graph->root_count > 0) return BIO_OK;
    return fail(((graph_exporter *)exporter)->host, BIO_E_INVALID, "", "there is no package to export", "name one");
}

static int32_t plan(bio_exporter *exporter, const bio_job *job) { return emit(((graph_exporter *)exporter)->host, job); }

static int32_t run(bio_exporter *exporter, const bio_job *job) {
    const bio_host *host = ((graph_exporter *)exporter)->host;
    bio_str name = file_name(job);
    char path[4096]; /* host strings end with a NUL, so %s may be used */
    if (snprintf(path, sizeof path, "%s/%s", job->out_dir.ptr, name.ptr) >= (int)sizeof path)
        return fail(host, BIO_E_LIMIT, name.ptr, "the output path is too long", "choose a shorter one");
    bio_str json;
    int32_t code = write_graph(host, job->graph, &json);
    if (code != BIO_OK) return code; /* the host has said why */
    FILE *out = fopen(path, "w");
    if (!out) return fail(host, BIO_E_IO, path, strerror(errno), "check that the disk is not full");
    fwrite(json.ptr, 1, json.len, out);
    int failed = ferror(out);
    if (fclose(out) != 0 || failed) return fail(host, BIO_E_IO, path, "writing failed", "check that the disk is not full");
    return emit(host, job);
}

static void destroy(bio_exporter *exporter) { free(exporter); }

static int32_t create(const bio_format *format, const bio_host *host, bio_exporter **out) {
    (void)format;
    graph_exporter *made = calloc(1, sizeof *made);
    if (!made) return fail(host, BIO_E_LIMIT, "", "there is no memory", "end other programs");
    made->base.struct_size = sizeof made->base;
    made->base.validate = validate;
    made->base.plan = plan;
    made->base.run = run;
    made->base.destroy = destroy;
    made->host = host;
    *out = &made->base;
    return BIO_OK;
}

/* ---- Who we are ---- */

static const bio_str kinds[] = {TEXT("package-graph")};
static const bio_str groups[] = {TEXT(BIO_GROUP_PACKAGES)};
static const bio_str needs[] = {TEXT(BIO_EXT_FAIL), TEXT(BIO_EXT_ARENA), TEXT(BIO_EXT_DOCUMENT)};

static const bio_format format = {
    .struct_size = sizeof format,
    .flags = BIO_FORMAT_REPRODUCIBLE | BIO_FORMAT_STREAMABLE,
    .id = TEXT("graph-json"),
    .summary = TEXT("The package graph as JSON"),
    .doc = TEXT("One object a package, in layer order, with its direct dependencies."),
    .group_count = 1,
    .groups = groups,
    .artifact_kind_count = 1,
    .artifact_kinds = kinds,
    .need_count = sizeof needs / sizeof needs[0],
    .needs = needs,
    .create = create,
};
static const bio_format *const formats[] = {&format};

static const bio_plugin plugin = {
    .struct_size = sizeof plugin,
    .abi = BIO_ABI_1_0,
    .abi_built = BIO_ABI_VERSION,
    .abi_needed = BIO_ABI_1_0,
    .format_count = 1,
    .id = TEXT("org.biome.example.graph-json"),
    .name = TEXT("graph-json"),
    .version = TEXT("0.1.0"),
    .vendor = TEXT("bio"),
    .license = TEXT("Apache-2.0"),
    .formats = formats,
};

int32_t bio_export_entry(const bio_negotiation *negotiation, const bio_plugin **out) {
    if (negotiation->abi_max < plugin.abi_needed) return BIO_E_NEWER;
    *out = &plugin;
    return BIO_OK;
}
