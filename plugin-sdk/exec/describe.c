/* SPDX-License-Identifier: Apache-2.0
 * What plugin.toml says of the formats, as the tables of bio_export.h. They are made once and never freed. */
#define _GNU_SOURCE
#include "bridge.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { MOST_BYTES = 64 << 10, MOST_ITEMS = 256 };

/* Reads the tables; the first thing that is wrong ends it. */
typedef struct reader {
    const bio_host *host;
    int failed;
} reader;

static void wrong(reader *reader, const char *where, const char *key, const char *what) {
    if (reader->failed) return;
    reader->failed = 1;
    char line[512];
    snprintf(line, sizeof line, "plugin.toml: '%s' in %s %s", key, where, what);
    const bio_log *log = BIO_SERVICE(reader->host, bio_log, BIO_EXT_LOG);
    bio_str text = bio_text(line);
    if (log) log->write(reader->host, BIO_LOG_WARNING, &text);
}

static bio_str text_of(reader *reader, nodes map, const char *where, const char *key, int required) {
    nodes member = node_member(map, key);
    if (node_is(member, BIO_NODE_STRING)) return text_kept(member.first->text);
    if (member.first || required) wrong(reader, where, key, member.first ? "is no text" : "is missing");
    return bio_text("");
}

static int is_on(reader *reader, nodes map, const char *where, const char *key, int fallback) {
    nodes member = node_member(map, key);
    if (node_is(member, BIO_NODE_BOOL)) return member.first->integer != 0;
    if (member.first) wrong(reader, where, key, "is neither true nor false");
    return fallback;
}

static int64_t integer_of(reader *reader, nodes map, const char *where, const char *key) {
    nodes member = node_member(map, key);
    if (node_is(member, BIO_NODE_INTEGER)) return member.first->integer;
    if (member.first) wrong(reader, where, key, "is no whole number");
    return 0;
}

/* A list of `kind`; its count comes into *count. */
static nodes list_of(reader *reader, nodes map, const char *where, const char *key, uint32_t kind, uint32_t *count) {
    nodes none = {NULL}, list = node_member(map, key);
    *count = 0;
    if (!list.first) return none;
    int right = node_is(list, BIO_NODE_LIST) && list.first->count <= MOST_ITEMS;
    const bio_node *item = node_first(list);
    for (uint32_t i = 0; right && i < list.first->count; i++, item = node_after(item)) right = item->kind == kind;
    if (!right) {
        wrong(reader, where, key, "is not a list of what belongs there");
        return none;
    }
    *count = list.first->count;
    return list;
}

static void *room(reader *reader, uint32_t count, size_t size) {
    void *made = calloc(count > 0 ? count : 1, size);
    if (!made) wrong(reader, "memory", "plugin", "does not fit");
    return made;
}

static const bio_str *texts_of(reader *reader, nodes map, const char *where, const char *key, uint32_t *count) {
    nodes list = list_of(reader, map, where, key, BIO_NODE_STRING, count);
    bio_str *texts = room(reader, *count, sizeof *texts);
    if (!list.first || !texts) return NULL;
    for (uint32_t i = 0; i < *count; i++) texts[i] = text_kept(node_first(list)[i].text);
    return texts;
}

static uint32_t kind_of(reader *reader, bio_str name) {
    static const char *const kinds[] = {"", "bool", "int", "string", "path", "choice", "list", "compression"};
    for (uint32_t i = 1; i < BIO_COUNT(kinds); i++)
        if (bio_is(name, kinds[i])) return i;
    wrong(reader, "[[exec.format.option]]", "kind", "is none of bool, int, string, path, choice, list, compression");
    return BIO_KIND_STRING;
}

static const bio_kv *choices_of(reader *reader, nodes map, uint32_t *count) {
    static const char where[] = "[[exec.format.option]]";
    nodes choices = node_member(map, "choices");
    *count = 0;
    if (!choices.first) return NULL;
    if (!node_is(choices, BIO_NODE_MAP) || choices.first->count > MOST_ITEMS) {
        wrong(reader, where, "choices", "is no table of values and what they mean");
        return NULL;
    }
    bio_kv *made = room(reader, choices.first->count, sizeof *made);
    const bio_node *item = node_first(choices);
    for (uint32_t i = 0; made && i < choices.first->count; i++, item = node_after(item)) {
        if (item->kind != BIO_NODE_STRING) wrong(reader, where, "choices", "holds something that is no text");
        made[i].key = text_kept(item->key);
        made[i].value = text_kept(item->text);
        *count = i + 1;
    }
    return made;
}

static const bio_option *option_of(reader *reader, nodes map) {
    static const char where[] = "[[exec.format.option]]";
    bio_option *made = room(reader, 1, sizeof *made);
    if (!made) return NULL;
    BIO_INIT(made);
    made->kind = kind_of(reader, text_of(reader, map, where, "kind", 1));
    made->id = text_of(reader, map, where, "id", 1);
    made->summary = text_of(reader, map, where, "summary", 1);
    made->doc = text_of(reader, map, where, "doc", 0);
    made->value_name = text_of(reader, map, where, "value_name", made->kind != BIO_KIND_BOOL);
    made->default_value = text_of(reader, map, where, "default", 0);
    made->environment = text_of(reader, map, where, "environment", 0);
    made->choices = choices_of(reader, map, &made->choice_count);
    made->aliases = texts_of(reader, map, where, "aliases", &made->alias_count);
    made->minimum = integer_of(reader, map, where, "minimum");
    made->maximum = integer_of(reader, map, where, "maximum");
    if (is_on(reader, map, where, "hidden", 0)) made->flags |= BIO_OPTION_HIDDEN;
    if (is_on(reader, map, where, "required", 0)) made->flags |= BIO_OPTION_REQUIRED;
    if (is_on(reader, map, where, "operand", 0)) made->flags |= BIO_OPTION_OPERAND;
    return made;
}

static const bio_format *format_of(reader *reader, nodes map) {
    static const char where[] = "[[exec.format]]";
    /* What the bridge itself cannot do without. */
    static const bio_str needs[] = {BIO_TEXT(BIO_EXT_FAIL), BIO_TEXT(BIO_EXT_DOCUMENT), BIO_TEXT(BIO_EXT_FILES)};
    exec_format *made = room(reader, 1, sizeof *made);
    if (!made) return NULL;
    bio_format *table = &made->table;
    BIO_INIT(table);
    table->id = text_of(reader, map, where, "id", 1);
    table->summary = text_of(reader, map, where, "summary", 1);
    table->doc = text_of(reader, map, where, "doc", 0);
    table->aliases = texts_of(reader, map, where, "aliases", &table->alias_count);
    table->groups = texts_of(reader, map, where, "groups", &table->group_count);
    table->artifact_kinds = texts_of(reader, map, where, "artifact_kinds", &table->artifact_kind_count);
    table->needs = needs;
    table->need_count = BIO_COUNT(needs);
    if (is_on(reader, map, where, "reproducible", 1)) table->flags |= BIO_FORMAT_REPRODUCIBLE;
    if (is_on(reader, map, where, "streamable", 0)) table->flags |= BIO_FORMAT_STREAMABLE;
    made->lists_files = is_on(reader, map, where, "files", 0);
    nodes options = list_of(reader, map, where, "option", BIO_NODE_MAP, &table->option_count);
    const bio_option **made_options = room(reader, table->option_count, sizeof *made_options);
    const bio_node *item = options.first ? node_first(options) : NULL;
    for (uint32_t i = 0; made_options && i < table->option_count; i++, item = node_after(item))
        made_options[i] = option_of(reader, (nodes){item});
    table->options = made_options;
    return table;
}

/* The bytes of plugin.toml; freed by the caller. Half of it would be another description: one more byte is tried. */
static char *contents(reader *reader, bio_str directory, uint64_t *length) {
    char path[4096];
    *length = 0;
    char *bytes = malloc(MOST_BYTES + 1);
    int size = snprintf(path, sizeof path, "%.*s/plugin.toml", (int)directory.len, directory.ptr);
    int file = size < (int)sizeof path ? open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK) : -1;
    for (ssize_t count = 1; file >= 0 && bytes && count > 0;) {
        count = read(file, bytes + *length, MOST_BYTES + 1 - *length);
        if (count < 0 && errno != EINTR) break;
        if (count > 0) *length += (uint64_t)count;
        if (count < 0) count = 1;
    }
    if (file < 0 || *length == 0) wrong(reader, path, "plugin", "cannot be read");
    if (*length > MOST_BYTES) wrong(reader, path, "plugin", "has more than 64 KiB");
    if (file >= 0) close(file);
    return bytes;
}

static nodes parsed(reader *reader, bio_str directory) {
    nodes made = {NULL};
    const bio_documents *documents = BIO_SERVICE(reader->host, bio_documents, BIO_EXT_DOCUMENT);
    bio_source source;
    BIO_INIT(&source);
    char *bytes = contents(reader, directory, &source.text.len);
    source.syntax = BIO_SYNTAX_TOML;
    source.name = bio_text("plugin.toml");
    source.text.ptr = bytes;
    const bio_document *document = NULL;
    if (!reader->failed && (!documents || documents->read(reader->host, &source, &document) != BIO_OK))
        wrong(reader, "TOML", "plugin", "cannot be read");
    free(bytes);
    if (document) made.first = document->nodes;
    return made;
}

static void read_command(reader *reader, exec_plugin *made, nodes exec) {
    uint32_t count;
    const bio_str *words = texts_of(reader, exec, "[exec]", "command", &count);
    made->command = room(reader, count + 1, sizeof *made->command);
    if (count == 0 || words[0].len == 0) wrong(reader, "[exec]", "command", "names no program");
    for (uint32_t i = 0; made->command && !reader->failed && i < count; i++) made->command[i] = (char *)words[i].ptr;
}

exec_plugin *plugin_described(const bio_host *host, bio_str directory,
                              int32_t (*create)(const bio_format *, const bio_host *, bio_exporter **)) {
    reader reader = {host, 0};
    nodes document = parsed(&reader, directory), exec = node_member(document, "exec");
    exec_plugin *made = room(&reader, 1, sizeof *made);
    if (reader.failed) return NULL;
    bio_plugin *table = &made->table;
    BIO_INIT(table);
    table->abi = table->abi_needed = BIO_ABI_1_0;
    table->abi_built = BIO_ABI_VERSION;
    table->id = text_of(&reader, document, "it", "id", 1);
    table->name = text_of(&reader, document, "it", "name", 1);
    table->version = text_of(&reader, document, "it", "version", 1);
    table->vendor = text_of(&reader, document, "it", "vendor", 0);
    table->license = text_of(&reader, document, "it", "license", 1);
    table->url = text_of(&reader, document, "it", "url", 0);
    made->directory = text_kept(directory);
    read_command(&reader, made, exec);
    nodes formats = list_of(&reader, exec, "[exec]", "format", BIO_NODE_MAP, &table->format_count);
    if (table->format_count == 0) wrong(&reader, "[exec]", "format", "is missing");
    const bio_format **tables = room(&reader, table->format_count, sizeof *tables);
    const bio_node *item = formats.first ? node_first(formats) : NULL;
    for (uint32_t i = 0; tables && i < table->format_count; i++, item = node_after(item)) {
        tables[i] = format_of(&reader, (nodes){item});
        if (tables[i]) ((exec_format *)tables[i])->table.create = create;
    }
    table->formats = tables;
    return reader.failed ? NULL : made;
}
