// SPDX-License-Identifier: Apache-2.0

#include "bio_late_codecs.h"
#include "bio_system.h"

#include "late_codecs.h"

#define LATE_NAME(name) #name,
static const char *const lzma_names[] = {LZMA_FUNCTIONS(LATE_NAME)};
static const char *const zstd_names[] = {ZSTD_FUNCTIONS(LATE_NAME)};
static const char *const deflate_names[] = {DEFLATE_FUNCTIONS(LATE_NAME)};
static const char *const isal_names[] = {ISAL_FUNCTIONS(LATE_NAME)};

void *late_lzma[late_lzma_count], *late_zstd[late_zstd_count];
void *late_deflate[late_deflate_count], *late_isal[late_isal_count];

static bio_late_library lzma_library = {"liblzma.so.5", lzma_names, late_lzma, late_lzma_count, 0};
static bio_late_library zstd_library = {"libzstd.so.1", zstd_names, late_zstd, late_zstd_count, 0};
static bio_late_library deflate_library = {"libdeflate.so.0", deflate_names, late_deflate, late_deflate_count, 0};
static bio_late_library isal_library = {"libisal.so.2", isal_names, late_isal, late_isal_count, 0};

static _Thread_local const char *problem;

static int bind(bio_late_library *library) {
    problem = bio_late_bind(library);
    return problem == 0;
}

int late_bind_lzma(void) { return bind(&lzma_library); }
int late_bind_zstd(void) { return bind(&zstd_library); }
int late_bind_deflate(void) { return bind(&deflate_library); }
int late_bind_isal(void) { return bind(&isal_library); }

const char *bio_late_codec_problem(void) { return problem; }
