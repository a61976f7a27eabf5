/* SPDX-License-Identifier: Apache-2.0
 * A plugin that makes an image of all packages, or does so in a way that no plugin should: its option --behaviour NAME
 * chooses a row of faults.c. Without the image groups when VARIANT_NO_GROUPS is defined. */
#include "imager.h"

#include <stdlib.h>

typedef struct imager {
    bio_exporter base;
    task task;
    behaviour behaviour;
} imager;

static int32_t enter(imager *own, char phase) {
    if (own->behaviour.phase == phase) return own->behaviour.step(&own->task);
    return phase == 'v' ? BIO_OK : good(&own->task);
}

static int32_t validate(bio_exporter *exporter, const bio_job *job) {
    imager *own = (imager *)exporter;
    own->task.job = job;
    const char *name = job->values[0].text.ptr;
    for (const behaviour *row = faults; row->name; row++)
        if (strcmp(name, row->name) == 0) own->behaviour = *row;
    if (!own->behaviour.name && strcmp(name, "good") != 0) return BIO_E_INVALID;
    return enter(own, 'v');
}
static int32_t plan(bio_exporter *exporter, const bio_job *job) {
    (void)job;
    return enter((imager *)exporter, 'p');
}
static int32_t run(bio_exporter *exporter, const bio_job *job) {
    (void)job;
    return enter((imager *)exporter, 'r');
}
static void destroy(bio_exporter *exporter) { free(exporter); }

static int32_t create(const bio_format *format, const bio_host *host, bio_exporter **out) {
    (void)format;
    imager *made = calloc(1, sizeof *made);
    if (!made) return BIO_E_LIMIT;
    bio_exporter base = {sizeof base, 0, NULL, validate, plan, run, destroy};
    made->base = base;
    made->task.host = host;
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
static const bio_str kinds[] = {TEXT("image")};
#ifdef VARIANT_NO_GROUPS
static const bio_str groups[] = {TEXT(BIO_GROUP_PACKAGES)};
#else
static const bio_str groups[] = {TEXT(BIO_GROUP_PACKAGES), TEXT(BIO_GROUP_IMAGE_NAME), TEXT(BIO_GROUP_IMAGE)};
#endif
static const bio_str needs[] = {TEXT(BIO_EXT_OCI)};
static const bio_format format = {
    .struct_size = sizeof format,
    .flags = BIO_FORMAT_REPRODUCIBLE,
    .id = TEXT("imager"),
    .summary = TEXT("An image of all packages"),
    .option_count = 1,
    .options = options,
    .group_count = COUNT(groups),
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
    .id = TEXT("org.biome.test.imager"),
    .name = TEXT("imager"),
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
