/* SPDX-License-Identifier: Apache-2.0
 * The variables of a script: the runner's, and what a script in sh would else pick out of JSON. */
#include "bridge.h"

#include <stdio.h>
#include <stdlib.h>

extern char **environ;

static void set(environment *made, const char *prefix, bio_str name, bio_str value) {
    char *text = malloc(strlen(prefix) + name.len + value.len + 2);
    if (!text || made->count == MOST_VARIABLES) {
        free(text);
        return;
    }
    size_t length = (size_t)sprintf(text, "%s", prefix);
    for (uint64_t i = 0; i < name.len; i++) {
        char letter = name.ptr[i];
        text[length++] = letter == '-' ? '_' : letter >= 'a' && letter <= 'z' ? (char)(letter - 32) : letter;
    }
    text[length++] = '=';
    if (value.len > 0) memcpy(text + length, value.ptr, value.len);
    text[length + value.len] = 0;
    made->entries[made->count++] = text;
    made->own++;
}

static void set_option(environment *made, bio_str id, const bio_value *value) {
    char number[24];
    switch (value->kind) {
    case BIO_KIND_UNSET:
    case BIO_KIND_LIST: return; /* a list is in the request alone */
    case BIO_KIND_BOOL: set(made, "BIO_OPTION_", id, bio_text(value->integer ? "1" : "")); return;
    case BIO_KIND_INT:
        snprintf(number, sizeof number, "%lld", (long long)value->integer);
        set(made, "BIO_OPTION_", id, bio_text(number));
        return;
    default: set(made, "BIO_OPTION_", id, value->text);
    }
}

void environment_fill(environment *made, const exec_plugin *plugin, const exec_format *format, const bio_job *job,
                      const char *phase) {
    memset(made, 0, sizeof *made);
    for (char **entry = environ; *entry && made->count < MOST_VARIABLES / 2; entry++)
        if (strncmp(*entry, "BIO_", 4) != 0 && strncmp(*entry, "HOME=", 5) != 0) made->entries[made->count++] = *entry;
    /* A home that is there, or an interpreter asks the machine for one, through a socket that no plugin may have. */
    set(made, "HOME", bio_text(""), job->scratch_dir);
    set(made, "BIO_PHASE", bio_text(""), bio_text(phase));
    set(made, "BIO_FORMAT", bio_text(""), format->table.id);
    set(made, "BIO_OUT_DIR", bio_text(""), job->out_dir);
    set(made, "BIO_SCRATCH_DIR", bio_text(""), job->scratch_dir);
    set(made, "BIO_OUTPUT_NAME", bio_text(""), job->output_name);
    set(made, "BIO_PLUGIN_DIR", bio_text(""), plugin->directory);
    for (uint32_t i = 0; i < job->value_count && i < format->table.option_count; i++)
        set_option(made, format->table.options[i]->id, &job->values[i]);
}

void environment_free(environment *made) {
    for (uint32_t i = 0; i < made->own; i++) free(made->entries[made->count - 1 - i]);
}
