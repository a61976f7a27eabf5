// SPDX-License-Identifier: Apache-2.0

#define _GNU_SOURCE
#include "bio_decode_ahead.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>

enum {
    slot_count = 4,
    input_size = 128 << 10,
    output_size = 256 << 10,  // some milliseconds of xz: waking the other side costs nothing beside that
};

/// Buffers that one side fills and the other empties, in order. Who has taken a slot touches it without the lock.
typedef struct ring {
    uint8_t *slots[slot_count];
    size_t counts[slot_count];
    unsigned filled, emptied;  // since the start; their difference is what waits
} ring;

struct bio_ahead {
    bio_decoder *decoder;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t for_caller, for_decoder;

    // Guarded by the lock.
    ring input, output;
    int input_ended;
    int stopping;
    int done;
    bio_decode_result result;

    size_t taken;  // of the oldest output; caller's thread only
};

static int is_empty(const ring *ring) { return ring->filled == ring->emptied; }
static int is_full(const ring *ring) { return ring->filled - ring->emptied == slot_count; }

/// The decoder's side of a ring and how far it got in the slot it has.
typedef struct cursor {
    int has_input;
    size_t position, produced;
    int at_end;
} cursor;

/// Waits for a slot to decode into, and for input unless there is some. 0 when this is to stop.
static int wait_for_work(bio_ahead *ahead, cursor *cursor) {
    pthread_mutex_lock(&ahead->lock);
    while (!ahead->stopping && is_full(&ahead->output)) pthread_cond_wait(&ahead->for_decoder, &ahead->lock);
    if (!cursor->has_input && !cursor->at_end) {
        // What has been decoded is not kept back while there is nothing to go on with.
        if (is_empty(&ahead->input) && !ahead->input_ended && cursor->produced > 0) {
            ahead->output.counts[ahead->output.filled++ % slot_count] = cursor->produced;
            cursor->produced = 0;
            pthread_cond_signal(&ahead->for_caller);
        }
        while (!ahead->stopping && ((is_empty(&ahead->input) && !ahead->input_ended) || is_full(&ahead->output)))
            pthread_cond_wait(&ahead->for_decoder, &ahead->lock);
        cursor->has_input = !is_empty(&ahead->input);
        cursor->position = 0;
        cursor->at_end = !cursor->has_input && ahead->input_ended;
    }
    int goes_on = !ahead->stopping;
    pthread_mutex_unlock(&ahead->lock);
    return goes_on;
}

static void give_back_input(bio_ahead *ahead, cursor *cursor) {
    cursor->has_input = 0;
    pthread_mutex_lock(&ahead->lock);
    ahead->input.emptied++;
    pthread_cond_signal(&ahead->for_caller);
    pthread_mutex_unlock(&ahead->lock);
}

/// Hands out what was decoded; with a result other than MORE it is the last.
static void hand_out(bio_ahead *ahead, cursor *cursor, bio_decode_result result) {
    pthread_mutex_lock(&ahead->lock);
    if (cursor->produced > 0) ahead->output.counts[ahead->output.filled++ % slot_count] = cursor->produced;
    cursor->produced = 0;
    if (result != BIO_DECODE_MORE) {
        ahead->result = result;
        ahead->done = 1;
    }
    pthread_cond_signal(&ahead->for_caller);
    pthread_mutex_unlock(&ahead->lock);
}

static void *decode(void *context) {
    bio_ahead *ahead = context;
    pthread_setname_np(pthread_self(), "bio-decode");
    cursor cursor = {0};
    while (wait_for_work(ahead, &cursor)) {
        // The slots at these ends of the rings are this thread's, and only it moves these ends.
        unsigned in_slot = ahead->input.emptied % slot_count, out_slot = ahead->output.filled % slot_count;
        size_t given = cursor.has_input ? ahead->input.counts[in_slot] - cursor.position : 0;
        size_t used = given, produced = output_size - cursor.produced;
        bio_decode_result result = bio_decoder_step(
            ahead->decoder, ahead->input.slots[in_slot] + cursor.position, &used,
            ahead->output.slots[out_slot] + cursor.produced, &produced, cursor.at_end);
        cursor.position += used;
        cursor.produced += produced;
        if (cursor.has_input && used == given) give_back_input(ahead, &cursor);
        if (result != BIO_DECODE_MORE || cursor.produced == output_size) hand_out(ahead, &cursor, result);
        if (result != BIO_DECODE_MORE) break;
    }
    return NULL;
}

static int make_ring(ring *ring, size_t size) {
    for (int i = 0; i < slot_count; i++)
        if (!(ring->slots[i] = malloc(size))) return 0;
    return 1;
}

static void free_all(bio_ahead *ahead) {
    for (int i = 0; i < slot_count; i++) {
        free(ahead->input.slots[i]);
        free(ahead->output.slots[i]);
    }
    bio_decoder_free(ahead->decoder);
    pthread_cond_destroy(&ahead->for_caller);
    pthread_cond_destroy(&ahead->for_decoder);
    pthread_mutex_destroy(&ahead->lock);
    free(ahead);
}

/// Signals are for the caller's threads: no handler runs in this one, and no system call of theirs stays uninterrupted.
static int start_thread(bio_ahead *ahead) {
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int problem = pthread_create(&ahead->thread, NULL, decode, ahead);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return problem;
}

bio_ahead *bio_ahead_new(bio_filter filter, unsigned threads) {
    bio_ahead *ahead = calloc(1, sizeof *ahead);
    if (!ahead) return NULL;
    pthread_mutex_init(&ahead->lock, NULL);
    pthread_cond_init(&ahead->for_caller, NULL);
    pthread_cond_init(&ahead->for_decoder, NULL);
    ahead->decoder = bio_decoder_new(filter, threads);
    int problem = ENOMEM;
    if (ahead->decoder && make_ring(&ahead->input, input_size) && make_ring(&ahead->output, output_size))
        problem = start_thread(ahead);
    if (problem == 0) return ahead;
    free_all(ahead);
    errno = problem;
    return NULL;
}

bio_ahead_event bio_ahead_next(bio_ahead *ahead, void **bytes, size_t *count) {
    bio_ahead_event event;
    pthread_mutex_lock(&ahead->lock);
    for (;;) {
        if (!ahead->input_ended && !ahead->done && !is_full(&ahead->input)) {
            *bytes = ahead->input.slots[ahead->input.filled % slot_count];
            *count = input_size;
            event = BIO_AHEAD_FEED;
            break;
        }
        if (!is_empty(&ahead->output)) {
            unsigned slot = ahead->output.emptied % slot_count;
            *bytes = ahead->output.slots[slot] + ahead->taken;
            *count = ahead->output.counts[slot] - ahead->taken;
            event = BIO_AHEAD_OUTPUT;
            break;
        }
        if (ahead->done) {
            *bytes = NULL;
            *count = 0;
            event = BIO_AHEAD_DONE;
            break;
        }
        pthread_cond_wait(&ahead->for_caller, &ahead->lock);
    }
    pthread_mutex_unlock(&ahead->lock);
    return event;
}

void bio_ahead_feed(bio_ahead *ahead, size_t count) {
    pthread_mutex_lock(&ahead->lock);
    if (count == 0)
        ahead->input_ended = 1;
    else
        ahead->input.counts[ahead->input.filled++ % slot_count] = count;
    pthread_cond_signal(&ahead->for_decoder);
    pthread_mutex_unlock(&ahead->lock);
}

void bio_ahead_take(bio_ahead *ahead, size_t count) {
    // The slot at this end of the ring is the caller's, and only the caller moves this end.
    ahead->taken += count;
    if (ahead->taken < ahead->output.counts[ahead->output.emptied % slot_count]) return;
    ahead->taken = 0;
    pthread_mutex_lock(&ahead->lock);
    ahead->output.emptied++;
    pthread_cond_signal(&ahead->for_decoder);
    pthread_mutex_unlock(&ahead->lock);
}

bio_decode_result bio_ahead_result(const bio_ahead *ahead) { return ahead->result; }
const char *bio_ahead_text(const bio_ahead *ahead) { return bio_decoder_text(ahead->decoder); }

void bio_ahead_free(bio_ahead *ahead) {
    if (!ahead) return;
    pthread_mutex_lock(&ahead->lock);
    ahead->stopping = 1;
    pthread_cond_signal(&ahead->for_decoder);
    pthread_mutex_unlock(&ahead->lock);
    pthread_join(ahead->thread, NULL);
    free_all(ahead);
}
