/* SPDX-License-Identifier: Apache-2.0
 * The request that a script reads from its standard input. The host writes the JSON, and quotes what needs quotes. */
#include "bridge.h"

#include <stdio.h>
#include <stdlib.h>

/* Nodes of a growing document; `texts` holds what was made for it. */
typedef struct draft {
    bio_node *nodes;
    uint64_t count, room;
    char **texts;
    uint64_t text_count, text_room;
    int failed;
} draft;

static bio_node *add(draft *draft, const char *key, uint32_t kind) {
    static bio_node nowhere;
    if (draft->count == draft->room) {
        draft->room = draft->room ? draft->room * 2 : 256;
        bio_node *larger = realloc(draft->nodes, draft->room * sizeof *larger);
        if (!larger) draft->failed = 1;
        if (!larger) return &nowhere;
        draft->nodes = larger;
    }
    bio_node *node = &draft->nodes[draft->count++];
    memset(node, 0, sizeof *node);
    node->key = bio_text(key);
    node->kind = kind;
    return node;
}

static void add_text(draft *draft, const char *key, bio_str text) { add(draft, key, BIO_NODE_STRING)->text = text; }

static void add_integer(draft *draft, const char *key, int64_t value) {
    add(draft, key, BIO_NODE_INTEGER)->integer = value;
}

/* Where a map or list begins; its items are counted when it is closed. */
static uint64_t open_node(draft *draft, const char *key, uint32_t kind) {
    add(draft, key, kind);
    return draft->count - 1;
}

static void close_node(draft *draft, uint64_t place, uint32_t count) {
    if (!draft->failed) draft->nodes[place].count = count;
}

/* Bytes as text: what is not printable ASCII, and %, as %XX. */
static bio_str escaped(draft *draft, bio_str bytes) {
    char *made = malloc(bytes.len * 3 + 1);
    if (draft->text_count == draft->text_room) {
        draft->text_room = draft->text_room ? draft->text_room * 2 : 64;
        char **larger = realloc(draft->texts, draft->text_room * sizeof *larger);
        if (larger) draft->texts = larger;
        if (!larger) draft->failed = 1;
    }
    if (!made) draft->failed = 1;
    if (draft->failed) {
        free(made);
        return bio_text("");
    }
    draft->texts[draft->text_count++] = made;
    uint64_t length = 0;
    for (uint64_t i = 0; i < bytes.len; i++) {
        unsigned char byte = (unsigned char)bytes.ptr[i];
        if (byte > 0x20 && byte < 0x7F && byte != '%') made[length++] = (char)byte;
        else length += (uint64_t)sprintf(made + length, "%%%02X", byte);
    }
    return (bio_str){made, length};
}

static void add_value(draft *draft, const bio_option *option, const bio_value *value) {
    static const char *const kinds[] = {"unset", "bool", "int", "string", "path", "choice", "list", "compression"};
    static const char *const sources[] = {"default", "command-line", "environment"};
    add(draft, "", BIO_NODE_MAP)->count = 4;
    add_text(draft, "id", option->id);
    add_text(draft, "kind", bio_text(kinds[value->kind < BIO_COUNT(kinds) ? value->kind : 0]));
    add_text(draft, "source", bio_text(sources[value->source < BIO_COUNT(sources) ? value->source : 0]));
    switch (value->kind) {
    case BIO_KIND_UNSET: add(draft, "value", BIO_NODE_NULL); break;
    case BIO_KIND_BOOL: add(draft, "value", BIO_NODE_BOOL)->integer = value->integer; break;
    case BIO_KIND_INT: add_integer(draft, "value", value->integer); break;
    case BIO_KIND_LIST:
        add(draft, "value", BIO_NODE_LIST)->count = (uint32_t)value->item_count;
        for (uint64_t i = 0; i < value->item_count; i++) add_text(draft, "", value->items[i]);
        break;
    default: add_text(draft, "value", value->text);
    }
}

static int32_t add_files(draft *draft, const bio_host *host, uint32_t package) {
    static const char *const kinds[] = {"", "file", "directory", "symlink"};
    const bio_files *files = BIO_SERVICE(host, bio_files, BIO_EXT_FILES);
    uint64_t list = open_node(draft, "files", BIO_NODE_LIST), done = 0, count = 0;
    bio_file page[256];
    do {
        int32_t code = files->page(host, package, done, page, BIO_COUNT(page), &count);
        if (code != BIO_OK) return code;
        for (uint64_t i = 0; i < count; i++) {
            const bio_file *file = &page[i];
            add(draft, "", BIO_NODE_MAP)->count =
                file->kind == BIO_FILE_REGULAR ? 5 : file->kind == BIO_FILE_SYMLINK ? 4 : 3;
            add_text(draft, "path", escaped(draft, file->path));
            add_text(draft, "kind", bio_text(kinds[file->kind < BIO_COUNT(kinds) ? file->kind : 0]));
            add_integer(draft, "mode", file->mode);
            if (file->kind == BIO_FILE_SYMLINK) add_text(draft, "target", escaped(draft, file->link_target));
            if (file->kind != BIO_FILE_REGULAR) continue;
            add_integer(draft, "size", (int64_t)file->size);
            add_text(draft, "digest", escaped(draft, file->digest));
        }
        done += count;
    } while (count > 0 && !draft->failed);
    close_node(draft, list, (uint32_t)done);
    return BIO_OK;
}

static void add_flags(draft *draft, uint32_t flags) {
    static const struct {
        uint32_t bit;
        const char *name;
    } names[] = {
        {BIO_PACKAGE_ROOT, "root"}, {BIO_PACKAGE_BASE, "base"}, {BIO_PACKAGE_SERVICE, "service"},
        {BIO_PACKAGE_UNVERIFIED, "unverified"}, {BIO_PACKAGE_INSTALL_HOOK, "install-hook"}, {BIO_PACKAGE_CLI, "cli"},
        {BIO_PACKAGE_SUPERVISOR, "supervisor"}, {BIO_PACKAGE_LAUNCHER, "launcher"}, {BIO_PACKAGE_SHELL, "shell"},
        {BIO_PACKAGE_CERTIFICATES, "certificates"},
    };
    uint64_t list = open_node(draft, "flags", BIO_NODE_LIST);
    uint32_t count = 0;
    for (uint32_t i = 0; i < BIO_COUNT(names); i++)
        if (flags & names[i].bit) add_text(draft, "", bio_text(names[i].name)), count++;
    close_node(draft, list, count);
}

static int32_t add_package(draft *draft, const bio_host *host, const bio_graph *graph, uint32_t index, int with_files) {
    const bio_package *package = graph->packages[index];
    uint32_t first = graph->edge_starts[index], past = graph->edge_starts[index + 1];
    add(draft, "", BIO_NODE_MAP)->count = with_files ? 12 : 11;
    add_text(draft, "ident", package->ident);
    add_text(draft, "target", package->target);
    add_text(draft, "prefix", package->prefix);
    add_text(draft, "artifact", package->artifact);
    add_text(draft, "signer", package->signer);
    add_text(draft, "requested", package->requested);
    add_flags(draft, package->flags);
    add_integer(draft, "installed_size", (int64_t)package->installed_size);
    add_integer(draft, "file_count", (int64_t)package->file_count);
    add(draft, "metadata", BIO_NODE_MAP)->count = package->metadata_count;
    for (uint32_t i = 0; i < package->metadata_count; i++) {
        bio_node *node = add(draft, "", BIO_NODE_STRING);
        node->key = package->metadata[i].key;
        node->text = package->metadata[i].value;
    }
    add(draft, "dependencies", BIO_NODE_LIST)->count = past - first;
    for (uint32_t i = first; i < past; i++) {
        add(draft, "", BIO_NODE_MAP)->count = 2;
        add_integer(draft, "package", graph->edges[i].to);
        add_text(draft, "kind", bio_text(graph->edges[i].kind == BIO_EDGE_DIRECT ? "direct" : "transitive"));
    }
    return with_files ? add_files(draft, host, index) : BIO_OK;
}

static int32_t add_job(draft *draft, const char *key, const bio_host *host, const exec_format *format,
                       const bio_job *job) {
    const bio_graph *graph = job->graph;
    add(draft, key, BIO_NODE_MAP)->count = 7;
    add_text(draft, "format", format->table.id);
    add_text(draft, "target", job->target);
    add_integer(draft, "source_date_epoch", job->source_date_epoch);
    add_text(draft, "output_name", job->output_name);
    add(draft, "options", BIO_NODE_LIST)->count = job->value_count;
    for (uint32_t i = 0; i < job->value_count; i++) add_value(draft, format->table.options[i], &job->values[i]);
    add(draft, "roots", BIO_NODE_LIST)->count = graph->root_count;
    for (uint32_t i = 0; i < graph->root_count; i++) add_integer(draft, "", graph->roots[i]);
    add(draft, "packages", BIO_NODE_LIST)->count = graph->package_count;
    int32_t code = BIO_OK;
    for (uint32_t i = 0; i < graph->package_count && code == BIO_OK; i++)
        code = add_package(draft, host, graph, i, format->lists_files);
    return code;
}

int32_t request_write(const bio_host *host, const exec_format *format, const bio_job *job, const char *phase,
                      bio_str *json) {
    draft draft = {0};
    add(&draft, "", BIO_NODE_MAP)->count = 5;
    add_integer(&draft, "request", 1);
    add_text(&draft, "phase", bio_text(phase));
    add_text(&draft, "out_dir", job->out_dir);
    add_text(&draft, "scratch_dir", job->scratch_dir);
    int32_t code = add_job(&draft, "job", host, format, job);
    if (code == BIO_OK && draft.failed) code = bio_no_memory(host);
    const bio_documents *documents = BIO_SERVICE(host, bio_documents, BIO_EXT_DOCUMENT);
    if (code == BIO_OK) code = documents->write(host, BIO_SYNTAX_JSON, draft.nodes, draft.count, json);
    for (uint64_t i = 0; i < draft.text_count; i++) free(draft.texts[i]);
    free(draft.texts);
    free(draft.nodes);
    return code;
}
