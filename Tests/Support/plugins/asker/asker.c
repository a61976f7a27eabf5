/* SPDX-License-Identifier: Apache-2.0
 * A plugin that asks for an export as "imager" and writes a file of what came of it, or asks in a way that no plugin
 * should: its option --behaviour NAME chooses. As "asker" it makes that file; as "builder" an image upon that of imager. */
#include "bio_export.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define TEXT(literal) {literal, sizeof literal - 1}
#define COUNT(array) (sizeof array / sizeof array[0])

typedef struct asker {
    bio_exporter base;
    const bio_host *host;
    const bio_job *job;
    const bio_format *format;
} asker;

static const void *service(const asker *a, const char *id) { return a->host->get_extension(a->host, id); }
static const bio_chain *chain(const asker *a) { return service(a, BIO_EXT_CHAIN); }
static bio_str text(const char *chars) { return (bio_str){chars, strlen(chars)}; }
static int is(const asker *a, const char *name) { return strcmp(a->job->values[0].text.ptr, name) == 0; }

static bio_child child(const char *format) {
    bio_child made;
    memset(&made, 0, sizeof made);
    made.struct_size = sizeof made;
    made.format = text(format);
    return made;
}

static int32_t ask(const asker *a, const char *format, const bio_made **made) {
    bio_child wanted = child(format);
    return chain(a)->run(a->host, &wanted, made);
}

/* The file that is made, and the format that is asked for. */
static int is_outer(const asker *a) { return strcmp(a->format->id.ptr, "outer") == 0; }
static const char *file_name(const asker *a) { return is_outer(a) ? "outer" : "asked"; }
static const char *wanted_format(const asker *a) { return is_outer(a) ? "asker" : "imager"; }

static int32_t emit(const asker *a) {
    bio_artifact artifact;
    memset(&artifact, 0, sizeof artifact);
    artifact.struct_size = sizeof artifact;
    artifact.form = BIO_FORM_FILE;
    artifact.role = BIO_ARTIFACT_PRIMARY;
    artifact.kind = text("text");
    artifact.path = text(file_name(a));
    return a->host->emit(a->host, &artifact);
}

static int32_t ask_wrongly(const asker *a) {
    const bio_made *made;
    bio_child wanted = child("imager");
    uint32_t roots[] = {0, 1, 4000000000u};
    bio_kv option = {TEXT("behaviour"), TEXT("good")};
    if (is(a, "twice")) ask(a, "imager", &made);
    if (is(a, "no-root")) wanted.roots = roots, wanted.root_count = 1;
    if (is(a, "wild-root")) wanted.roots = &roots[2], wanted.root_count = 1;
    if (is(a, "root-twice")) roots[0] = 1, wanted.roots = roots, wanted.root_count = 2;
    if (is(a, "null-options")) wanted.option_count = 3;
    if (is(a, "many-options")) wanted.options = &option, wanted.option_count = 5000;
    if (is(a, "short-struct")) wanted.struct_size = 24;
    if (is(a, "no-format")) wanted.format.len = 0;
    if (is(a, "long-format")) wanted.format.len = 1 << 20;
    if (is(a, "itself")) wanted.format = text("asker");
    if (is(a, "unknown")) wanted.format = text("nothing");
    /* A file that the user has not named. */
    bio_kv file = {TEXT("passphrase"), TEXT("/etc/hostname")};
    if (is(a, "file")) wanted.format = text("steward"), wanted.options = &file, wanted.option_count = 1;
    /* A child whose typed function crashes. */
    bio_kv dead = {TEXT("crash"), TEXT("dead")};
    if (is(a, "typed")) wanted.format = text("typed"), wanted.options = &dead, wanted.option_count = 1;
    if (is(a, "many"))
        for (int i = 0;; i++) {
            char *name = calloc(1, 16);
            if (!name) return BIO_E_LIMIT;
            snprintf(name, 16, "%d", i);
            option.value = text(name);
            wanted.options = &option, wanted.option_count = 1;
            int32_t code = chain(a)->run(a->host, &wanted, &made);
            if (code != BIO_OK) return code;
        }
    return chain(a)->run(a->host, &wanted, &made);
}

static int32_t validate(bio_exporter *exporter, const bio_job *job) {
    asker *a = (asker *)exporter;
    const bio_made *made;
    a->job = job;
    return is(a, "early") ? ask(a, "imager", &made) : BIO_OK;
}

static int is_patient(const asker *a) {
    return is(a, "good") || is(a, "unplanned") || is(a, "forgotten") || is(a, "made-twice") || is(a, "early") ||
           is(a, "swallowed") || is(a, "blocked");
}

/* An image upon that of another format. */
static int32_t build(const asker *a) {
    bio_child wanted = child(is(a, "upon-nothing") ? "asker" : "imager");
    uint32_t root = 1;
    if (is(a, "upon-some")) wanted.roots = &root, wanted.root_count = 1;
    const bio_oci *oci = service(a, BIO_EXT_OCI);
    const bio_rootfs *rootfs = service(a, BIO_EXT_ROOTFS);
    bio_handle image, tree;
    int32_t code = chain(a)->image(a->host, &wanted, &image);
    if (code != BIO_OK) return code;
    bio_str path = TEXT("start"), content = TEXT("#!/bin/sh\n"), title = TEXT("the start");
    rootfs->begin(a->host, &tree);
    rootfs->add_file(a->host, tree, &path, 0755, &content);
    code = oci->add_tree(a->host, image, tree, &title);
    if (code != BIO_OK) return code;
    bio_image_config config;
    memset(&config, 0, sizeof config);
    config.struct_size = sizeof config;
    bio_str entrypoint = TEXT("/start");
    config.entrypoint = &entrypoint, config.entrypoint_count = 1;
    code = oci->configure(a->host, image, &config);
    if (code == BIO_OK && is(a, "configured-twice")) code = oci->configure(a->host, image, &config);
    return code == BIO_OK ? oci->publish(a->host, image) : code;
}

static int32_t plan(bio_exporter *exporter, const bio_job *job) {
    asker *a = (asker *)exporter;
    const bio_made *made;
    (void)job;
    if (strcmp(a->format->id.ptr, "builder") == 0) return build(a);
    if (is(a, "swallowed")) ask(a, "nothing", &made);
    int32_t code = is(a, "swallowed") ? BIO_OK : is_patient(a) ? ask(a, wanted_format(a), &made) : ask_wrongly(a);
    return code == BIO_OK ? emit(a) : code;
}

static int32_t run(bio_exporter *exporter, const bio_job *job) {
    asker *a = (asker *)exporter;
    if (strcmp(a->format->id.ptr, "builder") == 0) return build(a);
    const bio_made *made = NULL;
    bio_kv option = {TEXT("behaviour"), TEXT("good")};
    bio_child other = child("imager");
    other.options = &option, other.option_count = 1;
    int32_t code = BIO_OK;
    if (is(a, "unplanned")) return chain(a)->run(a->host, &other, &made);
    if (!is(a, "forgotten")) code = ask(a, wanted_format(a), &made);
    if (is(a, "made-twice")) code = ask(a, "imager", &made);
    if (code != BIO_OK) return code;
    char path[4096];
    /* Something else comes to the file's place while the export runs. */
    snprintf(path, sizeof path, "%s/../../asked", job->out_dir.ptr);
    if (is(a, "blocked")) mkdir(path, 0755);
    snprintf(path, sizeof path, "%s/%s", job->out_dir.ptr, file_name(a));
    FILE *file = fopen(path, "w");
    if (!file) return BIO_E_IO;
    for (uint32_t i = 0; made && i < made->artifact_count; i++) {
        const bio_artifact *one = made->artifacts[i];
        bio_str address = one->form == BIO_FORM_REFERENCE ? one->reference : one->path;
        fprintf(file, "%.*s %.*s %.*s\n", (int)one->kind.len, one->kind.ptr, (int)address.len, address.ptr,
                (int)one->digest.len, one->digest.ptr);
    }
    fclose(file);
    return emit(a);
}

static void destroy(bio_exporter *exporter) { free(exporter); }

static int32_t create(const bio_format *format, const bio_host *host, bio_exporter **out) {
    asker *made = calloc(1, sizeof *made);
    if (!made) return BIO_E_LIMIT;
    bio_exporter base = {sizeof base, 0, NULL, validate, plan, run, destroy};
    made->base = base;
    made->host = host;
    made->format = format;
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
static const bio_str groups[] = {TEXT(BIO_GROUP_PACKAGES), TEXT(BIO_GROUP_IMAGE_NAME), TEXT(BIO_GROUP_IMAGE)};
static const bio_str asker_needs[] = {TEXT(BIO_EXT_CHAIN)};
static const bio_str builder_needs[] = {TEXT(BIO_EXT_CHAIN), TEXT(BIO_EXT_OCI), TEXT(BIO_EXT_ROOTFS)};
#define FORMAT(name, wants)                                                                                       \
    {                                                                                                             \
        .struct_size = sizeof(bio_format), .flags = BIO_FORMAT_REPRODUCIBLE, .id = TEXT(name),                    \
        .summary = TEXT("What came of another export"), .option_count = 1, .options = options,                    \
        .group_count = COUNT(groups), .groups = groups, .artifact_kind_count = 1, .artifact_kinds = kinds,        \
        .need_count = COUNT(wants), .needs = wants, .create = create,                                             \
    }
static const bio_format asker_format = FORMAT("asker", asker_needs);
static const bio_format outer_format = FORMAT("outer", asker_needs);
static const bio_format builder_format = FORMAT("builder", builder_needs);
static const bio_format *const formats[] = {&asker_format, &outer_format, &builder_format};
static const bio_plugin plugin = {
    .struct_size = sizeof plugin,
    .abi = BIO_ABI_1_0,
    .abi_built = BIO_ABI_VERSION,
    .abi_needed = BIO_ABI_1_0,
    .format_count = COUNT(formats),
    .id = TEXT("org.biome.test.asker"),
    .name = TEXT("asker"),
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
