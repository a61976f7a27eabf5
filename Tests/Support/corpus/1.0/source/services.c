/* SPDX-License-Identifier: Apache-2.0
 * A format of ABI 1.0 that calls every function of the services of files, trees, archives, documents and of the job's
 * surroundings once: what a plugin compiled today must find in every later host. */
#include "bio_export.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define TEXT(literal) {literal, sizeof literal - 1}
#define TRY(call)                       \
    do {                                \
        int32_t code_ = (call);         \
        if (code_ != BIO_OK) return code_; \
    } while (0)

typedef struct services {
    bio_exporter base;
    const bio_host *host;
} services;

static const void *table(const bio_host *host, const char *id) { return host->get_extension(host, id); }

static int32_t fail(const bio_host *host, const char *message) {
    const bio_fail *service = table(host, BIO_EXT_FAIL);
    bio_error error = {.struct_size = sizeof error, .code = BIO_E_INVALID, .message = {message, strlen(message)}};
    return service->fail(host, &error);
}

static int32_t emit(const bio_host *host, const char *path, uint32_t role, bio_str digest, uint64_t size) {
    bio_artifact artifact = {.struct_size = sizeof artifact,
                             .flags = BIO_ARTIFACT_REPRODUCIBLE,
                             .form = BIO_FORM_FILE,
                             .role = role,
                             .kind = TEXT("thing"),
                             .path = {path, strlen(path)},
                             .digest = digest,
                             .size = size};
    return host->emit(host, &artifact);
}

/* A tree with one entry of every kind, and that of the first package. */
static int32_t plant(const bio_host *host, bio_handle *tree) {
    const bio_rootfs *rootfs = table(host, BIO_EXT_ROOTFS);
    const bio_str file = TEXT("etc/note"), content = TEXT("a note\n"), directory = TEXT("var"), link = TEXT("bin"),
                  target = TEXT("usr/bin"), copy = TEXT("copy"), below = TEXT("opt");
    bio_handle other;
    TRY(rootfs->begin(host, tree));
    TRY(rootfs->begin(host, &other));
    TRY(rootfs->add_package(host, *tree, 0));
    TRY(rootfs->add_file(host, *tree, &file, 0640, &content));
    TRY(rootfs->add_directory(host, *tree, &directory, 0700));
    TRY(rootfs->add_symlink(host, *tree, &link, &target));
    TRY(rootfs->add_file(host, other, &file, 0644, &content));
    TRY(rootfs->add_tree(host, *tree, &below, other));
    const bio_files *files = table(host, BIO_EXT_FILES);
    bio_file page[16];
    uint64_t count = 0;
    for (uint64_t first = 0;; first += count) {
        TRY(files->page(host, 0, first, page, 16, &count));
        if (count == 0) return fail(host, "the package has no file");
        for (uint64_t i = 0; i < count; i++) {
            if (page[i].kind != BIO_FILE_REGULAR) continue;
            int32_t descriptor;
            char byte;
            TRY(files->open(host, 0, first + i, &descriptor));
            ssize_t got = read(descriptor, &byte, 1);
            close(descriptor);
            if (got < 0 || (page[i].size > 0) != (got == 1)) return fail(host, "a file cannot be read");
            return rootfs->add_copy(host, *tree, &copy, 0, first + i);
        }
    }
}

/* A TOML text read and written as JSON, into `path`. */
static int32_t convert(const bio_host *host, const bio_job *job, const char *path) {
    const bio_documents *documents = table(host, BIO_EXT_DOCUMENT);
    const bio_source source = {.struct_size = sizeof source,
                               .syntax = BIO_SYNTAX_TOML,
                               .name = TEXT("text"),
                               .text = TEXT("name = \"one\"\n[more]\nlist = [1, 2.5, true]\n")};
    const bio_document *document;
    bio_str json;
    TRY(documents->read(host, &source, &document));
    TRY(documents->write(host, BIO_SYNTAX_JSON_COMPACT, document->nodes, document->node_count, &json));
    const bio_arena *arena = table(host, BIO_EXT_ARENA);
    uint64_t room = job->out_dir.len + strlen(path) + 2;
    char *name = arena->allocate(host, room, 1);
    if (!name) return fail(host, "there is no memory");
    snprintf(name, room, "%s/%s", job->out_dir.ptr, path);
    FILE *out = fopen(name, "w");
    if (!out) return fail(host, "the output cannot be written");
    fwrite(json.ptr, 1, json.len, out);
    return fclose(out) == 0 ? BIO_OK : BIO_E_IO;
}

static int32_t validate(bio_exporter *exporter, const bio_job *job) {
    const bio_host *host = ((services *)exporter)->host;
    const bio_graph *graph = job->graph;
    if (graph->root_count == 0 || graph->roots[0] >= graph->package_count) return fail(host, "there is no package");
    if (table(host, "bio.host.nothing/1")) return fail(host, "the host has a service that there is not");
    const bio_log *log = table(host, BIO_EXT_LOG);
    const bio_str line = TEXT("one line");
    if (!log->enabled(host, BIO_LOG_WARNING)) return fail(host, "warnings are not shown");
    log->write(host, BIO_LOG_NOTE, &line);
    return BIO_OK;
}

static int32_t plan(bio_exporter *exporter, const bio_job *job) {
    const bio_host *host = ((services *)exporter)->host;
    (void)job;
    TRY(emit(host, "tree.tar", BIO_ARTIFACT_PRIMARY, (bio_str){0}, 0));
    return emit(host, "text.json", BIO_ARTIFACT_SIDECAR, (bio_str){0}, 0);
}

static int32_t run(bio_exporter *exporter, const bio_job *job) {
    const bio_host *host = ((services *)exporter)->host;
    const bio_cancel *cancel = table(host, BIO_EXT_CANCEL);
    if (cancel->requested(host) || cancel->descriptor(host) < 0) return BIO_E_CANCELLED;
    const bio_progress *progress = table(host, BIO_EXT_PROGRESS);
    const bio_str title = TEXT("Working"), path = TEXT("tree.tar"), none = TEXT("none");
    bio_handle piece = progress->begin(host, &title, 2), tree;
    TRY(plant(host, &tree));
    progress->step(host, piece, 1);
    const bio_archive *archive = table(host, BIO_EXT_ARCHIVE);
    bio_str suffix;
    TRY(archive->suffix(host, &none, &suffix));
    if (strcmp(suffix.ptr, ".tar") != 0) return fail(host, "a tar has another suffix");
    bio_written written = {.struct_size = sizeof written};
    TRY(archive->write(host, tree, &path, &none, &written));
    TRY(convert(host, job, "text.json"));
    progress->end(host, piece);
    TRY(emit(host, "tree.tar", BIO_ARTIFACT_PRIMARY, written.digest, written.size));
    return emit(host, "text.json", BIO_ARTIFACT_SIDECAR, (bio_str){0}, 0);
}

static void destroy(bio_exporter *exporter) { free(exporter); }

static int32_t create(const bio_format *format, const bio_host *host, bio_exporter **out) {
    (void)format;
    services *made = calloc(1, sizeof *made);
    if (!made) return BIO_E_LIMIT;
    made->base = (bio_exporter){sizeof made->base, 0, NULL, validate, plan, run, destroy};
    made->host = host;
    *out = &made->base;
    return BIO_OK;
}

/* ---- Typed functions ---- */

static int32_t twice(const bio_str *text, int64_t times, const bio_sink *out) {
    for (int64_t i = 0; i < times; i++)
        if (out->write(out, text) != BIO_OK) return BIO_E_LIMIT;
    return BIO_OK;
}
static int64_t sum(int64_t left, int64_t right) { return left + right; }
static int32_t is_even(int64_t number, const bio_sink *why) {
    const bio_str odd = TEXT("it is odd");
    if (number % 2 == 0) return BIO_OK;
    why->write(why, &odd);
    return BIO_E_INVALID;
}
static int32_t count_of(const bio_value *values, uint32_t count, const bio_sink *out) {
    char text[16];
    (void)values;
    bio_str made = {text, (uint64_t)snprintf(text, sizeof text, "%u", count)};
    return out->write(out, &made);
}

#define FUNCTION(its_name, type)                                                                              \
    (&(const bio_function){.struct_size = sizeof(bio_function), .name = TEXT(#its_name), .signature = TEXT(type), \
                           .doc = TEXT("A function"), .function = (void (*)(void))(its_name)})
static const bio_function *const functions[] = {FUNCTION(twice, "s(s,i64)"), FUNCTION(sum, "i64(i64,i64)"),
                                                FUNCTION(is_even, "check(i64)"), FUNCTION(count_of, "*")};

/* ---- One option of every kind ---- */

#define OPTION(its_kind, its_id, ...)                                                       \
    (&(const bio_option){.struct_size = sizeof(bio_option), .kind = its_kind, .id = TEXT(its_id), \
                         .summary = TEXT("An option"), __VA_ARGS__})
static const bio_kv choices[] = {{TEXT("one"), TEXT("the first")}, {TEXT("two"), TEXT("the second")}};
static const bio_str aliases[] = {TEXT("y"), TEXT("truth")};
static const bio_option *const options[] = {
    OPTION(BIO_KIND_BOOL, "yes", .aliases = aliases, .alias_count = 2),
    OPTION(BIO_KIND_INT, "number", .minimum = -10, .maximum = 10, .check = TEXT("is_even")),
    OPTION(BIO_KIND_STRING, "text", .environment = TEXT("BIO_EXPORT_CORPUS_TEXT"), .doc = TEXT("More of it")),
    OPTION(BIO_KIND_PATH, "file", .flags = BIO_OPTION_OPERAND, .value_name = TEXT("FILE")),
    OPTION(BIO_KIND_CHOICE, "which", .choices = choices, .choice_count = 2, .default_value = TEXT("one")),
    OPTION(BIO_KIND_LIST, "many", .flags = BIO_OPTION_HIDDEN | BIO_OPTION_DEPRECATED),
    OPTION(BIO_KIND_COMPRESSION, "pack", .default_value = TEXT("zstd:3")),
};

static const bio_base_package shell = {
    .struct_size = sizeof shell, .role = BIO_ROLE_SHELL, .omit_when = TEXT("yes which=two")};
static const bio_base_package other = {
    .struct_size = sizeof other, .role = BIO_ROLE_OTHER, .name = TEXT("jq"), .package = TEXT("core/jq-static")};
static const bio_base_package *const bases[] = {&shell, &other};
static const bio_str kinds[] = {TEXT("thing")};
static const bio_str groups[] = {TEXT(BIO_GROUP_PACKAGES), TEXT(BIO_GROUP_IMAGE_NAME), TEXT(BIO_GROUP_IMAGE)};
static const bio_str needs[] = {TEXT(BIO_EXT_LOG),    TEXT(BIO_EXT_PROGRESS), TEXT(BIO_EXT_CANCEL), TEXT(BIO_EXT_FAIL),
                                TEXT(BIO_EXT_ARENA),  TEXT(BIO_EXT_FILES),    TEXT(BIO_EXT_ROOTFS), TEXT(BIO_EXT_ARCHIVE),
                                TEXT(BIO_EXT_REGISTRY), TEXT(BIO_EXT_CHAIN),  TEXT(BIO_EXT_SECRET), TEXT(BIO_EXT_TOOL),
                                TEXT(BIO_EXT_DOCUMENT)};
static const bio_format format = {
    .struct_size = sizeof format,
    .flags = BIO_FORMAT_REPRODUCIBLE,
    .id = TEXT("services"),
    .summary = TEXT("Every service once"),
    .doc = TEXT("Compiled with ABI 1.0."),
    .option_count = sizeof options / sizeof *options,
    .options = options,
    .group_count = sizeof groups / sizeof *groups,
    .groups = groups,
    .base_count = sizeof bases / sizeof *bases,
    .bases = bases,
    .artifact_kind_count = 1,
    .artifact_kinds = kinds,
    .need_count = sizeof needs / sizeof *needs,
    .needs = needs,
    .tag_prefix = TEXT("s-"),
    .create = create,
};
static const bio_format *const formats[] = {&format};
static const bio_plugin plugin = {
    .struct_size = sizeof plugin,
    .abi = BIO_ABI_1_0,
    .abi_built = BIO_ABI_VERSION,
    .abi_needed = BIO_ABI_1_0,
    .format_count = 1,
    .id = TEXT("org.biome.corpus.services"),
    .name = TEXT("services"),
    .version = TEXT("1.0.0"),
    .vendor = TEXT("bio"),
    .license = TEXT("Apache-2.0"),
    .url = TEXT("https://biome.sh"),
    .formats = formats,
    .functions = functions,
    .function_count = sizeof functions / sizeof *functions,
};

int32_t bio_export_entry(const bio_negotiation *negotiation, const bio_plugin **out) {
    if (negotiation->abi_max < plugin.abi_needed) return BIO_E_NEWER;
    if (negotiation->directory.len == 0 || negotiation->directory.ptr[0] != '/') return BIO_E_INVALID;
    *out = &plugin;
    return BIO_OK;
}
