// SPDX-License-Identifier: Apache-2.0
// A stream of bytes made, looked at, compressed and taken away by as many threads as asked for, the caller's among
// them. It is cut into pieces that are compressed independently (gzip members, zstd frames; xz is one stream of blocks),
// so the bytes depend on the input and the codec alone, never on the number of threads or on who did what.

#ifndef BIO_PIPELINE_H
#define BIO_PIPELINE_H

#include <stddef.h>

typedef enum bio_codec {
    BIO_CODEC_NONE = 0,       // the plain bytes
    BIO_CODEC_GZIP_FAST = 1,  // ISA-L level 1
    BIO_CODEC_GZIP = 2,       // libdeflate, `level` 1 to 12
    BIO_CODEC_ZSTD = 3,       // libzstd, `level` 1 to 19
    BIO_CODEC_XZ = 4,         // liblzma, `level` 0 to 9
} bio_codec;

typedef enum bio_pipeline_result {
    BIO_PIPELINE_DONE = 0,
    BIO_PIPELINE_STOPPED,    // a step failed, and knows why
    BIO_PIPELINE_CANCELLED,  // `is_cancelled` said so
    BIO_PIPELINE_CODEC,      // the compressor failed
    BIO_PIPELINE_MEMORY,
    BIO_PIPELINE_LIBRARY,    // `bio_late_codec_problem` of this thread tells which one is missing
} bio_pipeline_result;

enum { bio_pipeline_inspections = 2 };

/// What the stream is made of and where it goes. Each step (each inspection is one) is called by one thread at a time,
/// for one piece after the other, and what an earlier call of it did is seen by the next; different steps run at the
/// same time, on any thread, of which only the caller's takes signals. `context` goes to all.
typedef struct bio_pipeline_steps {
    /// Puts the bytes of the next piece into `room`, from its start: `count`, or fewer at the end of the stream, also 0;
    /// negative on failure. Not called again after the end.
    ptrdiff_t (*fill)(void *context, size_t piece, void *room, size_t count);
    /// Looks at the plain bytes of a piece, before it is taken. 0 on failure. Called for the inspections below `inspections`.
    int (*inspect)(void *context, size_t inspection, size_t piece, const void *bytes, size_t count);
    unsigned inspections;
    /// Takes the next bytes of the result. 0 on failure.
    int (*drain)(void *context, const void *bytes, size_t count);
    /// Whether to give up: asked often, by any thread.
    int (*is_cancelled)(void *context);
} bio_pipeline_steps;

/// Runs until the result is complete or one step failed; when it returns no step runs any more. An empty stream gives
/// one valid empty member. At most `threads` pieces are compressed at a time, and twice as many and two are in memory.
bio_pipeline_result bio_pipeline_run(
    bio_codec codec, int level, unsigned threads, const bio_pipeline_steps *steps, void *context);

#endif
