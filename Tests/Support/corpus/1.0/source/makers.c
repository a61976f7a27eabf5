/* SPDX-License-Identifier: Apache-2.0
 * A format of ABI 1.0 that gives the host every open struct that a plugin fills in for one of its services, with every
 * member set: an image's configuration, a child export, a call of a program, something for a registry. */
#include "bio_export.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TEXT(literal) {literal, sizeof literal - 1}
#define COUNT(array) ((uint32_t)(sizeof(array) / sizeof *(array)))
#define TRY(call)                          \
    do {                                   \
        int32_t code_ = (call);            \
        if (code_ != BIO_OK) return code_; \
    } while (0)

typedef struct makers {
    bio_exporter base;
    const bio_host *host;
} makers;

enum { PUSH, PASSPHRASE };

static const void *table(const bio_host *host, const char *id) { return host->get_extension(host, id); }

static int32_t fail(const bio_host *host, const char *message) {
    const bio_fail *service = table(host, BIO_EXT_FAIL);
    bio_error error = {.struct_size = sizeof error,
                       .code = BIO_E_FAILED,
                       .subject_kind = BIO_SUBJECT_PATH,
                       .subject = TEXT("sealed.txt"),
                       .message = {message, strlen(message)},
                       .hint = TEXT("look at the host")};
    return service->fail(host, &error);
}

/* ---- An image ---- */

static const bio_str entrypoint[] = {TEXT("/bin/app"), TEXT("--serve")};
static const bio_str command[] = {TEXT("now")};
static const bio_str ports[] = {TEXT("9631/tcp"), TEXT("9638/udp")};
static const bio_str volumes[] = {TEXT("/data")};
static const bio_str health[] = {TEXT("CMD"), TEXT("/bin/app"), TEXT("--alive")};
static const bio_kv variables[] = {{TEXT("MODE"), TEXT("corpus")}};
static const bio_kv labels[] = {{TEXT("org.biome.corpus"), TEXT("1.0")}};
static const bio_kv annotations[] = {{TEXT("org.opencontainers.image.title"), TEXT("corpus")}};

static const bio_image_config config = {
    .struct_size = sizeof config,
    .user = TEXT("42:42"),
    .working_dir = TEXT("/data"),
    .stop_signal = TEXT("SIGINT"),
    .author = TEXT("the corpus"),
    .entrypoint = entrypoint,
    .command = command,
    .ports = ports,
    .volumes = volumes,
    .health_test = health,
    .environment = variables,
    .labels = labels,
    .annotations = annotations,
    .entrypoint_count = COUNT(entrypoint),
    .command_count = COUNT(command),
    .port_count = COUNT(ports),
    .volume_count = COUNT(volumes),
    .health_test_count = COUNT(health),
    .environment_count = COUNT(variables),
    .label_count = COUNT(labels),
    .annotation_count = COUNT(annotations),
    .health_interval = 30,
    .health_timeout = 3,
    .health_start_period = 9,
    .health_retries = 4,
};

static int32_t image(const bio_host *host, const bio_job *job) {
    const bio_oci *oci = table(host, BIO_EXT_OCI);
    const bio_rootfs *rootfs = table(host, BIO_EXT_ROOTFS);
    const bio_str directory = TEXT("data"), title = TEXT("data");
    bio_handle made, tree;
    bio_str name;
    TRY(oci->reference(host, job->graph->roots[0], 0, &name));
    TRY(rootfs->begin(host, &tree));
    TRY(rootfs->add_directory(host, tree, &directory, 0755));
    TRY(oci->begin(host, &made));
    TRY(oci->add_packages(host, made, job->graph->roots, job->graph->root_count));
    TRY(oci->add_tree(host, made, tree, &title));
    TRY(oci->configure(host, made, &config));
    return oci->publish(host, made);
}

/* ---- An export of another format ---- */

static int32_t child(const bio_host *host, const bio_job *job) {
    const bio_chain *chain = table(host, BIO_EXT_CHAIN);
    static const bio_kv options[] = {{TEXT("compression"), TEXT("none")}};
    const bio_child wanted = {.struct_size = sizeof wanted,
                              .format = TEXT("tar"),
                              .roots = job->graph->roots,
                              .options = options,
                              .root_count = job->graph->root_count,
                              .option_count = COUNT(options)};
    const bio_made *made;
    TRY(chain->run(host, &wanted, &made));
    return made->artifact_count > 0 && made->artifacts[0]->path.len > 0 ? BIO_OK : fail(host, "the child made nothing");
}

/* ---- Something for a registry ---- */

static int32_t push(const bio_host *host, const bio_job *job) {
    const bio_registry *registry = table(host, BIO_EXT_REGISTRY);
    const bio_oci_artifact artifact = {.struct_size = sizeof artifact,
                                       .option = TEXT("push"),
                                       .name = TEXT("corpus"),
                                       .tag = TEXT("1.0"),
                                       .config_type = TEXT("application/vnd.biome.corpus.config.v1+json"),
                                       .config = TEXT("{}"),
                                       .layer_type = TEXT("application/vnd.biome.corpus.v1"),
                                       .layer = TEXT("note.txt"),
                                       .annotations = annotations,
                                       .annotation_count = COUNT(annotations)};
    return job->values[PUSH].kind == BIO_KIND_UNSET ? BIO_OK : registry->push(host, &artifact);
}

/* ---- A program that gets a secret ---- */

static int32_t write_note(const bio_host *host, const bio_job *job) {
    char path[4096];
    snprintf(path, sizeof path, "%s/note.txt", job->out_dir.ptr);
    FILE *file = fopen(path, "w");
    if (!file) return fail(host, "the note cannot be written");
    fputs("a note\n", file);
    return fclose(file) == 0 ? BIO_OK : fail(host, "the note cannot be written");
}

static int32_t seal(const bio_host *host) {
    const bio_secret *secrets = table(host, BIO_EXT_SECRET);
    const bio_tool *tool = table(host, BIO_EXT_TOOL);
    static const bio_str arguments[] = {TEXT("-c"), TEXT("cat && wc -c <&3 && echo done >&2")};
    const bio_str option = TEXT("passphrase");
    bio_tool_call call = {.struct_size = sizeof call,
                          .program = TEXT("sh"),
                          .arguments = arguments,
                          .argument_count = COUNT(arguments),
                          .seconds = 30,
                          .input = TEXT("note.txt"),
                          .output = TEXT("sealed.txt")};
    const bio_tool_result *result;
    TRY(secrets->open(host, &option, &call.secret));
    TRY(tool->run(host, &call, &result));
    return result->exit_code == 0 && strcmp(result->errors.ptr, "done\n") == 0 ? BIO_OK : fail(host, "sh says nothing");
}

/* ---- The phases ---- */

static int32_t emit(const bio_host *host, const char *name) {
    const bio_artifact artifact = {.struct_size = sizeof artifact,
                                   .flags = BIO_ARTIFACT_REPRODUCIBLE,
                                   .form = BIO_FORM_FILE,
                                   .role = BIO_ARTIFACT_SIDECAR,
                                   .kind = TEXT("note"),
                                   .media_type = TEXT("text/plain"),
                                   .path = {name, strlen(name)}};
    return host->emit(host, &artifact);
}

static int32_t validate(bio_exporter *exporter, const bio_job *job) {
    (void)exporter, (void)job;
    return BIO_OK;
}

static int32_t plan(bio_exporter *exporter, const bio_job *job) {
    const bio_host *host = ((makers *)exporter)->host;
    TRY(image(host, job));
    TRY(child(host, job));
    TRY(emit(host, "note.txt"));
    TRY(emit(host, "sealed.txt"));
    return push(host, job);
}

static int32_t run(bio_exporter *exporter, const bio_job *job) {
    const bio_host *host = ((makers *)exporter)->host;
    TRY(write_note(host, job));
    TRY(seal(host));
    return plan(exporter, job);
}

static void destroy(bio_exporter *exporter) { free(exporter); }

static int32_t create(const bio_format *format, const bio_host *host, bio_exporter **out) {
    for (uint32_t i = 0; i < format->need_count; i++)
        if (!table(host, format->needs[i].ptr)) return BIO_E_UNSUPPORTED;
    makers *made = calloc(1, sizeof *made);
    if (!made) return BIO_E_LIMIT;
    made->base = (bio_exporter){sizeof made->base, 0, NULL, validate, plan, run, destroy};
    made->host = host;
    *out = &made->base;
    return BIO_OK;
}

/* ---- What it is ---- */

static const bio_option push_option = {
    .struct_size = sizeof push_option, .kind = BIO_KIND_STRING, .id = TEXT("push"), .value_name = TEXT("PLACE"),
    .summary = TEXT("Push the note there")};
static const bio_option passphrase_option = {
    .struct_size = sizeof passphrase_option, .kind = BIO_KIND_PATH, .id = TEXT("passphrase"),
    .value_name = TEXT("FILE"), .summary = TEXT("Seal with this"), .flags = BIO_OPTION_REQUIRED};
static const bio_option *const options[] = {&push_option, &passphrase_option};
static const bio_str kinds[] = {TEXT("corpus-image"), TEXT("note")};
static const bio_str groups[] = {TEXT(BIO_GROUP_PACKAGES), TEXT(BIO_GROUP_IMAGE_NAME), TEXT(BIO_GROUP_IMAGE)};
static const bio_str needs[] = {TEXT(BIO_EXT_OCI),  TEXT(BIO_EXT_ROOTFS), TEXT(BIO_EXT_CHAIN), TEXT(BIO_EXT_REGISTRY),
                                TEXT(BIO_EXT_TOOL), TEXT(BIO_EXT_SECRET), TEXT(BIO_EXT_FAIL)};
static const bio_format format = {
    .struct_size = sizeof format,
    .flags = BIO_FORMAT_REPRODUCIBLE,
    .id = TEXT("makers"),
    .summary = TEXT("Everything that the host can make"),
    .option_count = COUNT(options),
    .options = options,
    .group_count = COUNT(groups),
    .groups = groups,
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
    .id = TEXT("org.biome.corpus.makers"),
    .name = TEXT("makers"),
    .version = TEXT("1.0.0"),
    .license = TEXT("Apache-2.0"),
    .formats = formats,
};

int32_t bio_export_entry(const bio_negotiation *negotiation, const bio_plugin **out) {
    if (negotiation->abi_max < plugin.abi_needed) return BIO_E_NEWER;
    *out = &plugin;
    return BIO_OK;
}
