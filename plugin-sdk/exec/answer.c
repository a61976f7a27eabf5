/* SPDX-License-Identifier: Apache-2.0
 * What a script writes to its standard output: what it makes, or why it failed. */
#include "bridge.h"

#include <stdio.h>

static const bio_str nothing = {"", 0};

static int32_t refuse(const bio_host *host, const char *phase, const char *what) {
    char message[256];
    snprintf(message, sizeof message, "the plugin's program answered '%s' with %s", phase, what);
    return bio_refuse(host, BIO_E_FAILED, BIO_SUBJECT_NONE, nothing, message,
                      "docs/reference/exec.md says what an answer looks like; tell the plugin's author");
}

/* ---- Failures ---- */

static bio_str text_of(nodes map, const char *key) {
    nodes member = node_member(map, key);
    return node_is(member, BIO_NODE_STRING) ? member.first->text : nothing;
}

static uint32_t subject_of(bio_str kind) {
    if (bio_is(kind, "option")) return BIO_SUBJECT_OPTION;
    if (bio_is(kind, "package")) return BIO_SUBJECT_PACKAGE;
    return bio_is(kind, "path") ? BIO_SUBJECT_PATH : BIO_SUBJECT_NONE;
}

/* The codes of the ABI are exit codes too, and so are the first of a plugin's own: where the program says why. Without
 * that the number is that of a tool, which means something else by it. */
static int32_t code_of(int32_t exit_code, bio_str message) {
    int ours = exit_code >= BIO_E_FAILED && exit_code <= BIO_E_MISUSE;
    return message.len > 0 && (ours || (exit_code >= 100 && exit_code <= 125)) ? exit_code : BIO_E_FAILED;
}

static int32_t fail(const bio_host *host, const char *phase, const script_end *end, nodes answer) {
    nodes error = node_member(answer, "error");
    char message[4608];
    if (text_of(error, "message").len > 0) {
        bio_str text = text_of(error, "message");
        snprintf(message, sizeof message, "%.*s", text.len < 4096 ? (int)text.len : 4096, text.ptr);
    } else if (end->code < 0) {
        snprintf(message, sizeof message, "the plugin's program was ended by signal %d in '%s'", -end->code, phase);
    } else if (end->code == 126 || end->code == 127) {
        snprintf(message, sizeof message, "the plugin's program found no program to run%s%s", end->last[0] ? ": " : "",
                 end->last);
    } else {
        snprintf(message, sizeof message, "the plugin's program failed in '%s' with exit code %d%s%s", phase, end->code,
                 end->last[0] ? ": " : "", end->last);
    }
    bio_error made;
    BIO_INIT(&made);
    made.code = code_of(end->code, text_of(error, "message"));
    made.subject_kind = subject_of(text_of(error, "subject_kind"));
    made.subject = made.subject_kind ? text_of(error, "subject") : nothing;
    made.message = bio_text(message);
    made.hint = text_of(error, "hint");
    return BIO_SERVICE(host, bio_fail, BIO_EXT_FAIL)->fail(host, &made);
}

/* ---- Artifacts ---- */

static int32_t emit(const bio_host *host, const exec_format *format, const char *phase, nodes map) {
    static const char *const keys[] = {"path", "kind", "media_type", "form", "role", "digest"};
    bio_artifact made;
    BIO_INIT(&made);
    for (uint32_t i = 0; i < BIO_COUNT(keys); i++) {
        nodes member = node_member(map, keys[i]);
        if (member.first && !node_is(member, BIO_NODE_STRING)) return refuse(host, phase, "an artifact that holds no texts");
    }
    bio_str form = text_of(map, "form"), role = text_of(map, "role");
    if (format->table.flags & BIO_FORMAT_REPRODUCIBLE) made.flags = BIO_ARTIFACT_REPRODUCIBLE;
    made.form = bio_is(form, "directory") ? BIO_FORM_DIRECTORY : BIO_FORM_FILE;
    made.role = bio_is(role, "sidecar") ? BIO_ARTIFACT_SIDECAR : BIO_ARTIFACT_PRIMARY;
    if (form.len > 0 && made.form == BIO_FORM_FILE && !bio_is(form, "file"))
        return refuse(host, phase, "an artifact whose form is neither file nor directory");
    if (role.len > 0 && made.role == BIO_ARTIFACT_PRIMARY && !bio_is(role, "primary"))
        return refuse(host, phase, "an artifact whose role is neither primary nor sidecar");
    made.kind = text_of(map, "kind");
    made.media_type = text_of(map, "media_type");
    made.path = text_of(map, "path");
    made.digest = text_of(map, "digest");
    return host->emit(host, &made);
}

static int is_blank(bio_str text) {
    for (uint64_t i = 0; i < text.len; i++)
        if (!strchr(" \t\r\n", text.ptr[i]) || text.ptr[i] == 0) return 0;
    return 1;
}

int32_t answer_take(const bio_host *host, const exec_plugin *plugin, const exec_format *format, const char *phase,
                    const script_end *end) {
    const bio_documents *documents = BIO_SERVICE(host, bio_documents, BIO_EXT_DOCUMENT);
    nodes answer = {NULL};
    if (!is_blank(end->output)) {
        bio_source source;
        BIO_INIT(&source);
        source.syntax = BIO_SYNTAX_JSON;
        source.name = bio_text(plugin->command[0]);
        source.text = end->output;
        const bio_document *document = NULL;
        /* Of a program that failed, what it has written may be anything. */
        if (documents->read(host, &source, &document) == BIO_OK) answer.first = document->nodes;
        else if (end->code == 0) return refuse(host, phase, "what is no JSON");
    }
    if (end->code != 0) return fail(host, phase, end, answer);
    if (bio_is(bio_text(phase), "validate")) return BIO_OK;
    nodes list = node_member(answer, "artifacts");
    if (!node_is(list, BIO_NODE_LIST)) return refuse(host, phase, "no list 'artifacts'");
    const bio_node *item = node_first(list);
    for (uint32_t i = 0; i < list.first->count; i++, item = node_after(item)) {
        if (item->kind != BIO_NODE_MAP) return refuse(host, phase, "an artifact that is no object");
        int32_t code = emit(host, format, phase, (nodes){item});
        if (code != BIO_OK) return code;
    }
    return BIO_OK;
}
