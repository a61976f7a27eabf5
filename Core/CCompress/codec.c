// SPDX-License-Identifier: Apache-2.0

#include "codec.h"

#include "late_codecs.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct piece_codec {
    bio_codec codec;
    struct isal_zstream *isal;
    uint8_t *isal_level;
    struct libdeflate_compressor *deflate;
    ZSTD_CCtx *zstd;
};

int codec_bind(bio_codec codec) {
    switch (codec) {
    case BIO_CODEC_NONE: return 1;
    case BIO_CODEC_GZIP_FAST: return late_bind_isal();
    case BIO_CODEC_GZIP: return late_bind_deflate();
    case BIO_CODEC_ZSTD: return late_bind_zstd();
    case BIO_CODEC_XZ: return late_bind_lzma();
    }
    return 0;
}

piece_codec *piece_codec_new(bio_codec kind, int level) {
    piece_codec *codec = calloc(1, sizeof *codec);
    if (!codec) return NULL;
    codec->codec = kind;
    int ready = 0;
    switch (kind) {
    case BIO_CODEC_GZIP_FAST:
        codec->isal = malloc(sizeof *codec->isal);
        codec->isal_level = malloc(ISAL_DEF_LVL1_DEFAULT);
        ready = codec->isal && codec->isal_level;
        break;
    case BIO_CODEC_GZIP:
        codec->deflate = libdeflate_alloc_compressor(level);
        ready = codec->deflate != NULL;
        break;
    case BIO_CODEC_ZSTD:
        codec->zstd = ZSTD_createCCtx();
        ready = codec->zstd &&
                !ZSTD_isError(ZSTD_CCtx_setParameter(codec->zstd, ZSTD_c_compressionLevel, level)) &&
                !ZSTD_isError(ZSTD_CCtx_setParameter(codec->zstd, ZSTD_c_checksumFlag, 1));
        break;
    case BIO_CODEC_NONE:
    case BIO_CODEC_XZ: break;
    }
    if (!ready) {
        piece_codec_free(codec);
        return NULL;
    }
    return codec;
}

void piece_codec_free(piece_codec *codec) {
    if (!codec) return;
    free(codec->isal);
    free(codec->isal_level);
    if (codec->deflate) libdeflate_free_compressor(codec->deflate);
    if (codec->zstd) ZSTD_freeCCtx(codec->zstd);
    free(codec);
}

size_t piece_size(bio_codec codec) {
    // zstd finds more in a longer frame; a gzip member of 1 MiB is as good as any.
    return codec == BIO_CODEC_ZSTD ? zstd_piece : plain_piece;
}

size_t piece_bound(bio_codec codec) {
    switch (codec) {
    case BIO_CODEC_ZSTD: return ZSTD_compressBound(zstd_piece);
    case BIO_CODEC_GZIP: return libdeflate_gzip_compress_bound(NULL, plain_piece);
    // No deflate code is longer than 15 bits for a byte of input, and the headers are small.
    default: return 2 * plain_piece + 4096;
    }
}

static size_t compress_isal(piece_codec *codec, const void *in, size_t in_count, void *out, size_t out_count) {
    struct isal_zstream *stream = codec->isal;
    isal_deflate_init(stream);
    stream->level = 1;
    stream->level_buf = codec->isal_level;
    stream->level_buf_size = ISAL_DEF_LVL1_DEFAULT;
    stream->gzip_flag = IGZIP_GZIP;
    stream->end_of_stream = 1;
    stream->flush = NO_FLUSH;
    stream->next_in = (uint8_t *)(uintptr_t)in;
    stream->avail_in = (uint32_t)in_count;
    stream->next_out = out;
    stream->avail_out = (uint32_t)out_count;
    if (isal_deflate(stream) != COMP_OK || stream->internal_state.state != ZSTATE_END) return 0;
    return out_count - stream->avail_out;
}

size_t piece_compress(piece_codec *codec, const void *in, size_t in_count, void *out, size_t out_count) {
    switch (codec->codec) {
    case BIO_CODEC_GZIP_FAST: return compress_isal(codec, in, in_count, out, out_count);
    case BIO_CODEC_GZIP: return libdeflate_gzip_compress(codec->deflate, in, in_count, out, out_count);
    case BIO_CODEC_ZSTD: {
        size_t result = ZSTD_compress2(codec->zstd, out, out_count, in, in_count);
        if (!ZSTD_isError(result)) return result;
        if (ZSTD_getErrorCode(result) == ZSTD_error_memory_allocation) errno = ENOMEM;
        return 0;
    }
    case BIO_CODEC_NONE:
    case BIO_CODEC_XZ: break;
    }
    return 0;
}

struct xz_stream {
    lzma_stream lzma;
    uint8_t *out;
    size_t count, capacity;
    int (*is_cancelled)(void *);
    void *context;
};

xz_stream *xz_stream_new(int level, unsigned threads) {
    xz_stream *stream = calloc(1, sizeof *stream);
    if (!stream) return NULL;
    lzma_stream fresh = LZMA_STREAM_INIT;
    stream->lzma = fresh;
    lzma_mt options;
    memset(&options, 0, sizeof options);
    options.threads = threads;
    options.preset = (uint32_t)level;
    options.check = LZMA_CHECK_CRC64;
    // The threaded encoder also for one thread: its blocks are the same for any number of them.
    options.block_size = 24 << 20;
    // A block takes many seconds: lzma_code comes back now and then, so that somebody may stop it.
    options.timeout = 100;
    stream->capacity = 1 << 20;
    stream->out = malloc(stream->capacity);
    if (!stream->out || lzma_stream_encoder_mt(&stream->lzma, &options) != LZMA_OK) {
        xz_stream_free(stream);
        return NULL;
    }
    return stream;
}

void xz_stream_free(xz_stream *stream) {
    if (!stream) return;
    lzma_end(&stream->lzma);
    free(stream->out);
    free(stream);
}

void xz_stream_watch(xz_stream *stream, int (*is_cancelled)(void *), void *context) {
    stream->is_cancelled = is_cancelled;
    stream->context = context;
}

int xz_stream_write(xz_stream *stream, const void *in, size_t count, int finish) {
    lzma_stream *lzma = &stream->lzma;
    lzma->next_in = in;
    lzma->avail_in = count;
    for (;;) {
        if (stream->is_cancelled && stream->is_cancelled(stream->context)) return 0;
        if (stream->count == stream->capacity) {
            uint8_t *grown = realloc(stream->out, stream->capacity * 2);
            if (!grown) return 0;
            stream->out = grown;
            stream->capacity *= 2;
        }
        lzma->next_out = stream->out + stream->count;
        lzma->avail_out = stream->capacity - stream->count;
        lzma_ret result = lzma_code(lzma, finish ? LZMA_FINISH : LZMA_RUN);
        stream->count = stream->capacity - lzma->avail_out;
        if (result == LZMA_STREAM_END) return finish;
        if (result == LZMA_MEM_ERROR) errno = ENOMEM;
        if (result != LZMA_OK) return 0;
        if (!finish && lzma->avail_in == 0 && lzma->avail_out > 0) return 1;
    }
}

const void *xz_stream_output(const xz_stream *stream, size_t *count) {
    *count = stream->count;
    return stream->out;
}

void xz_stream_clear(xz_stream *stream) { stream->count = 0; }
