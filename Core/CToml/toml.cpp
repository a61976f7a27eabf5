// SPDX-License-Identifier: Apache-2.0

#define TOML_EXCEPTIONS 0
#define TOML_HEADER_ONLY 1
#define TOML_ENABLE_FORMATTERS 0
#define TOML_ENABLE_WINDOWS_COMPAT 0
#define TOML_MAX_NESTED_VALUES 64
// The library asserts before it parses a key what only the text decides: "[ = 1" would end the program. Behind every
// such assertion it finds out for itself and reports an error, as long as it is not allowed to assume either (NDEBUG).
#undef NDEBUG
#define TOML_ASSERT(expression) static_assert(true)
#include "CToml.h"

#include <algorithm>
#include <cstring>
#include <deque>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <toml++/toml.h>

struct bio_toml_document {
    toml::table root;
    std::vector<bio_toml_node> nodes;
    std::deque<std::string> times;  // a deque: growing it moves no string
};

namespace {

void describe(bio_toml_problem *problem, std::string_view text, uint32_t line, uint32_t column) {
    size_t count = std::min(text.size(), sizeof problem->text - 1);
    // Not in the middle of a character.
    while (count > 0 && count < text.size() && (static_cast<unsigned char>(text[count]) & 0xC0) == 0x80) count--;
    std::memcpy(problem->text, text.data(), count);
    problem->text[count] = 0;
    problem->line = line;
    problem->column = column;
}

bool is_key_byte(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

/// The parser bounds values inside values but not the parts of a dotted key, and each part is a level of tables, which
/// are walked and freed recursively. Finds the first key of more than `limit` parts; dots in strings and comments
/// do not count. Returns its line, or 0.
uint32_t overlong_key(std::string_view text, size_t limit) {
    uint32_t line = 1;
    size_t dots = 0;
    for (size_t i = 0; i < text.size(); i++) {
        char c = text[i];
        if (c == '"' || c == '\'') {
            bool triple = text.substr(i, 3) == std::string(3, c);
            size_t width = triple ? 3 : 1;
            for (i += width; i < text.size(); i++) {
                if (text[i] == '\n') {
                    line++;
                    if (!triple) break;
                } else if (c == '"' && text[i] == '\\') {
                    i++;
                    if (i < text.size() && text[i] == '\n') line++;
                } else if (text[i] == c && (!triple || text.substr(i, 3) == std::string(3, c))) {
                    i += width - 1;
                    break;
                }
            }
        } else if (c == '#') {
            while (i + 1 < text.size() && text[i + 1] != '\n') i++;
        } else if (c == '.') {
            if (++dots >= limit) return line;
        } else if (c == '\n') {
            line++;
            dots = 0;
        } else if (!is_key_byte(c) && c != ' ' && c != '\t') {
            dots = 0;
        }
    }
    return 0;
}

template <typename T>
void set_time(bio_toml_document *document, bio_toml_node &out, const T &time) {
    std::ostringstream stream;
    stream << time;
    document->times.push_back(stream.str());
    out.kind = BIO_TOML_TIME;
    out.text = document->times.back().data();
    out.text_length = document->times.back().size();
}

/// Appends `node` and all below it; false when deeper than `room`.
bool flatten(bio_toml_document *document, const toml::node &node, const toml::key *key, size_t room) {
    if (room == 0) return false;
    bio_toml_node out{};
    const toml::source_position &place = key ? key->source().begin : node.source().begin;
    out.line = place.line;
    out.column = place.column;
    if (key) {
        out.key = key->str().data();
        out.key_length = key->str().size();
    }
    const size_t index = document->nodes.size();
    document->nodes.push_back(out);
    bio_toml_node scalar = out;
    if (const toml::table *table = node.as_table()) {
        // The library sorts keys; the document's order is that of their places.
        std::vector<std::pair<const toml::key *, const toml::node *>> members;
        for (auto &&[name, value] : *table) members.emplace_back(&name, &value);
        std::sort(members.begin(), members.end(), [](const auto &a, const auto &b) {
            const auto &x = a.first->source().begin, &y = b.first->source().begin;
            return x.line != y.line ? x.line < y.line : x.column < y.column;
        });
        document->nodes[index].kind = BIO_TOML_TABLE;
        document->nodes[index].children = members.size();
        for (const auto &member : members)
            if (!flatten(document, *member.second, member.first, room - 1)) return false;
        return true;
    }
    if (const toml::array *array = node.as_array()) {
        document->nodes[index].kind = BIO_TOML_ARRAY;
        document->nodes[index].children = array->size();
        for (const toml::node &element : *array)
            if (!flatten(document, element, nullptr, room - 1)) return false;
        return true;
    }
    if (const auto *text = node.as_string()) {
        scalar.kind = BIO_TOML_STRING;
        scalar.text = text->get().data();
        scalar.text_length = text->get().size();
    } else if (const auto *integer = node.as_integer()) {
        scalar.kind = BIO_TOML_INTEGER;
        scalar.integer = integer->get();
    } else if (const auto *number = node.as_floating_point()) {
        scalar.kind = BIO_TOML_FLOAT;
        scalar.number = number->get();
    } else if (const auto *flag = node.as_boolean()) {
        scalar.kind = BIO_TOML_BOOLEAN;
        scalar.integer = flag->get() ? 1 : 0;
    } else if (const auto *date = node.as_date()) {
        set_time(document, scalar, date->get());
    } else if (const auto *time = node.as_time()) {
        set_time(document, scalar, time->get());
    } else if (const auto *both = node.as_date_time()) {
        set_time(document, scalar, both->get());
    }
    document->nodes[index] = scalar;
    return true;
}

}  // namespace

extern "C" bio_toml_document *bio_toml_parse(
    const char *bytes, size_t count, size_t maximum_depth, bio_toml_problem *problem) {
    const std::string_view text(count ? bytes : "", count);
    if (uint32_t line = overlong_key(text, 32)) {
        describe(problem, "a key of more than 32 parts", line, 1);
        return nullptr;
    }
    toml::parse_result result = toml::parse(text);
    if (!result) {
        const toml::parse_error &error = result.error();
        describe(problem, error.description(), error.source().begin.line, error.source().begin.column);
        return nullptr;
    }
    auto *document = new bio_toml_document{std::move(result).table(), {}, {}};
    if (!flatten(document, document->root, nullptr, maximum_depth)) {
        describe(problem, "", document->nodes.back().line, document->nodes.back().column);
        delete document;
        return nullptr;
    }
    return document;
}

extern "C" const bio_toml_node *bio_toml_nodes(const bio_toml_document *document, size_t *count) {
    *count = document->nodes.size();
    return document->nodes.data();
}

extern "C" void bio_toml_free(bio_toml_document *document) { delete document; }
