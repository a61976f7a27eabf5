/* SPDX-License-Identifier: Apache-2.0
 * A plugin around one function, for the samples of docs/reference/services.md. sample.c beside this file defines it:
 *
 *     static int32_t sample(const bio_host *host, const bio_job *job)
 *
 * `bio pkg export sample PKG` calls it in run; `sample-child` and `sample-image` in plan and in run, for the services that
 * want to be asked in both. The result is the file `sample`, with what the function saved in it; of `sample-image` it is
 * the image that the function publishes. With SAMPLE_OPTIONS sample.c has the table `options` too, and with
 * SAMPLE_FUNCTIONS `functions`. */
#include "bio_export.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define TEXT(literal) {literal, sizeof literal - 1}
#define COUNT(array) (sizeof array / sizeof array[0])

/* The options of all three formats, by their place in job->values, unless sample.c has its own. */
enum { WORD, INPUT };

/* Writes the file that the export makes. */
static int32_t save(const bio_job *job, bio_str text) {
    char path[4096];
    snprintf(path, sizeof path, "%s/sample", job->out_dir.ptr);
    FILE *file = fopen(path, "w");
    if (!file) return BIO_E_IO;
    fwrite(text.ptr, 1, text.len, file);
    int failed = ferror(file);
    return fclose(file) == 0 && !failed ? BIO_OK : BIO_E_IO;
}

#include "sample.c"

typedef struct frame {
    bio_exporter base;
    const bio_host *host;
    const bio_format *format;
} frame;

static int is(const frame *f, const char *name) { return strcmp(f->format->id.ptr, name) == 0; }

static int32_t emit(const frame *f) {
    if (is(f, "sample-image")) return BIO_OK; /* the host emits images */
    bio_artifact artifact = {
        .struct_size = sizeof artifact,
        .form = BIO_FORM_FILE,
        .role = BIO_ARTIFACT_PRIMARY,
        .kind = TEXT("sample"),
        .path = TEXT("sample"),
    };
    return f->host->emit(f->host, &artifact);
}

static int32_t validate(bio_exporter *exporter, const bio_job *job) {
    (void)exporter, (void)job;
    return BIO_OK;
}

static int32_t plan(bio_exporter *exporter, const bio_job *job) {
    const frame *f = (const frame *)exporter;
    int32_t code = is(f, "sample") ? BIO_OK : sample(f->host, job);
    return code == BIO_OK ? emit(f) : code;
}

static int32_t run(bio_exporter *exporter, const bio_job *job) {
    const frame *f = (const frame *)exporter;
    bio_str nothing = TEXT("nothing was saved\n");
    int32_t code = is(f, "sample-image") ? BIO_OK : save(job, nothing);
    if (code == BIO_OK) code = sample(f->host, job);
    return code == BIO_OK ? emit(f) : code;
}

static void destroy(bio_exporter *exporter) { free(exporter); }

static int32_t create(const bio_format *format, const bio_host *host, bio_exporter **out) {
    frame *made = calloc(1, sizeof *made);
    if (!made) return BIO_E_LIMIT;
    made->base = (bio_exporter){sizeof made->base, 0, NULL, validate, plan, run, destroy};
    made->host = host;
    made->format = format;
    *out = &made->base;
    return BIO_OK;
}

#ifndef SAMPLE_OPTIONS
static const bio_option word = {
    .struct_size = sizeof word,
    .kind = BIO_KIND_STRING,
    .id = TEXT("word"),
    .summary = TEXT("Give the sample a text"),
    .value_name = TEXT("TEXT"),
};
static const bio_option input = {
    .struct_size = sizeof input,
    .kind = BIO_KIND_PATH,
    .id = TEXT("input"),
    .summary = TEXT("Give the sample a file"),
    .value_name = TEXT("FILE"),
};
static const bio_option *const options[] = {&word, &input};
#endif
static const bio_str kinds[] = {TEXT("sample")};
static const bio_str groups[] = {TEXT(BIO_GROUP_PACKAGES), TEXT(BIO_GROUP_IMAGE_NAME), TEXT(BIO_GROUP_IMAGE)};
static const bio_str image_needs[] = {TEXT(BIO_EXT_OCI)};

#define FORMAT(name, text)                                                                                          \
    .struct_size = sizeof(bio_format), .id = TEXT(name), .summary = TEXT(text), .option_count = COUNT(options),     \
    .options = options, .group_count = COUNT(groups), .groups = groups, .artifact_kind_count = COUNT(kinds),        \
    .artifact_kinds = kinds, .create = create
static const bio_format plain = {FORMAT("sample", "What a function does in run")};
static const bio_format child = {FORMAT("sample-child", "What a function does in plan and in run")};
static const bio_format image = {FORMAT("sample-image", "The image that a function publishes"),
                                 .need_count = COUNT(image_needs), .needs = image_needs};
static const bio_format *const formats[] = {&plain, &child, &image};

static const bio_plugin plugin = {
    .struct_size = sizeof plugin,
    .abi = BIO_ABI_1_0,
    .abi_built = BIO_ABI_VERSION,
    .abi_needed = BIO_ABI_1_0,
    .format_count = COUNT(formats),
    .id = TEXT("org.example.sample"),
    .name = TEXT("sample"),
    .version = TEXT("1.0.0"),
    .vendor = TEXT("example"),
    .license = TEXT("Apache-2.0"),
    .formats = formats,
#ifdef SAMPLE_FUNCTIONS
    .functions = functions,
    .function_count = COUNT(functions),
#endif
};

int32_t bio_export_entry(const bio_negotiation *negotiation, const bio_plugin **out) {
    if (negotiation->abi_max < plugin.abi_needed) return BIO_E_NEWER;
    *out = &plugin;
    return BIO_OK;
}
