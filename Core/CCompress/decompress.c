// SPDX-License-Identifier: Apache-2.0

#include "bio_decompress.h"

#include "late_codecs.h"

#include <stdlib.h>
#include <string.h>
#include <zstd_errors.h>

// An xz dictionary of `-9` is 64 MiB.
static const uint64_t memory_limit = (uint64_t)256 << 20;

// What several threads may take together: two of them hold the 24 MiB blocks of `xz -6 -T0`, compressed, decoded and
// waiting to be taken. Blocks that do not fit, as the 192 MiB of `-9`, are decoded as they come, by one thread.
static const uint64_t threading_limit = (uint64_t)144 << 20;

struct bio_decoder {
    bio_filter filter;
    int between;  // a stream, member or frame is complete, and what follows has not been looked at
    const char *text;
    lzma_stream lzma;
    struct inflate_state *gzip;
    ZSTD_DCtx *zstd;
};

static int filter_bind(bio_filter filter) {
    switch (filter) {
    case BIO_FILTER_XZ: return late_bind_lzma();
    case BIO_FILTER_GZIP: return late_bind_isal();
    case BIO_FILTER_ZSTD: return late_bind_zstd();
    }
    return 0;
}

bio_decoder *bio_decoder_new(bio_filter filter, unsigned threads) {
    if (!filter_bind(filter)) return NULL;
    bio_decoder *decoder = calloc(1, sizeof *decoder);
    if (!decoder) return NULL;
    decoder->filter = filter;
    decoder->text = "";
    int ready = 0;
    switch (filter) {
    case BIO_FILTER_XZ: {
        lzma_stream fresh = LZMA_STREAM_INIT;
        decoder->lzma = fresh;
        // Without LZMA_CONCATENATED: what follows the first stream is the caller's to judge.
        if (threads > 1) {
            lzma_mt options;
            memset(&options, 0, sizeof options);
            options.threads = threads;
            options.memlimit_threading = threading_limit;
            options.memlimit_stop = memory_limit;
            options.flags = LZMA_TELL_UNSUPPORTED_CHECK;
            ready = lzma_stream_decoder_mt(&decoder->lzma, &options) == LZMA_OK;
        } else {
            ready = lzma_stream_decoder(&decoder->lzma, memory_limit, LZMA_TELL_UNSUPPORTED_CHECK) == LZMA_OK;
        }
        break;
    }
    case BIO_FILTER_GZIP:
        decoder->gzip = malloc(sizeof *decoder->gzip);
        if (decoder->gzip) {
            isal_inflate_init(decoder->gzip);
            decoder->gzip->crc_flag = ISAL_GZIP;
            ready = 1;
        }
        break;
    case BIO_FILTER_ZSTD:
        decoder->zstd = ZSTD_createDCtx();
        ready = decoder->zstd && !ZSTD_isError(ZSTD_DCtx_setParameter(decoder->zstd, ZSTD_d_windowLogMax, 27));
        break;
    }
    if (!ready) {
        bio_decoder_free(decoder);
        return NULL;
    }
    return decoder;
}

static bio_decode_result step_xz(
    bio_decoder *decoder, const void *in, size_t *in_count, void *out, size_t *out_count, int at_end) {
    lzma_stream *stream = &decoder->lzma;
    stream->next_in = in;
    stream->avail_in = *in_count;
    stream->next_out = out;
    stream->avail_out = *out_count;
    lzma_ret result = lzma_code(stream, at_end ? LZMA_FINISH : LZMA_RUN);
    *in_count -= stream->avail_in;
    *out_count -= stream->avail_out;
    switch (result) {
    case LZMA_OK:
    case LZMA_BUF_ERROR: return BIO_DECODE_MORE;
    case LZMA_STREAM_END: return BIO_DECODE_END;
    case LZMA_MEM_ERROR: return BIO_DECODE_EXHAUSTED;
    case LZMA_MEMLIMIT_ERROR: return BIO_DECODE_MEMORY;
    case LZMA_OPTIONS_ERROR: decoder->text = "the xz stream needs filters or options that are not known"; break;
    case LZMA_UNSUPPORTED_CHECK: decoder->text = "the xz stream has a check that is not known"; break;
    case LZMA_FORMAT_ERROR: decoder->text = "not an xz stream"; break;
    default: decoder->text = "the xz stream is corrupt"; break;
    }
    return BIO_DECODE_CORRUPT;
}

static bio_decode_result step_gzip(
    bio_decoder *decoder, const void *in, size_t *in_count, void *out, size_t *out_count) {
    struct inflate_state *state = decoder->gzip;
    // ISA-L counts in 32 bits and does not write through next_in.
    uint32_t given_in = *in_count > UINT32_MAX ? UINT32_MAX : (uint32_t)*in_count;
    uint32_t given_out = *out_count > UINT32_MAX ? UINT32_MAX : (uint32_t)*out_count;
    state->next_in = (uint8_t *)(uintptr_t)in;
    state->avail_in = given_in;
    state->next_out = out;
    state->avail_out = given_out;
    int result = isal_inflate(state);
    *in_count = given_in - state->avail_in;
    *out_count = given_out - state->avail_out;
    if (result < 0) {
        decoder->text = result == ISAL_INCORRECT_CHECKSUM ? "the gzip checksum is wrong" : "the gzip member is corrupt";
        return BIO_DECODE_CORRUPT;
    }
    return state->block_state == ISAL_BLOCK_FINISH ? BIO_DECODE_END : BIO_DECODE_MORE;
}

static bio_decode_result step_zstd(
    bio_decoder *decoder, const void *in, size_t *in_count, void *out, size_t *out_count) {
    ZSTD_inBuffer input = {in, *in_count, 0};
    ZSTD_outBuffer output = {out, *out_count, 0};
    size_t result = ZSTD_decompressStream(decoder->zstd, &output, &input);
    *in_count = input.pos;
    *out_count = output.pos;
    if (ZSTD_isError(result)) {
        // An error is its number, negated.
        if ((size_t)0 - result == ZSTD_error_frameParameter_windowTooLarge) return BIO_DECODE_MEMORY;
        if ((size_t)0 - result == ZSTD_error_memory_allocation) return BIO_DECODE_EXHAUSTED;
        decoder->text = ZSTD_getErrorName(result);
        return BIO_DECODE_CORRUPT;
    }
    return result == 0 ? BIO_DECODE_END : BIO_DECODE_MORE;
}

static bio_decode_result step_one(
    bio_decoder *decoder, const void *in, size_t *in_count, void *out, size_t *out_count, int at_end) {
    switch (decoder->filter) {
    case BIO_FILTER_XZ: return step_xz(decoder, in, in_count, out, out_count, at_end);
    case BIO_FILTER_GZIP: return step_gzip(decoder, in, in_count, out, out_count);
    case BIO_FILTER_ZSTD: return step_zstd(decoder, in, in_count, out, out_count);
    }
    return BIO_DECODE_CORRUPT;
}

/// Ready for another gzip member or zstd frame, when `first` can begin one. Behind an xz stream nothing may follow.
static int begin_next(bio_decoder *decoder, uint8_t first) {
    if (decoder->filter == BIO_FILTER_GZIP && first == 0x1f) {
        isal_inflate_reset(decoder->gzip);
        decoder->gzip->crc_flag = ISAL_GZIP;
        return 1;
    }
    if (decoder->filter == BIO_FILTER_ZSTD && first == 0x28) {
        ZSTD_DCtx_reset(decoder->zstd, ZSTD_reset_session_only);
        return 1;
    }
    return 0;
}

bio_decode_result bio_decoder_step(
    bio_decoder *decoder, const void *in, size_t *in_count, void *out, size_t *out_count, int at_end) {
    size_t given = *in_count;
    if (decoder->between) {
        if (given == 0) {
            *out_count = 0;
            return at_end ? BIO_DECODE_END : BIO_DECODE_MORE;
        }
        if (!begin_next(decoder, *(const uint8_t *)in)) {
            *in_count = *out_count = 0;
            return BIO_DECODE_TRAILING;
        }
        decoder->between = 0;
    }
    bio_decode_result result = step_one(decoder, in, in_count, out, out_count, at_end);
    if (result == BIO_DECODE_END) {
        decoder->between = 1;
        return BIO_DECODE_MORE;
    }
    if (result == BIO_DECODE_MORE && at_end && given == 0 && *out_count == 0) return BIO_DECODE_TRUNCATED;
    return result;
}

const char *bio_decoder_text(const bio_decoder *decoder) { return decoder->text; }

void bio_decoder_free(bio_decoder *decoder) {
    if (!decoder) return;
    if (decoder->filter == BIO_FILTER_XZ) lzma_end(&decoder->lzma);
    free(decoder->gzip);
    if (decoder->zstd) ZSTD_freeDCtx(decoder->zstd);
    free(decoder);
}
