/* SPDX-License-Identifier: Apache-2.0
 * A format that writes its options and its image's name into one file, with a typed function of every kind. */
#include "functions.h"

#include <stdio.h>
#include <stdlib.h>

typedef struct typed {
    bio_exporter base;
    const bio_host *host;
} typed;

static const char file_name[] = "typed.txt";

static int32_t emit(const bio_host *host) {
    bio_artifact artifact = {.struct_size = sizeof artifact,
                             .flags = BIO_ARTIFACT_REPRODUCIBLE,
                             .form = BIO_FORM_FILE,
                             .role = BIO_ARTIFACT_PRIMARY,
                             .kind = TEXT("note"),
                             .path = TEXT(file_name)};
    return host->emit(host, &artifact);
}

static int32_t validate(bio_exporter *exporter, const bio_job *job) {
    (void)exporter, (void)job;
    return BIO_OK;
}

static int32_t plan(bio_exporter *exporter, const bio_job *job) {
    (void)job;
    return emit(((typed *)exporter)->host);
}

static int32_t run(bio_exporter *exporter, const bio_job *job) {
    const bio_host *host = ((typed *)exporter)->host;
    const bio_oci *oci = host->get_extension(host, BIO_EXT_OCI);
    bio_str name;
    int32_t code = oci->reference(host, job->graph->roots[0], 0, &name);
    if (code != BIO_OK) return code;
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", job->out_dir.ptr, file_name);
    FILE *out = fopen(path, "w");
    if (!out) return BIO_E_IO;
    fprintf(out, "%s\n", name.ptr);
    return fclose(out) == 0 ? emit(host) : BIO_E_IO;
}

static void destroy(bio_exporter *exporter) { free(exporter); }

static int32_t create(const bio_format *format, const bio_host *host, bio_exporter **out) {
    (void)format;
    typed *made = calloc(1, sizeof *made);
    if (!made) return BIO_E_LIMIT;
    bio_exporter base = {sizeof base, 0, NULL, validate, plan, run, destroy};
    made->base = base;
    made->host = host;
    *out = &made->base;
    return BIO_OK;
}

#define OPTION(name, its_kind, its_check)                                               \
    {                                                                                   \
        .struct_size = sizeof(bio_option), .kind = its_kind, .id = TEXT(name),          \
        .summary = TEXT("A value that is checked"), .value_name = TEXT("VALUE"),        \
        .check = TEXT(its_check)                                                        \
    }
static const bio_option port = OPTION("port", BIO_KIND_INT, "is_port");
static const bio_option word = OPTION("word", BIO_KIND_STRING, "is_word");
static const bio_option words = OPTION("words", BIO_KIND_LIST, "is_word");
static const bio_option any = OPTION("any", BIO_KIND_STRING, "joined");
static const bio_option crash = OPTION("crash", BIO_KIND_STRING, "crash");
static const bio_option *const options[] = {&port, &word, &words, &any, &crash};

static const bio_str kinds[] = {TEXT("note")};
static const bio_str groups[] = {TEXT(BIO_GROUP_PACKAGES), TEXT(BIO_GROUP_IMAGE_NAME)};
static const bio_str needs[] = {TEXT(BIO_EXT_OCI)};
static const bio_format format = {
    .struct_size = sizeof format,
    .flags = BIO_FORMAT_REPRODUCIBLE,
    .id = TEXT("typed"),
    .summary = TEXT("The name that an image would have"),
    .option_count = sizeof options / sizeof options[0],
    .options = options,
    .group_count = 2,
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
    .abi = BIO_ABI_1_0,
    .abi_built = BIO_ABI_VERSION,
    .abi_needed = BIO_ABI_1_0,
    .format_count = 1,
    .id = TEXT("org.biome.test.typed"),
    .name = TEXT("typed"),
    .version = TEXT("0.0.1"),
    .license = TEXT("Apache-2.0"),
    .formats = formats,
    .functions = functions,
    .function_count = FUNCTION_COUNT,
};

const bio_host *load_host;

int32_t bio_export_entry(const bio_negotiation *negotiation, const bio_plugin **out) {
    if (negotiation->abi_max < plugin.abi_needed) return BIO_E_NEWER;
    load_host = negotiation->host;
    *out = &plugin;
    return BIO_OK;
}
