// SPDX-License-Identifier: Apache-2.0
// A decoder that works in a thread of its own, ahead of who takes what it decoded: a few buffers in, a few out. All
// reading, and so all that can fail but the decoding itself, stays with the caller.

#ifndef BIO_DECODE_AHEAD_H
#define BIO_DECODE_AHEAD_H

#include "bio_decompress.h"

typedef enum bio_ahead_event {
    BIO_AHEAD_FEED = 0,    // the next input goes into the bytes given, at most that many; then bio_ahead_feed
    BIO_AHEAD_OUTPUT = 1,  // these bytes were decoded; then bio_ahead_take
    BIO_AHEAD_DONE = 2,    // no more comes; bio_ahead_result says how it ended
} bio_ahead_event;

typedef struct bio_ahead bio_ahead;

/// NULL when memory or threads are short, with errno: then nothing has been started.
/// `threads` are those that decode, see bio_decoder_new.
bio_ahead *bio_ahead_new(bio_filter filter, unsigned threads);

/// What the caller has to do next; waits until there is something. Input is asked for before output is given, so that
/// the decoder never waits for it without need. Output comes in order and before the result.
bio_ahead_event bio_ahead_next(bio_ahead *ahead, void **bytes, size_t *count);

/// Says that `count` bytes were put where FEED said; 0 is the end of the input.
void bio_ahead_feed(bio_ahead *ahead, size_t count);

/// Says that the first `count` of the bytes that OUTPUT gave are done with; the others come again.
void bio_ahead_take(bio_ahead *ahead, size_t count);

/// After DONE: END, or what is wrong; static text for CORRUPT.
bio_decode_result bio_ahead_result(const bio_ahead *ahead);
const char *bio_ahead_text(const bio_ahead *ahead);

/// Ends the thread, wherever it is, and waits for it: for the step it is in, which is one buffer at most.
void bio_ahead_free(bio_ahead *ahead);

#endif
