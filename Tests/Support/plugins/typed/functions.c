/* SPDX-License-Identifier: Apache-2.0
 * Typed functions: first honest ones of every type, then some that no plugin should have. */
#include "functions.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int32_t put(const bio_sink *out, const char *bytes, uint64_t length) {
    bio_str text = {bytes, length};
    return out->write(out, &text);
}

static int32_t say(const bio_sink *out, const char *text) { return put(out, text, strlen(text)); }

/* ---- Honest ---- */

static int32_t short_name(const bio_str *text, int64_t longest, const bio_sink *out) {
    if (longest < 1) return say(out, "nothing is shorter than one letter"), BIO_E_INVALID;
    return put(out, text->ptr, text->len < (uint64_t)longest ? text->len : (uint64_t)longest);
}

static uint32_t differ(uint32_t left, uint32_t right) { return left != right; }
static int32_t sum32(int32_t left, int32_t right) { return left + right; }
static int64_t negative(int64_t number) { return -number; }
static uint32_t next32(uint32_t number) { return number + 1; }
static uint64_t next64(uint64_t number) { return number + 1; }
static double half(double number) { return number / 2; }

static int32_t eight(uint32_t a, int32_t b, int64_t c, uint32_t d, uint64_t e, double f, const bio_str *g,
                     const bio_str *h, const bio_sink *out) {
    char text[256];
    snprintf(text, sizeof text, "%u %d %lld %u %llu %g %s %s", a, b, (long long)c, d, (unsigned long long)e, f, g->ptr,
             h->ptr);
    return say(out, text);
}

static int32_t is_port(int64_t port, const bio_sink *why) {
    char text[64];
    if (port >= 1 && port <= 65535) return BIO_OK;
    snprintf(text, sizeof text, "%lld is no port", (long long)port);
    return say(why, text), BIO_E_INVALID;
}

static int32_t is_word(const bio_str *text, const bio_sink *why) {
    for (uint64_t i = 0; i < text->len; i++)
        if (text->ptr[i] < 'a' || text->ptr[i] > 'z') return say(why, "it has other characters than a to z"), 100;
    return BIO_OK;
}

/* Of any values; refuses an 'x', so that it can be a check. */
static int32_t joined(const bio_value *values, uint32_t count, const bio_sink *out) {
    char text[256];
    for (uint32_t i = 0; i < count; i++) {
        if (values[i].kind == BIO_KIND_STRING) {
            if (strcmp(values[i].text.ptr, "x") == 0) return say(out, "no x is wanted"), BIO_E_INVALID;
            snprintf(text, sizeof text, "[%s]", values[i].text.ptr);
        } else {
            snprintf(text, sizeof text, "%s%lld", values[i].kind == BIO_KIND_BOOL ? "b" : "i",
                     (long long)values[i].integer);
        }
        say(out, text);
    }
    return BIO_OK;
}

static int32_t logs(const bio_sink *out) {
    const bio_log *log = load_host->get_extension(load_host, BIO_EXT_LOG);
    const bio_str line = TEXT("a typed function speaks");
    log->write(load_host, BIO_LOG_WARNING, &line);
    return say(out, load_host->get_extension(load_host, BIO_EXT_FILES) ? "files" : "no files");
}

/* ---- Others ---- */

static uint32_t neither(void) { return 2; }
static double not_a_number(void) { return strtod("nan", NULL); }
static int32_t not_utf8(const bio_sink *out) { return put(out, "\xff\xfe", 2); }
static int32_t strange_code(const bio_sink *out) { return (void)out, -5; }
static int32_t silent(const bio_sink *out) { return (void)out, 100; }
static int32_t steers(const bio_sink *out) { return say(out, "\x1b[31mred"), BIO_E_INVALID; }

/* As much as the sink takes, and then what it says to more. */
static int32_t floods(const bio_sink *out) {
    char block[4096];
    memset(block, 'a', sizeof block);
    for (int i = 0; i < 16; i++)
        if (put(out, block, sizeof block) != BIO_OK) return 101;
    return put(out, block, 1) == BIO_E_LIMIT ? BIO_OK : 102;
}

/* Writes into the sink of the call before. */
static const bio_sink *kept;
static uint32_t writes_late(void) { return kept && say(kept, "late") == BIO_E_MISUSE; }
static int32_t keeps(const bio_sink *out) { return kept = out, say(out, "kept"); }

static int32_t crash(const bio_str *text, const bio_sink *out) {
    (void)out;
    if (text->len == 4) abort();
    for (;;) sleep(1000);
}

#define FUNCTION(function_name, type, text)                                                                     \
    (&(const bio_function){.struct_size = sizeof(bio_function), .name = TEXT(#function_name), .signature = TEXT(type), \
                           .doc = TEXT(text), .function = (void (*)(void))(function_name)})

const bio_function *const functions[FUNCTION_COUNT] = {
    FUNCTION(short_name, "s(s,i64)", "the first letters of a text"),
    FUNCTION(differ, "b(b,b)", ""),
    FUNCTION(sum32, "i32(i32,i32)", ""),
    FUNCTION(negative, "i64(i64)", ""),
    FUNCTION(next32, "u32(u32)", ""),
    FUNCTION(next64, "u64(u64)", ""),
    FUNCTION(half, "d(d)", ""),
    FUNCTION(eight, "s(b,i32,i64,u32,u64,d,s,s)", ""),
    FUNCTION(is_port, "check(i64)", "a port: 1 to 65535"),
    FUNCTION(is_word, "check(s)", ""),
    FUNCTION(joined, "*", ""),
    FUNCTION(logs, "s()", ""),
    FUNCTION(neither, "b()", ""),
    FUNCTION(not_a_number, "d()", ""),
    FUNCTION(not_utf8, "s()", ""),
    FUNCTION(strange_code, "s()", ""),
    FUNCTION(silent, "s()", ""),
    FUNCTION(steers, "s()", ""),
    FUNCTION(floods, "s()", ""),
    FUNCTION(writes_late, "b()", ""),
    FUNCTION(keeps, "s()", ""),
    FUNCTION(crash, "check(s)", ""),
};
