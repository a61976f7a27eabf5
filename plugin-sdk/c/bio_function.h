/* SPDX-License-Identifier: Apache-2.0
 *
 * Typed functions whose signature cannot lie: it is written once, in the words of bio_function, and the compiler refuses a
 * function of another type.
 *
 *     static int32_t short_name(const bio_str *text, int64_t longest, const bio_sink *out) { … }
 *     static int32_t is_port(int64_t port, const bio_sink *why) { … }
 *
 *     static const bio_function shorten = BIO_FUNCTION(short_name, "the first letters of a text", s, s, i64);
 *     static const bio_function ports = BIO_FUNCTION(is_port, "a port", check, i64);
 *     static const bio_function any = BIO_FUNCTION_OF_ANY(joined, "all values in a row");
 *
 * The name is that of the function; behind the doc stand the result and at most 8 arguments. */
#ifndef BIO_FUNCTION_H
#define BIO_FUNCTION_H

#include "bio_plugin.h"

#define BIO_FUNCTION(its_function, its_doc, ...)                                                              \
    {.struct_size = sizeof(bio_function), .name = BIO_TEXT(#its_function),                                    \
     .signature = BIO_TEXT(BIO_FN_PICK(__VA_ARGS__, BIO_FN_LIST(BIO_FN_WORDS))(__VA_ARGS__)),                 \
     .doc = BIO_TEXT(its_doc),                                                                                \
     .function = BIO_FN_CHECKED(its_function, BIO_FN_PICK(__VA_ARGS__, BIO_FN_LIST(BIO_FN_TYPE))(__VA_ARGS__))}

#define BIO_FUNCTION_OF_ANY(its_function, its_doc)                                                            \
    {.struct_size = sizeof(bio_function), .name = BIO_TEXT(#its_function), .signature = BIO_TEXT("*"),        \
     .doc = BIO_TEXT(its_doc),                                                                                \
     .function = BIO_FN_CHECKED(its_function, int32_t (*)(const bio_value *, uint32_t, const bio_sink *))}

/* ---- The types of the words ---- */

/* No branch but the declared type: another one is an error, "not compatible with any association". */
#define BIO_FN_CHECKED(its_function, type) _Generic(&(its_function), type: (void (*)(void))(its_function))

#define BIO_FN_ARG_b uint32_t
#define BIO_FN_ARG_i32 int32_t
#define BIO_FN_ARG_i64 int64_t
#define BIO_FN_ARG_u32 uint32_t
#define BIO_FN_ARG_u64 uint64_t
#define BIO_FN_ARG_d double
#define BIO_FN_ARG_s const bio_str *

#define BIO_FN_RESULT_b uint32_t
#define BIO_FN_RESULT_i32 int32_t
#define BIO_FN_RESULT_i64 int64_t
#define BIO_FN_RESULT_u32 uint32_t
#define BIO_FN_RESULT_u64 uint64_t
#define BIO_FN_RESULT_d double
#define BIO_FN_RESULT_s int32_t
#define BIO_FN_RESULT_check int32_t

/* Behind the arguments, and where there is none. */
#define BIO_FN_LAST_b
#define BIO_FN_LAST_i32
#define BIO_FN_LAST_i64
#define BIO_FN_LAST_u32
#define BIO_FN_LAST_u64
#define BIO_FN_LAST_d
#define BIO_FN_LAST_s , const bio_sink *
#define BIO_FN_LAST_check , const bio_sink *
#define BIO_FN_ALONE_b void
#define BIO_FN_ALONE_i32 void
#define BIO_FN_ALONE_i64 void
#define BIO_FN_ALONE_u32 void
#define BIO_FN_ALONE_u64 void
#define BIO_FN_ALONE_d void
#define BIO_FN_ALONE_s const bio_sink *
#define BIO_FN_ALONE_check const bio_sink *

/* ---- By the number of words ---- */

#define BIO_FN_LIST(head) \
    head##8, head##7, head##6, head##5, head##4, head##3, head##2, head##1, head##0, 0
#define BIO_FN_PICK(...) BIO_FN_TENTH(__VA_ARGS__)
#define BIO_FN_TENTH(r, a, b, c, d, e, f, g, h, made, ...) made

#define BIO_FN_WORDS0(r) #r "()"
#define BIO_FN_WORDS1(r, a) #r "(" #a ")"
#define BIO_FN_WORDS2(r, a, b) #r "(" #a "," #b ")"
#define BIO_FN_WORDS3(r, a, b, c) #r "(" #a "," #b "," #c ")"
#define BIO_FN_WORDS4(r, a, b, c, d) #r "(" #a "," #b "," #c "," #d ")"
#define BIO_FN_WORDS5(r, a, b, c, d, e) #r "(" #a "," #b "," #c "," #d "," #e ")"
#define BIO_FN_WORDS6(r, a, b, c, d, e, f) #r "(" #a "," #b "," #c "," #d "," #e "," #f ")"
#define BIO_FN_WORDS7(r, a, b, c, d, e, f, g) #r "(" #a "," #b "," #c "," #d "," #e "," #f "," #g ")"
#define BIO_FN_WORDS8(r, a, b, c, d, e, f, g, h) \
    #r "(" #a "," #b "," #c "," #d "," #e "," #f "," #g "," #h ")"

#define BIO_FN_A(word) BIO_FN_ARG_##word
#define BIO_FN_TYPE0(r) BIO_FN_RESULT_##r (*)(BIO_FN_ALONE_##r)
#define BIO_FN_TYPE1(r, a) BIO_FN_RESULT_##r (*)(BIO_FN_A(a) BIO_FN_LAST_##r)
#define BIO_FN_TYPE2(r, a, b) BIO_FN_RESULT_##r (*)(BIO_FN_A(a), BIO_FN_A(b) BIO_FN_LAST_##r)
#define BIO_FN_TYPE3(r, a, b, c) BIO_FN_RESULT_##r (*)(BIO_FN_A(a), BIO_FN_A(b), BIO_FN_A(c) BIO_FN_LAST_##r)
#define BIO_FN_TYPE4(r, a, b, c, d) \
    BIO_FN_RESULT_##r (*)(BIO_FN_A(a), BIO_FN_A(b), BIO_FN_A(c), BIO_FN_A(d) BIO_FN_LAST_##r)
#define BIO_FN_TYPE5(r, a, b, c, d, e) \
    BIO_FN_RESULT_##r (*)(BIO_FN_A(a), BIO_FN_A(b), BIO_FN_A(c), BIO_FN_A(d), BIO_FN_A(e) BIO_FN_LAST_##r)
#define BIO_FN_TYPE6(r, a, b, c, d, e, f)                                                                     \
    BIO_FN_RESULT_##r (*)(BIO_FN_A(a), BIO_FN_A(b), BIO_FN_A(c), BIO_FN_A(d), BIO_FN_A(e), BIO_FN_A(f)        \
                              BIO_FN_LAST_##r)
#define BIO_FN_TYPE7(r, a, b, c, d, e, f, g)                                                                  \
    BIO_FN_RESULT_##r (*)(BIO_FN_A(a), BIO_FN_A(b), BIO_FN_A(c), BIO_FN_A(d), BIO_FN_A(e), BIO_FN_A(f),       \
                          BIO_FN_A(g) BIO_FN_LAST_##r)
#define BIO_FN_TYPE8(r, a, b, c, d, e, f, g, h)                                                               \
    BIO_FN_RESULT_##r (*)(BIO_FN_A(a), BIO_FN_A(b), BIO_FN_A(c), BIO_FN_A(d), BIO_FN_A(e), BIO_FN_A(f),       \
                          BIO_FN_A(g), BIO_FN_A(h) BIO_FN_LAST_##r)

#endif /* BIO_FUNCTION_H */
