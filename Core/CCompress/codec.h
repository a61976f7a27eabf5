// SPDX-License-Identifier: Apache-2.0

#ifndef BIO_CODEC_H
#define BIO_CODEC_H

#include "bio_pipeline.h"

enum { plain_piece = 1 << 20, zstd_piece = 2 << 20 };

/// Binds the library of a codec, which comes before everything else here; 0 when it is missing.
int codec_bind(bio_codec codec);

/// What one thread needs to compress pieces.
typedef struct piece_codec piece_codec;

piece_codec *piece_codec_new(bio_codec codec, int level);
void piece_codec_free(piece_codec *codec);

/// Bytes of input that become one piece, the last one apart; for what is not compressed in pieces, a good number to move.
size_t piece_size(bio_codec codec);

/// Room that holds any compressed piece.
size_t piece_bound(bio_codec codec);

/// One gzip member or zstd frame. Its size, or 0 on failure, with ENOMEM in errno if memory was what it lacked.
size_t piece_compress(piece_codec *codec, const void *in, size_t in_count, void *out, size_t out_count);

/// One xz stream in blocks of 24 MiB, the cut that `xz -6 -T0` makes.
typedef struct xz_stream xz_stream;

xz_stream *xz_stream_new(int level, unsigned threads);
void xz_stream_free(xz_stream *stream);

/// `is_cancelled` is asked while a call waits for the encoder's threads; once it says so the call fails.
void xz_stream_watch(xz_stream *stream, int (*is_cancelled)(void *), void *context);

/// Compresses `in`, and with `finish` ends the stream; the output is appended to the stream's own buffer. 0 on
/// failure, with ENOMEM in errno if memory was what it lacked.
int xz_stream_write(xz_stream *stream, const void *in, size_t count, int finish);
const void *xz_stream_output(const xz_stream *stream, size_t *count);
void xz_stream_clear(xz_stream *stream);

#endif
