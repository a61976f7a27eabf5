/* SPDX-License-Identifier: Apache-2.0
 * A plugin that breaks one rule: the one that VARIANT_… names. Without a variant it keeps all of them. What is wrong
 * before an export begins is in broken.c, what comes then in run.c, typed functions in functions.c. Tests/ConformanceTests says which case of
 * `bio plugin check` catches which variant: exactly one. */
#ifndef BROKEN_H
#define BROKEN_H

#define _GNU_SOURCE

#include "bio_export.h"

#include <stddef.h>

#define TEXT(literal) {(literal), sizeof(literal) - 1}
#define STR(literal) ((bio_str){(literal), sizeof(literal) - 1})

enum { BROKEN_FUNCTIONS = 3 };
extern const bio_function *const broken_functions[BROKEN_FUNCTIONS];

int32_t broken_create(const bio_format *format, const bio_host *host, bio_exporter **out);
int32_t broken_create_changing(const bio_format *format, const bio_host *host, bio_exporter **out);

#endif
