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

/* ---- Writing JSON ---- */

static void put_string(FILE *out, bio_str string) {
    fputc('"', out);
    for (uint64_t i = 0; i < string.len; i++) {
        unsigned char byte = (unsigned char)string.ptr[i];
        if (byte == '"' || byte == '\\')
            fprintf(out, "\\%c", byte);
        else if (byte < 0x20)
            fprintf(out, "\\u%04x", byte);
        else
            fputc(byte, out);
    }
    fputc('"', out);
}

static void put_package(FILE *out, const bio_graph *graph, uint32_t index) {
    const bio_package *package = graph->packages[index];
    fputs("    {\"ident\": ", out);
    put_string(out, package->ident);
    fputs(", \"artifact\": ", out);
    put_string(out, package->artifact);
    fprintf(out, ", \"root\": %s", package->flags & BIO_PACKAGE_ROOT ? "true" : "false");
    fprintf(out, ", \"size\": %llu, \"files\": %llu, \"deps\": [", (unsigned long long)package->installed_size,
            (unsigned long long)package->file_count);
    const char *comma = "";
    for (uint32_t i = graph->edge_starts[index]; i < graph->edge_starts[index + 1]; i++) {
        if (graph->edges[i].kind != BIO_EDGE_DIRECT) continue;
        fputs(comma, out);
        put_string(out, graph->packages[graph->edges[i].to]->ident);
        comma = ", ";
    }
    fputs("]}", out);
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
    FILE *out = fopen(path, "w");
    if (!out) return fail(host, BIO_E_IO, path, strerror(errno), "check that the disk is not full");
    fputs("{\n  \"packages\": [\n", out);
    for (uint32_t i = 0; i < job->graph->package_count; i++) {
        if (i > 0) fputs(",\n", out);
        put_package(out, job->graph, i);
    }
    fputs("\n  ]\n}\n", out);
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
static const bio_str needs[] = {TEXT(BIO_EXT_FAIL)};

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
    .need_count = 1,
    .needs = needs,
    .create = create,
};
static const bio_format *const formats[] = {&format};

static const bio_plugin plugin = {
    .struct_size = sizeof plugin,
    .abi = BIO_ABI_VERSION,
    .abi_built = BIO_ABI_VERSION,
    .abi_needed = BIO_ABI_VERSION,
    .format_count = 1,
    .id = TEXT("org.biome.example.graph-json"),
    .name = TEXT("graph-json"),
    .version = TEXT("0.1.0"),
    .vendor = TEXT("bio"),
    .license = TEXT("Apache-2.0"),
    .formats = formats,
};

int32_t bio_export_entry(const bio_negotiation *negotiation, const bio_plugin **out) {
    if (negotiation->abi_min > plugin.abi_needed || negotiation->abi_max < plugin.abi_needed) return BIO_E_NEWER;
    *out = &plugin;
    return BIO_OK;
}
