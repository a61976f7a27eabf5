/* SPDX-License-Identifier: Apache-2.0
 * A plugin that does what no plugin should. Its one option, --behaviour NAME, chooses a row of the tables in bad_ends.c,
 * lies.c and bad_calls.c; Tests/RunnerTests says what the host must make of each. What is wrong before an export
 * begins is in misdescribed.c. */
#include "hostile.h"

#include <stdlib.h>

static const behaviour good = {"good", good_validate, good_plan, good_run};

static const behaviour *find(const char *name) {
    const behaviour *const tables[] = {bad_ends, lies, bad_calls, escapes};
    if (strcmp(name, good.name) == 0) return &good;
    for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++)
        for (const behaviour *row = tables[i]; row->name; row++)
            if (strcmp(name, row->name) == 0) return row;
    return NULL;
}

/* ---- The exporter ---- */

typedef struct hostile_exporter {
    bio_exporter base;
    task task;
    const behaviour *behaviour;
} hostile_exporter;

static int32_t validate(bio_exporter *exporter, const bio_job *job) {
    hostile_exporter *own = (hostile_exporter *)exporter;
    own->task.job = job;
    own->behaviour = find(job->values[0].text.ptr);
    if (!own->behaviour) return BIO_E_INVALID;
    return own->behaviour->validate(&own->task);
}
static int32_t plan(bio_exporter *exporter, const bio_job *job) {
    (void)job;
    return ((hostile_exporter *)exporter)->behaviour->plan(&((hostile_exporter *)exporter)->task);
}
static int32_t run(bio_exporter *exporter, const bio_job *job) {
    (void)job;
    return ((hostile_exporter *)exporter)->behaviour->run(&((hostile_exporter *)exporter)->task);
}
static void destroy(bio_exporter *exporter) { free(exporter); }

static int32_t create(const bio_format *format, const bio_host *host, bio_exporter **out) {
    (void)format;
    hostile_exporter *made = calloc(1, sizeof *made);
    if (!made) return BIO_E_LIMIT;
    bio_exporter base = {sizeof base, 0, NULL, validate, plan, run, destroy};
    made->base = base;
    made->task.host = host;
    *out = &made->base;
    return BIO_OK;
}

static const bio_option behaviour_option = {
    .struct_size = sizeof behaviour_option,
    .flags = BIO_OPTION_REQUIRED,
    .kind = BIO_KIND_STRING,
    .id = TEXT("behaviour"),
    .summary = TEXT("Behave like this"),
    .value_name = TEXT("NAME"),
};
static const bio_option *const options[] = {&behaviour_option};
static const bio_str kinds[] = {TEXT("text")};
static const bio_str groups[] = {TEXT(BIO_GROUP_PACKAGES)};
static const bio_format format = {
    .struct_size = sizeof format,
    .flags = BIO_FORMAT_STREAMABLE,
    .id = TEXT("hostile"),
    .summary = TEXT("Whatever should not be"),
    .option_count = 1,
    .options = options,
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
    .id = TEXT("org.biome.test.hostile"),
    .name = TEXT("hostile"),
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
