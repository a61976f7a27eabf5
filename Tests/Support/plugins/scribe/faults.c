/* SPDX-License-Identifier: Apache-2.0
 * Calls of bio.host.document/1 that the host must refuse. */
#include "scribe.h"

#define STRING(chars) {.text = TEXT(chars), .kind = BIO_NODE_STRING}
#define MEMBER(name, chars) {.key = TEXT(name), .text = TEXT(chars), .kind = BIO_NODE_STRING}
#define WRITE(syntax, ...)                                 \
    do {                                                   \
        const bio_node nodes[] = {__VA_ARGS__};            \
        return write_nodes(t, syntax, nodes, COUNT(nodes)); \
    } while (0)

/* ---- Writing ---- */

static int32_t no_syntax(const task *t) { WRITE(99, STRING("x")); }
static int32_t no_array(const task *t) { return write_nodes(t, BIO_SYNTAX_YAML, NULL, 3); }
static int32_t endless_nodes(const task *t) {
    const bio_node node = STRING("x");
    return write_nodes(t, BIO_SYNTAX_YAML, &node, UINT64_MAX);
}
static int32_t unknown_kind(const task *t) { WRITE(BIO_SYNTAX_YAML, {.kind = 77}); }
static int32_t missing_items(const task *t) { WRITE(BIO_SYNTAX_YAML, {.kind = BIO_NODE_LIST, .count = 3}, STRING("x")); }
static int32_t endless_items(const task *t) { WRITE(BIO_SYNTAX_YAML, {.kind = BIO_NODE_MAP, .count = UINT32_MAX}, STRING("x")); }
static int32_t key_twice(const task *t) {
    WRITE(BIO_SYNTAX_JSON, {.kind = BIO_NODE_MAP, .count = 2}, MEMBER("a", "1"), MEMBER("a", "2"));
}
static int32_t key_in_list(const task *t) { WRITE(BIO_SYNTAX_YAML, {.kind = BIO_NODE_LIST, .count = 1}, MEMBER("a", "1")); }
static int32_t not_utf8(const task *t) { WRITE(BIO_SYNTAX_YAML, STRING("\xFF")); }
static int32_t text_nowhere(const task *t) { WRITE(BIO_SYNTAX_YAML, {.text = {NULL, 5}, .kind = BIO_NODE_STRING}); }
static int32_t endless_text(const task *t) { WRITE(BIO_SYNTAX_YAML, {.text = {"x", UINT64_MAX}, .kind = BIO_NODE_STRING}); }
static int32_t no_number(const task *t) { WRITE(BIO_SYNTAX_JSON, {.text = TEXT("1, 2"), .kind = BIO_NODE_NUMBER}); }
static int32_t two_in_json(const task *t) { WRITE(BIO_SYNTAX_JSON, STRING("a"), STRING("b")); }
static int32_t none_in_toml(const task *t) { return write_nodes(t, BIO_SYNTAX_TOML, NULL, 0); }
static int32_t null_in_toml(const task *t) {
    WRITE(BIO_SYNTAX_TOML, {.kind = BIO_NODE_MAP, .count = 1}, {.key = TEXT("a"), .kind = BIO_NODE_NULL});
}
static int32_t expression_in_yaml(const task *t) { WRITE(BIO_SYNTAX_YAML, {.text = TEXT(".x"), .kind = BIO_NODE_EXPRESSION}); }
static int32_t section_in_json(const task *t) {
    WRITE(BIO_SYNTAX_JSON, {.text = TEXT("if .x"), .kind = BIO_NODE_SECTION, .count = 1}, STRING("x"));
}
static int32_t expression_leaves(const task *t) {
    WRITE(BIO_SYNTAX_YAML_TEMPLATE, {.text = TEXT("x }} evil {{ y"), .kind = BIO_NODE_EXPRESSION});
}
static int32_t expression_of_lines(const task *t) {
    WRITE(BIO_SYNTAX_YAML_TEMPLATE, {.text = TEXT("a\nb"), .kind = BIO_NODE_LINES});
}
static int32_t empty_expression(const task *t) { WRITE(BIO_SYNTAX_YAML_TEMPLATE, {.kind = BIO_NODE_EXPRESSION}); }
static int32_t odd_section(const task *t) {
    WRITE(BIO_SYNTAX_YAML_TEMPLATE, {.text = TEXT("end"), .kind = BIO_NODE_SECTION, .count = 1}, STRING("x"));
}
static int32_t deep(const task *t) {
    static bio_node nodes[100000];
    for (uint32_t i = 0; i < COUNT(nodes); i++) {
        nodes[i].kind = BIO_NODE_LIST;
        nodes[i].count = i + 1 < COUNT(nodes);
    }
    return write_nodes(t, BIO_SYNTAX_JSON, nodes, COUNT(nodes));
}
static int32_t deep_sections(const task *t) {
    static bio_node nodes[1000];
    for (uint32_t i = 0; i < COUNT(nodes); i++) {
        nodes[i].kind = BIO_NODE_SECTION;
        nodes[i].text = text("if .x");
        nodes[i].count = i + 1 < COUNT(nodes);
    }
    return write_nodes(t, BIO_SYNTAX_YAML_TEMPLATE, nodes, COUNT(nodes));
}
/* Little text, which blanks before its lines would make large. */
static int32_t indented(const task *t) {
    static char lines[2 << 20];
    static bio_node nodes[60];
    for (uint32_t i = 0; i < sizeof lines; i++) lines[i] = i % 2 ? '\n' : 'x';
    for (uint32_t i = 0; i < COUNT(nodes); i++) {
        nodes[i].kind = BIO_NODE_LIST;
        nodes[i].count = 1;
    }
    nodes[COUNT(nodes) - 1] = (bio_node){.text = {lines, sizeof lines}, .kind = BIO_NODE_STRING};
    return write_nodes(t, BIO_SYNTAX_YAML, nodes, COUNT(nodes));
}
/* Every one is small enough; all of them are not. */
static int32_t many_documents(const task *t) {
    static char chars[8 << 20];
    memset(chars, 'x', sizeof chars);
    const bio_node node = {.text = {chars, sizeof chars}, .kind = BIO_NODE_STRING};
    int32_t code = BIO_OK;
    for (int i = 0; i < 100 && code == BIO_OK; i++) code = write_nodes(t, BIO_SYNTAX_JSON, &node, 1);
    return code;
}

/* ---- Reading ---- */

static int32_t read_no_syntax(const task *t) { return read_text(t, 99, text("{}")); }
static int32_t read_template(const task *t) { return read_text(t, BIO_SYNTAX_YAML_TEMPLATE, text("{}")); }
static int32_t read_nowhere(const task *t) {
    bio_str nowhere = {NULL, 5};
    return read_text(t, BIO_SYNTAX_JSON, nowhere);
}
static int32_t read_long(const task *t) {
    static char chars[(4 << 20) + 100];
    memset(chars, '1', sizeof chars);
    bio_str given = {chars, sizeof chars};
    return read_text(t, BIO_SYNTAX_YAML, given);
}
static int32_t read_deep(const task *t) {
    static char chars[100000];
    memset(chars, '[', sizeof chars);
    bio_str given = {chars, sizeof chars};
    return read_text(t, BIO_SYNTAX_YAML, given);
}
static int32_t read_laughs(const task *t) {
    static char chars[2000];
    size_t used = (size_t)sprintf(chars, "- &a0 [x,x,x,x,x,x,x,x,x,x]\n");
    for (int i = 1; i < 10; i++) {
        used += (size_t)sprintf(chars + used, "- &a%d [", i);
        for (int j = 0; j < 10; j++) used += (size_t)sprintf(chars + used, "*a%d,", i - 1);
        used += (size_t)sprintf(chars + used, "]\n");
    }
    return read_text(t, BIO_SYNTAX_YAML, text(chars));
}
static int32_t short_source(const task *t) {
    const bio_document *document;
    bio_source made = source(BIO_SYNTAX_JSON, text("{}"));
    made.struct_size = 16;
    return documents(t)->read(t->host, &made, &document);
}
static int32_t new_flags(const task *t) {
    const bio_document *document;
    bio_source made = source(BIO_SYNTAX_JSON, text("{}"));
    made.flags = (uint32_t)1 << 20;
    return documents(t)->read(t->host, &made, &document);
}
static int32_t hostile_name(const task *t) {
    const bio_document *document;
    bio_source made = source(BIO_SYNTAX_JSON, text("x"));
    made.name = text("\033[2Jname");
    return documents(t)->read(t->host, &made, &document);
}

const behaviour faults[] = {
    {"no-syntax", no_syntax},
    {"no-array", no_array},
    {"endless-nodes", endless_nodes},
    {"unknown-kind", unknown_kind},
    {"missing-items", missing_items},
    {"endless-items", endless_items},
    {"key-twice", key_twice},
    {"key-in-list", key_in_list},
    {"not-utf8", not_utf8},
    {"text-nowhere", text_nowhere},
    {"endless-text", endless_text},
    {"no-number", no_number},
    {"two-in-json", two_in_json},
    {"none-in-toml", none_in_toml},
    {"null-in-toml", null_in_toml},
    {"expression-in-yaml", expression_in_yaml},
    {"section-in-json", section_in_json},
    {"expression-leaves", expression_leaves},
    {"expression-of-lines", expression_of_lines},
    {"empty-expression", empty_expression},
    {"odd-section", odd_section},
    {"deep", deep},
    {"deep-sections", deep_sections},
    {"indented", indented},
    {"many-documents", many_documents},
    {"read-no-syntax", read_no_syntax},
    {"read-template", read_template},
    {"read-nowhere", read_nowhere},
    {"read-long", read_long},
    {"read-deep", read_deep},
    {"read-laughs", read_laughs},
    {"short-source", short_source},
    {"new-flags", new_flags},
    {"hostile-name", hostile_name},
    {NULL, NULL},
};
