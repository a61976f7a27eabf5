/* SPDX-License-Identifier: Apache-2.0
 * The mirror in C: writes the job as JSON, with the code that makes the requests of the exec bridge. */
#include "request.c"

static int32_t create(const bio_format *format, const bio_host *host, bio_exporter **out);

/* ---- Options of every kind ---- */

#define OPTION(name, of_kind, text, value) \
    .struct_size = sizeof(bio_option), .kind = of_kind, .id = BIO_TEXT(name), .summary = BIO_TEXT(text), \
    .value_name = BIO_TEXT(value)

static const bio_kv shapes[] = {{BIO_TEXT("round"), BIO_TEXT("without corners")}, {BIO_TEXT("square"), BIO_TEXT("with four")}};
static const bio_option flag = {OPTION("flag", BIO_KIND_BOOL, "Be on", "")};
static const bio_option count = {OPTION("count", BIO_KIND_INT, "So many", "N"), .default_value = BIO_TEXT("3"), .maximum = 10};
static const bio_option word = {OPTION("word", BIO_KIND_STRING, "Say this", "TEXT"), .default_value = BIO_TEXT("hello")};
static const bio_option path = {OPTION("path", BIO_KIND_PATH, "Name this file", "FILE")};
static const bio_option shape = {OPTION("shape", BIO_KIND_CHOICE, "Have this shape", "NAME"), .default_value = BIO_TEXT("round"),
                                 .choices = shapes, .choice_count = BIO_COUNT(shapes)};
static const bio_option item = {OPTION("item", BIO_KIND_LIST, "Hold this, too", "TEXT")};
static const bio_option packing = {OPTION("packing", BIO_KIND_COMPRESSION, "Be packed so", "NAME"), .default_value = BIO_TEXT("gzip")};
static const bio_option refuse = {OPTION("refuse", BIO_KIND_STRING, "Refuse with these words", "TEXT")};
static const bio_option panic = {OPTION("panic", BIO_KIND_BOOL, "Fail as the language does", "")};
static const bio_option *const options[] = {&flag, &count, &word, &path, &shape, &item, &packing, &refuse, &panic};

static const bio_str groups[] = {BIO_TEXT(BIO_GROUP_PACKAGES)};
static const bio_str kinds[] = {BIO_TEXT("mirror")};
static const bio_str needs[] = {BIO_TEXT(BIO_EXT_FAIL), BIO_TEXT(BIO_EXT_FILES), BIO_TEXT(BIO_EXT_DOCUMENT)};

static const exec_format format = {
    .table =
        {
            .struct_size = sizeof(bio_format),
            .flags = BIO_FORMAT_REPRODUCIBLE | BIO_FORMAT_STREAMABLE,
            .id = BIO_TEXT("mirror"),
            .summary = BIO_TEXT("The job as JSON"),
            .option_count = BIO_COUNT(options),
            .options = options,
            .group_count = BIO_COUNT(groups),
            .groups = groups,
            .artifact_kind_count = BIO_COUNT(kinds),
            .artifact_kinds = kinds,
            .need_count = BIO_COUNT(needs),
            .needs = needs,
            .create = create,
        },
    .lists_files = 1,
};
static const bio_format *const formats[] = {&format.table};

static const bio_plugin plugin = {
    .struct_size = sizeof plugin,
    .abi = BIO_ABI_1_0,
    .abi_built = BIO_ABI_VERSION,
    .abi_needed = BIO_ABI_1_0,
    .format_count = BIO_COUNT(formats),
    .id = BIO_TEXT("org.example.mirror"),
    .name = BIO_TEXT("mirror"),
    .version = BIO_TEXT("0.1.0"),
    .license = BIO_TEXT("Apache-2.0"),
    .formats = formats,
};

int32_t bio_export_entry(const bio_negotiation *negotiation, const bio_plugin **out) {
    if (negotiation->abi_max < plugin.abi_needed) return BIO_E_NEWER;
    *out = &plugin;
    return BIO_OK;
}

/* ---- One export ---- */

typedef struct exporter {
    bio_exporter base;
    const bio_host *host;
} exporter;

static bio_str file_name(const bio_job *job) {
    return job->output_name.len > 0 ? job->output_name : bio_text("mirror.json");
}

static int32_t validate(bio_exporter *self, const bio_job *job) {
    const bio_value *value = bio_option_value(&format.table, job, "refuse");
    if (!value || value->text.len == 0) return BIO_OK;
    return bio_refuse(((exporter *)self)->host, 100, BIO_SUBJECT_OPTION, bio_text("refuse"), value->text.ptr, "leave it out");
}

static int32_t plan(bio_exporter *self, const bio_job *job) {
    const bio_host *host = ((exporter *)self)->host;
    bio_artifact artifact;
    BIO_INIT(&artifact);
    artifact.flags = BIO_ARTIFACT_REPRODUCIBLE;
    artifact.form = BIO_FORM_FILE;
    artifact.role = BIO_ARTIFACT_PRIMARY;
    artifact.kind = kinds[0];
    artifact.media_type = bio_text("application/json");
    artifact.path = file_name(job);
    return host->emit(host, &artifact);
}

static int32_t write_job(const bio_host *host, const bio_job *job, bio_str *json) {
    draft draft = {0};
    int32_t code = add_job(&draft, "", host, &format, job);
    if (code == BIO_OK && draft.failed) code = BIO_E_LIMIT;
    const bio_documents *documents = BIO_SERVICE(host, bio_documents, BIO_EXT_DOCUMENT);
    if (code == BIO_OK) code = documents->write(host, BIO_SYNTAX_JSON, draft.nodes, draft.count, json);
    for (uint64_t i = 0; i < draft.text_count; i++) free(draft.texts[i]);
    free(draft.texts);
    free(draft.nodes);
    return code;
}

static int32_t run(bio_exporter *self, const bio_job *job) {
    const bio_host *host = ((exporter *)self)->host;
    if (bio_option_value(&format.table, job, "panic")->integer)
        return bio_refuse(host, BIO_E_FAILED, BIO_SUBJECT_NONE, bio_text(""), "boom", "C has no panic");
    bio_str json;
    int32_t code = write_job(host, job, &json);
    if (code != BIO_OK) return code;
    char name[4096];
    snprintf(name, sizeof name, "%s/%s", job->out_dir.ptr, file_name(job).ptr);
    FILE *file = fopen(name, "w");
    int failed = !file || fwrite(json.ptr, 1, json.len, file) != json.len;
    if (file && fclose(file) != 0) failed = 1;
    if (failed) return bio_refuse(host, BIO_E_IO, BIO_SUBJECT_PATH, file_name(job), "writing failed", "");
    return plan(self, job);
}

static void destroy(bio_exporter *self) { free(self); }

static int32_t create(const bio_format *self, const bio_host *host, bio_exporter **out) {
    int32_t code = bio_check_needs(self, host);
    if (code != BIO_OK) return code;
    exporter *made = calloc(1, sizeof *made);
    if (!made) return BIO_E_LIMIT;
    made->base.struct_size = sizeof made->base;
    made->base.validate = validate;
    made->base.plan = plan;
    made->base.run = run;
    made->base.destroy = destroy;
    made->host = host;
    *out = &made->base;
    return BIO_OK;
}
