// SPDX-License-Identifier: Apache-2.0
// Compression in independent pieces of 1 MiB (gzip members, zstd frames), on as many threads as asked for; xz as one
// stream of blocks. The bytes depend on the input and the codec alone, never on the number of threads or on how the
// input was cut into writes.

#ifndef BIO_COMPRESSOR_H
#define BIO_COMPRESSOR_H

#include <stddef.h>

typedef enum bio_codec {
    BIO_CODEC_GZIP_FAST = 1,  // ISA-L level 1
    BIO_CODEC_GZIP = 2,       // libdeflate, `level` 1 to 12
    BIO_CODEC_ZSTD = 3,       // libzstd, `level` 1 to 19
    BIO_CODEC_XZ = 4,         // liblzma, `level` 0 to 9
} bio_codec;

typedef struct bio_compressor bio_compressor;

/// NULL when memory or threads are short. With `threads` 1 all work happens in the calls.
bio_compressor *bio_compressor_new(bio_codec codec, int level, unsigned threads);

/// `is_cancelled` is asked, on the caller's thread, while a call takes long (xz); once it returns other than 0 the call
/// fails. `context` must live as long as the compressor.
void bio_compressor_watch(bio_compressor *compressor, int (*is_cancelled)(void *context), void *context);

/// Where the next input goes, and how much of it fits; 0 when output must be taken first.
size_t bio_compressor_room(bio_compressor *compressor, void **where);

/// Says that `count` bytes were put there. 0 on failure.
int bio_compressor_filled(bio_compressor *compressor, size_t count);

/// Says that the input is complete. 0 on failure.
int bio_compressor_finish(bio_compressor *compressor);

/// The next piece of output, in order: 1 with `*bytes` set, 0 when there is none now, -1 on failure. Waits for the
/// piece when there is no room, and after finish until the last piece. The piece stays valid until it is released.
int bio_compressor_take(bio_compressor *compressor, const void **bytes, size_t *count);
void bio_compressor_release(bio_compressor *compressor);

void bio_compressor_free(bio_compressor *compressor);

#endif
