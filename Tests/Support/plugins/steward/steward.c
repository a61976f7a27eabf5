/* SPDX-License-Identifier: Apache-2.0
 * A plugin that writes a letter, which is shown, has it sealed by a program that gets a secret (--passphrase), and pushes
 * it (--push); or does so in a way that no plugin should: --behaviour NAME chooses a row of faults.c. */
#include "steward.h"

typedef struct steward {
    bio_exporter base;
    task task;
} steward;

enum { BEHAVIOUR, PASSPHRASE, PUSH, NOTE };

static const bio_value *value(const task *t, int index) { return &t->job->values[index]; }

static int32_t emit(const task *t, const char *name, uint32_t role, uint32_t flags) {
    bio_artifact artifact;
    memset(&artifact, 0, sizeof artifact);
    artifact.struct_size = sizeof artifact;
    artifact.flags = flags;
    artifact.form = BIO_FORM_FILE;
    artifact.role = role;
    artifact.kind = text("text");
    artifact.path = text(name);
    return t->host->emit(t->host, &artifact);
}

static int32_t emit_all(const task *t) {
    int32_t code = emit(t, "letter", BIO_ARTIFACT_PRIMARY, BIO_ARTIFACT_SHOWN);
    if (code == BIO_OK) code = emit(t, "letter.seal", BIO_ARTIFACT_SIDECAR, 0);
    if (code != BIO_OK || value(t, PUSH)->kind == BIO_KIND_UNSET) return code;
    bio_oci_artifact artifact = pushed();
    const bio_kv annotation = {TEXT("org.opencontainers.image.title"), TEXT("letter")};
    artifact.annotations = &annotation;
    artifact.annotation_count = 1;
    return push(t, &artifact);
}

static int32_t write_letter(const task *t) {
    char path[4096];
    snprintf(path, sizeof path, "%s/letter", t->job->out_dir.ptr);
    FILE *file = fopen(path, "w");
    if (!file) return BIO_E_IO;
    fprintf(file, "dear reader,\nnote: %s\n", value(t, NOTE)->text.len ? value(t, NOTE)->text.ptr : "none");
    return fclose(file) == 0 ? BIO_OK : BIO_E_IO;
}

static int32_t seal(const task *t) {
    const bio_str arguments[] = {TEXT("-c"), TEXT("printf 'sealed '; wc -c; [ ! -e /dev/fd/3 ] || wc -c <&3")};
    bio_tool_call call = shell(arguments, COUNT(arguments));
    call.input = text("letter");
    call.output = text("letter.seal");
    if (value(t, PASSPHRASE)->kind != BIO_KIND_UNSET) {
        int32_t code = open_secret(t, "passphrase", &call.secret);
        if (code != BIO_OK) return code;
    }
    const bio_tool_result *result;
    int32_t code = tools(t)->run(t->host, &call, &result);
    return code != BIO_OK ? code : result->exit_code ? BIO_E_FAILED : BIO_OK;
}

static int32_t fault(const task *t, int is_early) {
    const char *name = value(t, BEHAVIOUR)->text.ptr;
    for (const behaviour *row = faults; row->name; row++)
        if (strcmp(name, row->name) == 0 && row->is_early == is_early) return row->step(t);
    return BIO_OK;
}

static int32_t validate(bio_exporter *exporter, const bio_job *job) {
    steward *own = (steward *)exporter;
    own->task.job = job;
    return fault(&own->task, 1);
}
static int32_t plan(bio_exporter *exporter, const bio_job *job) {
    (void)job;
    return emit_all(&((steward *)exporter)->task);
}
static int32_t run(bio_exporter *exporter, const bio_job *job) {
    (void)job;
    const task *t = &((steward *)exporter)->task;
    int32_t code = write_letter(t);
    if (code == BIO_OK) code = fault(t, 0);
    if (code == BIO_OK) code = seal(t);
    return code == BIO_OK ? emit_all(t) : code;
}
static void destroy(bio_exporter *exporter) { free(exporter); }

static int32_t create(const bio_format *format, const bio_host *host, bio_exporter **out) {
    (void)format;
    steward *made = calloc(1, sizeof *made);
    if (!made) return BIO_E_LIMIT;
    bio_exporter base = {sizeof base, 0, NULL, validate, plan, run, destroy};
    made->base = base;
    made->task.host = host;
    *out = &made->base;
    return BIO_OK;
}

#define OPTION(name, option_kind, summary_text, word, ...)                                                        \
    {                                                                                                           \
        .struct_size = sizeof(bio_option), .kind = option_kind, .id = TEXT(name), .summary = TEXT(summary_text), \
        .value_name = TEXT(word), __VA_ARGS__                                                                   \
    }
static const bio_option behaviour_option =
    OPTION("behaviour", BIO_KIND_STRING, "Behave like this", "NAME", .default_value = TEXT("honest"));
static const bio_option passphrase_option = OPTION("passphrase", BIO_KIND_PATH, "Seal with this secret", "FILE", );
static const bio_option push_option = OPTION("push", BIO_KIND_STRING, "Push the letter there", "PLACE", );
static const bio_option note_option =
    OPTION("note", BIO_KIND_PATH, "Mention this file", "FILE", .flags = BIO_OPTION_OPERAND);
static const bio_option *const options[] = {&behaviour_option, &passphrase_option, &push_option, &note_option};
static const bio_str kinds[] = {TEXT("text"), TEXT("letter")};
static const bio_str groups[] = {TEXT(BIO_GROUP_PACKAGES), TEXT(BIO_GROUP_IMAGE_NAME), TEXT(BIO_GROUP_IMAGE)};
static const bio_base_package wax = {
    .struct_size = sizeof wax,
    .role = BIO_ROLE_OTHER,
    .omit_when = TEXT("behaviour=dry note=none"),
    .name = TEXT("wax"),
    .package = TEXT("sealing-wax"),
};
static const bio_base_package *const bases[] = {&wax};
static const bio_str needs[] = {TEXT(BIO_EXT_TOOL), TEXT(BIO_EXT_SECRET), TEXT(BIO_EXT_REGISTRY)};
static const bio_format format = {
    .struct_size = sizeof format,
    .id = TEXT("steward"),
    .summary = TEXT("A letter, sealed"),
    .option_count = COUNT(options),
    .options = options,
    .group_count = COUNT(groups),
    .groups = groups,
    .base_count = COUNT(bases),
    .bases = bases,
    .artifact_kind_count = COUNT(kinds),
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
    .id = TEXT("org.biome.test.steward"),
    .name = TEXT("steward"),
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
