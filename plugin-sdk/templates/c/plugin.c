/* SPDX-License-Identifier: Apache-2.0
 * The format @FORMAT@: the packages of an export, one a line, under a heading. */
#include "bio_plugin.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

/* ---- What the host is told ---- */

static int32_t create(const bio_format *format, const bio_host *host, bio_exporter **out);

static const bio_option heading = {
    .struct_size = sizeof heading,
    .kind = BIO_KIND_STRING,
    .id = BIO_TEXT("heading"),
    .summary = BIO_TEXT("Begin with this line"),
    .value_name = BIO_TEXT("TEXT"),
    .default_value = BIO_TEXT("packages"),
};
static const bio_option *const options[] = {&heading};
static const bio_str groups[] = {BIO_TEXT(BIO_GROUP_PACKAGES)};
static const bio_str kinds[] = {BIO_TEXT("package-list")};
static const bio_str needs[] = {BIO_TEXT(BIO_EXT_FAIL)};

static const bio_format format = {
    .struct_size = sizeof format,
    .flags = BIO_FORMAT_REPRODUCIBLE | BIO_FORMAT_STREAMABLE,
    .id = BIO_TEXT("@FORMAT@"),
    .summary = BIO_TEXT("@SUMMARY@"),
    .option_count = BIO_COUNT(options),
    .options = options,
    .group_count = BIO_COUNT(groups),
    .groups = groups,
    .artifact_kind_count = BIO_COUNT(kinds),
    .artifact_kinds = kinds,
    .need_count = BIO_COUNT(needs),
    .needs = needs,
    .create = create,
};
static const bio_format *const formats[] = {&format};

static const bio_plugin plugin = {
    .struct_size = sizeof plugin,
    .abi = BIO_ABI_1_0,
    .abi_built = BIO_ABI_VERSION,
    .abi_needed = BIO_ABI_1_0,
    .format_count = BIO_COUNT(formats),
    .id = BIO_TEXT("@ID@"),
    .name = BIO_TEXT("@NAME@"),
    .version = BIO_TEXT("0.1.0"),
    .license = BIO_TEXT("@LICENSE@"),
    .formats = formats,
};

int32_t bio_export_entry(const bio_negotiation *negotiation, const bio_plugin **out) {
    if (negotiation->abi_max < plugin.abi_needed) return BIO_E_NEWER;
    *out = &plugin;
    return BIO_OK;
}

/* ---- What one export does ---- */

typedef struct exporter {
    bio_exporter base; /* first, so that a bio_exporter * is an exporter * */
    const bio_host *host;
} exporter;

static bio_str file_name(const bio_job *job) {
    return job->output_name.len > 0 ? job->output_name : bio_text("@NAME@.txt");
}

static int32_t emit(const bio_host *host, const bio_job *job) {
    bio_artifact artifact;
    BIO_INIT(&artifact);
    artifact.flags = BIO_ARTIFACT_REPRODUCIBLE;
    artifact.form = BIO_FORM_FILE;
    artifact.role = BIO_ARTIFACT_PRIMARY;
    artifact.kind = kinds[0];
    artifact.media_type = bio_text("text/plain");
    artifact.path = file_name(job);
    return host->emit(host, &artifact);
}

static int32_t validate(bio_exporter *self, const bio_job *job) {
    if (!memchr(job->values[0].text.ptr, '\n', job->values[0].text.len)) return BIO_OK;
    return bio_refuse(((exporter *)self)->host, BIO_E_INVALID, BIO_SUBJECT_OPTION, heading.id,
                      "the heading has more than one line", "leave the newline out");
}

static int32_t plan(bio_exporter *self, const bio_job *job) { return emit(((exporter *)self)->host, job); }

static int32_t run(bio_exporter *self, const bio_job *job) {
    const bio_host *host = ((exporter *)self)->host;
    char path[4096]; /* the host's texts end with a NUL, so %s may be used */
    if (snprintf(path, sizeof path, "%s/%s", job->out_dir.ptr, file_name(job).ptr) >= (int)sizeof path)
        return bio_refuse(host, BIO_E_LIMIT, BIO_SUBJECT_NONE, bio_text(""), "the output path is too long",
                          "choose a shorter one");
    FILE *file = fopen(path, "w");
    if (!file)
        return bio_refuse(host, BIO_E_IO, BIO_SUBJECT_PATH, file_name(job), strerror(errno), "look at the disk");
    fprintf(file, "%s\n", job->values[0].text.ptr);
    for (uint32_t i = 0; i < job->graph->package_count; i++)
        fprintf(file, "%s\n", job->graph->packages[i]->ident.ptr);
    int failed = ferror(file);
    if (fclose(file) != 0 || failed)
        return bio_refuse(host, BIO_E_IO, BIO_SUBJECT_PATH, file_name(job), "writing failed", "look at the disk");
    return emit(host, job);
}

static void destroy(bio_exporter *self) { free(self); }

static int32_t create(const bio_format *self, const bio_host *host, bio_exporter **out) {
    int32_t code = bio_check_needs(self, host);
    if (code != BIO_OK) return code;
    exporter *made = calloc(1, sizeof *made);
    if (!made) return bio_no_memory(host);
    made->base.struct_size = sizeof made->base;
    made->base.validate = validate;
    made->base.plan = plan;
    made->base.run = run;
    made->base.destroy = destroy;
    made->host = host;
    *out = &made->base;
    return BIO_OK;
}
