/* SPDX-License-Identifier: Apache-2.0
 * A plugin that reads a document (--text, in the language --from) and writes it again (in --to), each value with its
 * place when --places is given; or calls bio.host.document/1 in a way that no plugin should: --behaviour NAME chooses a
 * row of faults.c. */
#include "scribe.h"

typedef struct scribe {
    bio_exporter base;
    task task;
} scribe;

static bio_str value(const bio_job *job, int index) { return job->values[index].text; }

static uint32_t syntax(bio_str name) {
    static const char *const names[] = {"json", "toml", "yaml", "json-compact", "yaml-template"};
    for (uint32_t i = 0; i < COUNT(names); i++)
        if (strcmp(name.ptr, names[i]) == 0) return i + 1;
    return 0;
}

/* Every value becomes its place, as in "3:14". */
static void place(bio_node *node, const bio_host *host) {
    const bio_arena *arena = host->get_extension(host, BIO_EXT_ARENA);
    char *chars = arena->allocate(host, 32, 1);
    snprintf(chars, 32, "%u:%u", node->line, node->column);
    if (node->kind == BIO_NODE_MAP || node->kind == BIO_NODE_LIST) return;
    node->kind = BIO_NODE_STRING;
    node->text = text(chars);
}

static int32_t convert(const task *t, bio_str *written) {
    const bio_document *document;
    bio_source from = source(syntax(value(t->job, 2)), value(t->job, 1));
    int32_t code = documents(t)->read(t->host, &from, &document);
    if (code != BIO_OK) return code;
    const bio_arena *arena = t->host->get_extension(t->host, BIO_EXT_ARENA);
    bio_node *nodes = arena->allocate(t->host, (document->node_count + 1) * sizeof *nodes, 8);
    if (document->node_count) memcpy(nodes, document->nodes, document->node_count * sizeof *nodes);
    if (t->job->values[4].integer)
        for (uint64_t i = 0; i < document->node_count; i++) place(&nodes[i], t->host);
    return documents(t)->write(t->host, syntax(value(t->job, 3)), nodes, document->node_count, written);
}

static int32_t emit(const task *t) {
    bio_artifact artifact;
    memset(&artifact, 0, sizeof artifact);
    artifact.struct_size = sizeof artifact;
    artifact.form = BIO_FORM_FILE;
    artifact.role = BIO_ARTIFACT_PRIMARY;
    artifact.kind = text("text");
    artifact.path = text("written");
    return t->host->emit(t->host, &artifact);
}

static int32_t validate(bio_exporter *exporter, const bio_job *job) {
    scribe *own = (scribe *)exporter;
    own->task.job = job;
    bio_str name = value(job, 0);
    if (strcmp(name.ptr, "convert") == 0) return BIO_OK;
    for (const behaviour *row = faults; row->name; row++)
        if (strcmp(name.ptr, row->name) == 0) return row->step(&own->task);
    return BIO_E_UNSUPPORTED;
}
static int32_t plan(bio_exporter *exporter, const bio_job *job) {
    (void)job;
    return emit(&((scribe *)exporter)->task);
}
static int32_t run(bio_exporter *exporter, const bio_job *job) {
    scribe *own = (scribe *)exporter;
    bio_str written;
    int32_t code = convert(&own->task, &written);
    if (code != BIO_OK) return code;
    char path[4096];
    snprintf(path, sizeof path, "%s/written", job->out_dir.ptr);
    FILE *file = fopen(path, "w");
    if (!file) return BIO_E_IO;
    fwrite(written.ptr, 1, written.len, file);
    if (fclose(file) != 0) return BIO_E_IO;
    return emit(&own->task);
}
static void destroy(bio_exporter *exporter) { free(exporter); }

static int32_t create(const bio_format *format, const bio_host *host, bio_exporter **out) {
    (void)format;
    scribe *made = calloc(1, sizeof *made);
    if (!made) return BIO_E_LIMIT;
    bio_exporter base = {sizeof base, 0, NULL, validate, plan, run, destroy};
    made->base = base;
    made->task.host = host;
    *out = &made->base;
    return BIO_OK;
}

#define STRING_OPTION(name, summary_text, standard)                                                             \
    {                                                                                                           \
        .struct_size = sizeof(bio_option), .kind = BIO_KIND_STRING, .id = TEXT(name), .summary = TEXT(summary_text), \
        .value_name = TEXT("TEXT"), .default_value = TEXT(standard)                                             \
    }
static const bio_option behaviour_option = STRING_OPTION("behaviour", "Behave like this", "convert");
static const bio_option text_option = STRING_OPTION("text", "Read this", "");
static const bio_option from_option = STRING_OPTION("from", "Read it in this language", "json");
static const bio_option to_option = STRING_OPTION("to", "Write it in this language", "json-compact");
static const bio_option places_option = {
    .struct_size = sizeof places_option,
    .kind = BIO_KIND_BOOL,
    .id = TEXT("places"),
    .summary = TEXT("Write places, not values"),
};
static const bio_option *const options[] = {&behaviour_option, &text_option, &from_option, &to_option, &places_option};
static const bio_str kinds[] = {TEXT("text")};
static const bio_str groups[] = {TEXT(BIO_GROUP_PACKAGES)};
static const bio_str needs[] = {TEXT(BIO_EXT_DOCUMENT), TEXT(BIO_EXT_ARENA)};
static const bio_format format = {
    .struct_size = sizeof format,
    .id = TEXT("scribe"),
    .summary = TEXT("A document, written again"),
    .option_count = COUNT(options),
    .options = options,
    .group_count = COUNT(groups),
    .groups = groups,
    .artifact_kind_count = 1,
    .artifact_kinds = kinds,
    .need_count = COUNT(needs),
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
    .id = TEXT("org.biome.test.scribe"),
    .name = TEXT("scribe"),
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
