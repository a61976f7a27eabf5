// SPDX-License-Identifier: Apache-2.0
// The libraries of compression, bound when a stream of theirs begins, so that starting the program does not pay for
// them. Below, their functions are called by their own names.

#ifndef BIO_LATE_CODECS_H
#define BIO_LATE_CODECS_H

#include <isa-l.h>
#include <libdeflate.h>
#include <lzma.h>
#include <zstd.h>
#include <zstd_errors.h>

#define LZMA_FUNCTIONS(each)                                                                                   \
    each(lzma_code) each(lzma_end) each(lzma_stream_decoder) each(lzma_stream_decoder_mt)                      \
        each(lzma_stream_encoder_mt) each(lzma_version_number)
#define ZSTD_FUNCTIONS(each)                                                                                   \
    each(ZSTD_CCtx_setParameter) each(ZSTD_DCtx_reset) each(ZSTD_DCtx_setParameter) each(ZSTD_compress2)       \
        each(ZSTD_compressBound) each(ZSTD_createCCtx) each(ZSTD_createDCtx) each(ZSTD_decompressStream)       \
            each(ZSTD_freeCCtx) each(ZSTD_freeDCtx) each(ZSTD_getErrorCode) each(ZSTD_getErrorName)                \
                each(ZSTD_isError) each(ZSTD_versionNumber)
#define DEFLATE_FUNCTIONS(each)                                                                                \
    each(libdeflate_alloc_compressor) each(libdeflate_free_compressor) each(libdeflate_gzip_compress)          \
        each(libdeflate_gzip_compress_bound)
#define ISAL_FUNCTIONS(each)                                                                                   \
    each(isal_deflate) each(isal_deflate_init) each(isal_inflate) each(isal_inflate_init) each(isal_inflate_reset)

#define LATE_INDEX(name) late_index_##name,
enum { LZMA_FUNCTIONS(LATE_INDEX) late_lzma_count };
enum { ZSTD_FUNCTIONS(LATE_INDEX) late_zstd_count };
enum { DEFLATE_FUNCTIONS(LATE_INDEX) late_deflate_count };
enum { ISAL_FUNCTIONS(LATE_INDEX) late_isal_count };
extern void *late_lzma[late_lzma_count], *late_zstd[late_zstd_count];
extern void *late_deflate[late_deflate_count], *late_isal[late_isal_count];

/// Binds a library; 1, or 0 with the reason in `bio_late_codec_problem`. Any thread.
int late_bind_lzma(void);
int late_bind_zstd(void);
int late_bind_deflate(void);
int late_bind_isal(void);

// A macro is not expanded again inside itself: the inner name is the library's own declaration, for its type.
#define LATE(library, name) ((__typeof__(&name))library[late_index_##name])
#define lzma_code LATE(late_lzma, lzma_code)
#define lzma_end LATE(late_lzma, lzma_end)
#define lzma_stream_decoder LATE(late_lzma, lzma_stream_decoder)
#define lzma_stream_decoder_mt LATE(late_lzma, lzma_stream_decoder_mt)
#define lzma_stream_encoder_mt LATE(late_lzma, lzma_stream_encoder_mt)
#define lzma_version_number LATE(late_lzma, lzma_version_number)
#define ZSTD_CCtx_setParameter LATE(late_zstd, ZSTD_CCtx_setParameter)
#define ZSTD_DCtx_reset LATE(late_zstd, ZSTD_DCtx_reset)
#define ZSTD_DCtx_setParameter LATE(late_zstd, ZSTD_DCtx_setParameter)
#define ZSTD_compress2 LATE(late_zstd, ZSTD_compress2)
#define ZSTD_compressBound LATE(late_zstd, ZSTD_compressBound)
#define ZSTD_createCCtx LATE(late_zstd, ZSTD_createCCtx)
#define ZSTD_createDCtx LATE(late_zstd, ZSTD_createDCtx)
#define ZSTD_decompressStream LATE(late_zstd, ZSTD_decompressStream)
#define ZSTD_freeCCtx LATE(late_zstd, ZSTD_freeCCtx)
#define ZSTD_freeDCtx LATE(late_zstd, ZSTD_freeDCtx)
#define ZSTD_getErrorCode LATE(late_zstd, ZSTD_getErrorCode)
#define ZSTD_getErrorName LATE(late_zstd, ZSTD_getErrorName)
#define ZSTD_isError LATE(late_zstd, ZSTD_isError)
#define ZSTD_versionNumber LATE(late_zstd, ZSTD_versionNumber)
#define libdeflate_alloc_compressor LATE(late_deflate, libdeflate_alloc_compressor)
#define libdeflate_free_compressor LATE(late_deflate, libdeflate_free_compressor)
#define libdeflate_gzip_compress LATE(late_deflate, libdeflate_gzip_compress)
#define libdeflate_gzip_compress_bound LATE(late_deflate, libdeflate_gzip_compress_bound)
#define isal_deflate LATE(late_isal, isal_deflate)
#define isal_deflate_init LATE(late_isal, isal_deflate_init)
#define isal_inflate LATE(late_isal, isal_inflate)
#define isal_inflate_init LATE(late_isal, isal_inflate_init)
#define isal_inflate_reset LATE(late_isal, isal_inflate_reset)

#endif
