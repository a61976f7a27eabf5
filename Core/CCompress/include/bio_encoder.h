// SPDX-License-Identifier: Apache-2.0
// Which library compresses, exactly: what it makes may change with its version or with how it was built.

#ifndef BIO_ENCODER_H
#define BIO_ENCODER_H

#include "bio_pipeline.h"

#include <stdint.h>

typedef struct bio_encoder_library {
    const char *name;              // static; NULL for BIO_CODEC_NONE
    unsigned major, minor, patch;  // of the loaded library where it tells, else of its header
    size_t piece;                  // bytes of input in one member or frame
    uint8_t build[8];              // the beginning of the loaded library's build id (NT_GNU_BUILD_ID)
    size_t build_count;            // 0 when it has none
} bio_encoder_library;

/// Binds the library of `codec` and describes it. 1, or 0 when it is missing: `bio_late_codec_problem` tells why.
int bio_encoder_find(bio_codec codec, bio_encoder_library *found);

#endif
