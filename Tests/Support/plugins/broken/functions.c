/* SPDX-License-Identifier: Apache-2.0
 * Typed functions. */
#include "broken.h"

static int32_t say(const bio_sink *out, bio_str text) { return out->write(out, &text); }

static int64_t quotient(int64_t left, int64_t right) {
#ifndef VARIANT_FUNCTION_DIVIDES_BY_ZERO
    if (right == 0 || (left == INT64_MIN && right == -1)) return 0;
#endif
    return left / right;
}

static int32_t is_word(const bio_str *text, const bio_sink *why) {
    for (uint64_t i = 0; i < text->len; i++) {
        if (text->ptr[i] >= 'a' && text->ptr[i] <= 'z') continue;
#ifndef VARIANT_FUNCTION_SAYS_NOTHING
        say(why, STR("it has other characters than a to z"));
#endif
        return BIO_E_INVALID;
    }
    return BIO_OK;
}

static uint32_t count(void) {
    static uint32_t calls;
#ifdef VARIANT_FUNCTION_COUNTS
    calls++;
#endif
    return calls;
}

#ifdef VARIANT_LYING_SIGNATURE
#define WORD_SIGNATURE "s(i64,d,s,s)"
#else
#define WORD_SIGNATURE "check(s)"
#endif

#define FUNCTION(its_function, its_signature)                                                                  \
    (&(const bio_function){.struct_size = sizeof(bio_function), .name = TEXT(#its_function),                   \
                           .signature = TEXT(its_signature), .function = (void (*)(void))(its_function)})

const bio_function *const broken_functions[BROKEN_FUNCTIONS] = {
    FUNCTION(quotient, "i64(i64,i64)"),
    FUNCTION(is_word, WORD_SIGNATURE),
    FUNCTION(count, "u32()"),
};
