// SPDX-License-Identifier: Apache-2.0

#include "bio_yaml.h"

#include <bio_system.h>
#include <stdio.h>
#include <stdlib.h>
#include <yaml.h>

#define FUNCTIONS(each)                \
    each(yaml_parser_initialize)       \
    each(yaml_parser_delete)           \
    each(yaml_parser_set_input_string) \
    each(yaml_parser_set_encoding)     \
    each(yaml_parser_parse)            \
    each(yaml_event_delete)

#define INDEX(name) index_##name,
#define NAME(name) #name,
enum { FUNCTIONS(INDEX) function_count };
static const char *const names[] = {FUNCTIONS(NAME)};
static void *slots[function_count];
static bio_late_library library = {"libyaml-0.so.2", names, slots, function_count, 0};

#define CALL(name) ((__typeof__(&name))slots[index_##name])

struct bio_yaml {
    yaml_parser_t parser;
    yaml_event_t event;  // the one whose texts are out; all zero at first, which deletes to nothing
};

bio_yaml *bio_yaml_new(const void *bytes, size_t count, const char **problem) {
    *problem = bio_late_bind(&library);
    if (*problem) return NULL;
    bio_yaml *yaml = calloc(1, sizeof *yaml);
    if (!yaml) return NULL;
    if (!CALL(yaml_parser_initialize)(&yaml->parser)) {
        free(yaml);
        return NULL;
    }
    CALL(yaml_parser_set_input_string)(&yaml->parser, count ? bytes : (const void *)"", count);
    // Else a byte order mark could make it UTF-16.
    CALL(yaml_parser_set_encoding)(&yaml->parser, YAML_UTF8_ENCODING);
    return yaml;
}

static void describe(const yaml_parser_t *parser, bio_yaml_problem *problem) {
    const char *text = parser->error == YAML_MEMORY_ERROR || !parser->problem ? "" : parser->problem;
    const char *context = *text && parser->context ? parser->context : "";
    snprintf(problem->text, sizeof problem->text, "%s%s%s", text, *context ? " " : "", context);
    problem->line = (uint32_t)parser->problem_mark.line + 1;
    problem->column = (uint32_t)parser->problem_mark.column + 1;
}

static void set_scalar(const yaml_event_t *from, bio_yaml_event *to) {
    to->kind = BIO_YAML_SCALAR;
    to->text = (const char *)from->data.scalar.value;
    to->length = from->data.scalar.length;
    to->anchor = (const char *)from->data.scalar.anchor;
    to->tag = (const char *)from->data.scalar.tag;
    to->is_plain = from->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
}

int bio_yaml_next(bio_yaml *yaml, bio_yaml_event *event, bio_yaml_problem *problem) {
    yaml_event_t *now = &yaml->event;
    CALL(yaml_event_delete)(now);
    if (!CALL(yaml_parser_parse)(&yaml->parser, now)) {
        describe(&yaml->parser, problem);
        return 0;
    }
    *event = (bio_yaml_event){
        .line = (uint32_t)now->start_mark.line + 1, .column = (uint32_t)now->start_mark.column + 1};
    switch (now->type) {
    case YAML_STREAM_END_EVENT: event->kind = BIO_YAML_STREAM_END; break;
    case YAML_DOCUMENT_START_EVENT: event->kind = BIO_YAML_DOCUMENT_START; break;
    case YAML_DOCUMENT_END_EVENT: event->kind = BIO_YAML_DOCUMENT_END; break;
    case YAML_ALIAS_EVENT:
        event->kind = BIO_YAML_ALIAS;
        event->anchor = (const char *)now->data.alias.anchor;
        break;
    case YAML_SCALAR_EVENT: set_scalar(now, event); break;
    case YAML_SEQUENCE_START_EVENT:
        event->kind = BIO_YAML_LIST_START;
        event->anchor = (const char *)now->data.sequence_start.anchor;
        event->tag = (const char *)now->data.sequence_start.tag;
        break;
    case YAML_SEQUENCE_END_EVENT: event->kind = BIO_YAML_LIST_END; break;
    case YAML_MAPPING_START_EVENT:
        event->kind = BIO_YAML_MAP_START;
        event->anchor = (const char *)now->data.mapping_start.anchor;
        event->tag = (const char *)now->data.mapping_start.tag;
        break;
    case YAML_MAPPING_END_EVENT: event->kind = BIO_YAML_MAP_END; break;
    default: event->kind = BIO_YAML_NONE;
    }
    return 1;
}

void bio_yaml_free(bio_yaml *yaml) {
    CALL(yaml_event_delete)(&yaml->event);
    CALL(yaml_parser_delete)(&yaml->parser);
    free(yaml);
}
