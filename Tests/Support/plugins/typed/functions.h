/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TYPED_FUNCTIONS_H
#define TYPED_FUNCTIONS_H

#include "bio_export.h"

#define TEXT(literal) {literal, sizeof literal - 1}
#define FUNCTION_COUNT 22

extern const bio_function *const functions[FUNCTION_COUNT];
/* The host of the negotiation: the one that a typed function may log to. */
extern const bio_host *load_host;

#endif
