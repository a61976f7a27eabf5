/* SPDX-License-Identifier: Apache-2.0
 * A plugin that has a service rendered and writes what it was told of it, or a text; or asks in a way that no plugin
 * should: its option --behaviour NAME chooses. */
#include "bio_export.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TEXT(literal) {literal, sizeof literal - 1}
#define COUNT(array) (sizeof array / sizeof array[0])

typedef struct renderer {
    bio_exporter base;
    const bio_host *host;
    const bio_job *job;
} renderer;

static bio_str text(const char *chars) { return (bio_str){chars, strlen(chars)}; }
static int is(const renderer *r, const char *name) { return strcmp(r->job->values[0].text.ptr, name) == 0; }
static const void *service(const renderer *r, const char *id) { return r->host->get_extension(r->host, id); }
static const bio_template *templates(const renderer *r) { return service(r, BIO_EXT_TEMPLATE); }

static int32_t emit(const renderer *r) {
    bio_artifact artifact;
    memset(&artifact, 0, sizeof artifact);
    artifact.struct_size = sizeof artifact;
    artifact.form = BIO_FORM_FILE;
    artifact.role = BIO_ARTIFACT_PRIMARY;
    artifact.kind = text("text");
    artifact.path = text("told");
    return r->host->emit(r->host, &artifact);
}

static FILE *open_told(const renderer *r) {
    char path[4096];
    snprintf(path, sizeof path, "%s/told", r->job->out_dir.ptr);
    return fopen(path, "w");
}

static void put(FILE *file, const char *key, bio_str value) {
    fprintf(file, "%s %.*s\n", key, (int)value.len, value.ptr);
}

/* What the host says of the service. */
static int32_t tell(const renderer *r, const bio_service *told) {
    FILE *file = open_told(r);
    if (!file) return BIO_E_IO;
    put(file, "directory", told->directory);
    put(file, "user", told->user);
    put(file, "group", told->group);
    put(file, "signal", told->stop_signal);
    fprintf(file, "seconds %u\n", told->stop_seconds);
    for (uint32_t i = 0; i < told->hook_count; i++) {
        put(file, "hook", told->hooks[i]->name);
        put(file, "path", told->hooks[i]->path);
        put(file, "interpreter", told->hooks[i]->interpreter);
    }
    for (uint32_t i = 0; i < told->environment_count; i++) put(file, "variable", told->environment[i].key);
    for (uint32_t i = 0; i < told->left_out_count; i++) put(file, "left-out", told->left_out[i]);
    return fclose(file) == 0 ? BIO_OK : BIO_E_IO;
}

/* The number of the service, and of a package that is none. */
static uint32_t find(const renderer *r, uint32_t flag) {
    for (uint32_t i = 0; i < r->job->graph->package_count; i++) {
        if ((r->job->graph->packages[i]->flags & BIO_PACKAGE_SERVICE) == flag) return i;
    }
    return 0;
}

static int32_t render_service(const renderer *r, const bio_service **told) {
    const bio_rootfs *rootfs = service(r, BIO_EXT_ROOTFS);
    bio_handle tree;
    int32_t code = rootfs->begin(r->host, &tree);
    if (code != BIO_OK) return code;
    bio_str bind = TEXT("database=10.0.0.7:5432");
    bio_service_call call;
    memset(&call, 0, sizeof call);
    call.struct_size = sizeof call;
    call.package = find(r, BIO_PACKAGE_SERVICE);
    call.binds = &bind, call.bind_count = 1;
    call.configuration = text("port = 7\n");
    call.configuration_name = text("given.toml");
    if (is(r, "no-package")) call.package = 4000000000u;
    if (is(r, "no-service")) call.package = find(r, 0), call.bind_count = 0;
    if (is(r, "many-binds")) call.bind_count = 5000;
    if (is(r, "null-binds")) call.binds = NULL, call.bind_count = 3;
    if (is(r, "unbound") || is(r, "text-coped")) call.bind_count = 0;
    if (is(r, "short-struct")) call.struct_size = 24;
    if (is(r, "bad-toml")) call.configuration = text("port = ");
    if (is(r, "bytes")) call.configuration = (bio_str){"\xff\xfe", 2};
    if (is(r, "long")) call.configuration.len = 1ull << 40;
    if (is(r, "no-tree")) tree = 7;
    if (is(r, "taken")) {
        bio_str path = TEXT("hab/svc"), content = TEXT("");
        rootfs->add_file(r->host, tree, &path, 0644, &content);
    }
    code = templates(r)->service(r->host, &call, tree, told);
    if (code == BIO_OK && is(r, "twice")) code = templates(r)->service(r->host, &call, tree, told);
    return code;
}

static int32_t render_text(const renderer *r, bio_str *rendered) {
    bio_source source;
    memset(&source, 0, sizeof source);
    source.struct_size = sizeof source;
    source.name = text("a.tmpl");
    source.text = text("{{#each names as |name|}}{{name}} {{/each}}\n");
    bio_node nodes[] = {
        {.kind = BIO_NODE_MAP, .count = 1},
        {.kind = BIO_NODE_LIST, .key = TEXT("names"), .count = 2},
        {.kind = BIO_NODE_STRING, .text = TEXT("a")},
        {.kind = BIO_NODE_STRING, .text = TEXT("b")},
    };
    uint64_t count = COUNT(nodes);
    if (is(r, "text-syntax")) source.syntax = BIO_SYNTAX_JSON;
    if (is(r, "text-list")) nodes[0].kind = BIO_NODE_LIST, nodes[1].key = (bio_str){0, 0};
    if (is(r, "text-empty")) count = 0;
    if (is(r, "text-short")) count = 2;
    if (is(r, "text-broken") || is(r, "text-coped")) source.text = text("{{#if x}}");
    return templates(r)->render(r->host, &source, nodes, count, rendered);
}

static int32_t validate(bio_exporter *exporter, const bio_job *job) {
    ((renderer *)exporter)->job = job;
    return BIO_OK;
}

static int32_t plan(bio_exporter *exporter, const bio_job *job) {
    (void)job;
    return emit((renderer *)exporter);
}

static int32_t run(bio_exporter *exporter, const bio_job *job) {
    renderer *r = (renderer *)exporter;
    const bio_service *told = NULL;
    bio_str rendered;
    (void)job;
    int is_text = strncmp(r->job->values[0].text.ptr, "text", 4) == 0;
    /* What the host refuses here is coped with. */
    if (is(r, "text-coped")) (void)render_service(r, &told);
    int32_t code = is_text ? render_text(r, &rendered) : render_service(r, &told);
    if (code != BIO_OK) return code;
    if (!is_text) {
        code = tell(r, told);
    } else {
        FILE *file = open_told(r);
        if (!file) return BIO_E_IO;
        fwrite(rendered.ptr, 1, rendered.len, file);
        fclose(file);
    }
    return code == BIO_OK ? emit(r) : code;
}

static void destroy(bio_exporter *exporter) { free(exporter); }

static int32_t create(const bio_format *format, const bio_host *host, bio_exporter **out) {
    renderer *made = calloc(1, sizeof *made);
    (void)format;
    if (!made) return BIO_E_LIMIT;
    bio_exporter base = {sizeof base, 0, NULL, validate, plan, run, destroy};
    made->base = base;
    made->host = host;
    *out = &made->base;
    return BIO_OK;
}

static const bio_option behaviour_option = {
    .struct_size = sizeof behaviour_option,
    .kind = BIO_KIND_STRING,
    .id = TEXT("behaviour"),
    .summary = TEXT("Behave like this"),
    .value_name = TEXT("NAME"),
    .default_value = TEXT("good"),
};
static const bio_option *const options[] = {&behaviour_option};
static const bio_str kinds[] = {TEXT("text")};
static const bio_str needs[] = {TEXT(BIO_EXT_TEMPLATE), TEXT(BIO_EXT_ROOTFS)};
static const bio_format format = {
    .struct_size = sizeof format,
    .flags = BIO_FORMAT_REPRODUCIBLE,
    .id = TEXT("renderer"),
    .summary = TEXT("What the host says of a service"),
    .option_count = COUNT(options),
    .options = options,
    .artifact_kind_count = COUNT(kinds),
    .artifact_kinds = kinds,
    .need_count = COUNT(needs),
    .needs = needs,
    .create = create,
};
static const bio_format *const formats[] = {&format};
static const bio_plugin plugin = {
    .struct_size = sizeof plugin,
    .abi = BIO_ABI_1_1,
    .abi_built = BIO_ABI_VERSION,
    .abi_needed = BIO_ABI_1_1,
    .format_count = COUNT(formats),
    .id = TEXT("org.biome.test.renderer"),
    .name = TEXT("renderer"),
    .version = TEXT("0.0.1"),
    .vendor = TEXT("nobody"),
    .license = TEXT("Apache-2.0"),
    .formats = formats,
};

int32_t bio_export_entry(const bio_negotiation *negotiation, const bio_plugin **out) {
    (void)negotiation;
    *out = &plugin;
    return BIO_OK;
}
