/* SPDX-License-Identifier: Apache-2.0
 * A plugin that is installed: it writes its version, the text of greeting.txt in its directory and where its library
 * was mapped from. VARIANT_TWO is its next version, VARIANT_BETA one before, VARIANT_OTHER claims another id,
 * VARIANT_CRASHES ends while it describes itself. */
#define _GNU_SOURCE
#include "bio_export.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TEXT(literal) {literal, sizeof literal - 1}

#if defined VARIANT_TWO
#define VERSION "2.0.0"
#elif defined VARIANT_BETA
#define VERSION "0.9.0"
#else
#define VERSION "1.0.0"
#endif
#if defined VARIANT_OTHER
#define ID "org.example.other"
#else
#define ID "org.example.parcel"
#endif

static char directory[4096];

/* ---- The exporter ---- */

typedef struct parcel_exporter {
    bio_exporter base;
    const bio_host *host;
} parcel_exporter;

static int32_t emit(bio_exporter *exporter) {
    const bio_host *host = ((parcel_exporter *)exporter)->host;
    bio_artifact artifact;
    memset(&artifact, 0, sizeof artifact);
    artifact.struct_size = sizeof artifact;
    artifact.form = BIO_FORM_FILE;
    artifact.role = BIO_ARTIFACT_PRIMARY;
    artifact.kind = (bio_str)TEXT("parcel");
    artifact.media_type = (bio_str)TEXT("text/plain");
    artifact.path = (bio_str)TEXT("parcel.txt");
    return host->emit(host, &artifact);
}

static int32_t validate(bio_exporter *exporter, const bio_job *job) {
    (void)exporter, (void)job;
    return BIO_OK;
}

static int32_t plan(bio_exporter *exporter, const bio_job *job) {
    (void)job;
    return emit(exporter);
}

static int32_t run(bio_exporter *exporter, const bio_job *job) {
    char path[8192], greeting[64] = "none";
    snprintf(path, sizeof path, "%s/greeting.txt", directory);
    FILE *in = fopen(path, "r");
    if (in) {
        if (!fgets(greeting, sizeof greeting, in)) greeting[0] = 0;
        greeting[strcspn(greeting, "\n")] = 0;
        fclose(in);
    }
    Dl_info self;
    if (!dladdr((void *)(size_t)run, &self)) return BIO_E_IO;
    snprintf(path, sizeof path, "%s/parcel.txt", job->out_dir.ptr);
    FILE *out = fopen(path, "w");
    if (!out) return BIO_E_IO;
    fprintf(out, "version %s\ngreeting %s\nmapped %s\ndirectory %s\n", VERSION, greeting, self.dli_fname, directory);
    if (fclose(out) != 0) return BIO_E_IO;
    return emit(exporter);
}

static void destroy(bio_exporter *exporter) { free(exporter); }

static int32_t create(const bio_format *format, const bio_host *host, bio_exporter **out) {
    (void)format;
    parcel_exporter *made = calloc(1, sizeof *made);
    if (!made) return BIO_E_LIMIT;
    bio_exporter base = {sizeof base, 0, NULL, validate, plan, run, destroy};
    made->base = base;
    made->host = host;
    *out = &made->base;
    return BIO_OK;
}

/* ---- The description ---- */

static const bio_str kinds[] = {TEXT("parcel")};
static const bio_str groups[] = {TEXT(BIO_GROUP_PACKAGES)};
static const bio_format format = {
    .struct_size = sizeof format,
    .id = TEXT("parcel"),
    .summary = TEXT("What a plugin knows of itself"),
    .doc = TEXT("One text."),
    .group_count = 1,
    .groups = groups,
    .artifact_kind_count = 1,
    .artifact_kinds = kinds,
    .create = create,
};
static const bio_format *const formats[] = {&format};
static const bio_plugin plugin = {
    .struct_size = sizeof plugin,
    .abi = BIO_ABI_1_0,
    .abi_built = BIO_ABI_VERSION,
    .abi_needed = BIO_ABI_1_0,
    .format_count = 1,
    .id = TEXT(ID),
    .name = TEXT("parcel"),
    .version = TEXT(VERSION),
    .vendor = TEXT("bio"),
    .license = TEXT("Apache-2.0"),
    .formats = formats,
};

int32_t bio_export_entry(const bio_negotiation *negotiation, const bio_plugin **out) {
#if defined VARIANT_CRASHES
    abort();
#endif
    if (negotiation->abi_max < plugin.abi_needed) return BIO_E_NEWER;
    snprintf(directory, sizeof directory, "%s", negotiation->directory.ptr);
    *out = &plugin;
    return BIO_OK;
}
