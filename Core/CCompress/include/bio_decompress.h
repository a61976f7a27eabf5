// SPDX-License-Identifier: Apache-2.0
// One decoder over liblzma, ISA-L and libzstd, strict about the end: one xz stream, or gzip members or zstd frames end
// to end, and then nothing more.

#ifndef BIO_DECOMPRESS_H
#define BIO_DECOMPRESS_H

#include <stddef.h>
#include <stdint.h>

typedef enum bio_filter { BIO_FILTER_XZ = 1, BIO_FILTER_GZIP = 2, BIO_FILTER_ZSTD = 3 } bio_filter;

typedef enum bio_decode_result {
    BIO_DECODE_MORE = 0,       // wants more input, or room for output
    BIO_DECODE_END = 1,        // all is complete, its checksums are right, and nothing follows
    BIO_DECODE_CORRUPT = 2,    // bio_decoder_text says what is wrong
    BIO_DECODE_MEMORY = 3,     // it needs more than the memory limit (256 MiB)
    BIO_DECODE_TRUNCATED = 4,  // the input ends before the stream does
    BIO_DECODE_TRAILING = 5,   // something follows that does not belong to it
    BIO_DECODE_EXHAUSTED = 6,  // the machine has not the memory
} bio_decode_result;

typedef struct bio_decoder bio_decoder;

/// NULL when memory is short. `threads` counts for xz in several blocks that say their sizes only, and for those as
/// far as 144 MiB reach: the blocks that are being decoded are held in memory, which those of one thread are not.
bio_decoder *bio_decoder_new(bio_filter filter, unsigned threads);

/// Decodes from `in` to `out`. The counts come in as what there is and go out as what was used.
/// `at_end` says that no input follows after `in`. After anything but MORE the decoder is of no use.
bio_decode_result bio_decoder_step(
    bio_decoder *decoder, const void *in, size_t *in_count, void *out, size_t *out_count, int at_end);

/// Static text about the last failure.
const char *bio_decoder_text(const bio_decoder *decoder);

void bio_decoder_free(bio_decoder *decoder);

#endif
