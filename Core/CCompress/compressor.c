// SPDX-License-Identifier: Apache-2.0

#define _GNU_SOURCE
#include "bio_compressor.h"
#include "codec.h"

#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { thread_limit = 256 };

typedef enum slot_state { SLOT_FREE, SLOT_READY, SLOT_WORKING, SLOT_DONE, SLOT_FAILED } slot_state;

typedef struct slot {
    uint8_t *in, *out;
    size_t in_count, out_count;
    slot_state state;
} slot;

// A ring: the caller fills at `fill`, workers take at `work`, the caller takes output at `take`. Everything but the
// bytes of a slot is guarded by `lock`; the bytes belong to whoever put the slot into its state.
struct bio_compressor {
    bio_codec codec;
    int level;
    unsigned threads;
    xz_stream *xz;
    uint8_t *xz_in;
    size_t xz_in_count;
    piece_codec *own;  // for work in the caller
    size_t out_bound, slot_count;
    slot *slots;
    size_t fill, work, take;  // positions that only grow; the slot is position % slot_count
    int finished, stopping;
    pthread_mutex_t lock;
    pthread_cond_t ready, done;
    pthread_t *workers;
    unsigned worker_count;
};

static slot *slot_at(const bio_compressor *compressor, size_t position) {
    return &compressor->slots[position % compressor->slot_count];
}

static slot_state compress_slot(const bio_compressor *compressor, piece_codec *codec, slot *slot) {
    slot->out_count = piece_compress(codec, slot->in, slot->in_count, slot->out, compressor->out_bound);
    return slot->out_count > 0 ? SLOT_DONE : SLOT_FAILED;
}

static void *work(void *argument) {
    bio_compressor *compressor = argument;
    piece_codec *codec = piece_codec_new(compressor->codec, compressor->level);
    pthread_mutex_lock(&compressor->lock);
    for (;;) {
        while (!compressor->stopping && compressor->work == compressor->fill)
            pthread_cond_wait(&compressor->ready, &compressor->lock);
        if (compressor->stopping) break;
        slot *mine = slot_at(compressor, compressor->work++);
        mine->state = SLOT_WORKING;
        pthread_mutex_unlock(&compressor->lock);
        slot_state state = codec ? compress_slot(compressor, codec, mine) : SLOT_FAILED;
        pthread_mutex_lock(&compressor->lock);
        mine->state = state;
        pthread_cond_signal(&compressor->done);
    }
    pthread_mutex_unlock(&compressor->lock);
    piece_codec_free(codec);
    return NULL;
}

/// Workers take no signals: those are for the program that owns the process.
static int start_workers(bio_compressor *compressor) {
    sigset_t all, before;
    compressor->workers = calloc(compressor->threads, sizeof *compressor->workers);
    if (!compressor->workers) return 0;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    while (compressor->worker_count < compressor->threads &&
           pthread_create(&compressor->workers[compressor->worker_count], NULL, work, compressor) == 0)
        compressor->worker_count++;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return compressor->worker_count > 0;
}

static int make_slots(bio_compressor *compressor) {
    compressor->slot_count = compressor->threads > 1 ? compressor->threads * 2 + 2 : 1;
    compressor->out_bound = piece_bound(compressor->codec, compressor->level);
    compressor->slots = calloc(compressor->slot_count, sizeof *compressor->slots);
    if (!compressor->slots) return 0;
    for (size_t i = 0; i < compressor->slot_count; i++) {
        compressor->slots[i].in = malloc(piece_size);
        compressor->slots[i].out = malloc(compressor->out_bound);
        if (!compressor->slots[i].in || !compressor->slots[i].out) return 0;
    }
    return 1;
}

bio_compressor *bio_compressor_new(bio_codec codec, int level, unsigned threads) {
    if (!codec_bind(codec)) return NULL;
    bio_compressor *compressor = calloc(1, sizeof *compressor);
    if (!compressor) return NULL;
    compressor->codec = codec;
    compressor->level = level;
    compressor->threads = threads < 1 ? 1 : threads > thread_limit ? thread_limit : threads;
    pthread_mutex_init(&compressor->lock, NULL);
    pthread_cond_init(&compressor->ready, NULL);
    pthread_cond_init(&compressor->done, NULL);
    int ready;
    if (codec == BIO_CODEC_XZ) {
        compressor->xz = xz_stream_new(level, compressor->threads);
        compressor->xz_in = malloc(piece_size);
        ready = compressor->xz && compressor->xz_in;
    } else if (compressor->threads == 1) {
        compressor->own = piece_codec_new(codec, level);
        ready = compressor->own && make_slots(compressor);
    } else {
        ready = make_slots(compressor) && start_workers(compressor);
    }
    if (!ready) {
        bio_compressor_free(compressor);
        return NULL;
    }
    return compressor;
}

void bio_compressor_watch(bio_compressor *compressor, int (*is_cancelled)(void *context), void *context) {
    if (compressor->xz) xz_stream_watch(compressor->xz, is_cancelled, context);
}

size_t bio_compressor_room(bio_compressor *compressor, void **where) {
    if (compressor->xz) {
        *where = compressor->xz_in + compressor->xz_in_count;
        return piece_size - compressor->xz_in_count;
    }
    // Only the caller moves `fill` and `take`, so it may read them without the lock.
    if (compressor->fill - compressor->take == compressor->slot_count) return 0;
    slot *current = slot_at(compressor, compressor->fill);
    *where = current->in + current->in_count;
    return piece_size - current->in_count;
}

static int submit(bio_compressor *compressor) {
    slot *current = slot_at(compressor, compressor->fill);
    if (compressor->own) {
        current->state = compress_slot(compressor, compressor->own, current);
        compressor->fill++;
        compressor->work++;
        return current->state == SLOT_DONE;
    }
    pthread_mutex_lock(&compressor->lock);
    current->state = SLOT_READY;
    compressor->fill++;
    pthread_cond_signal(&compressor->ready);
    pthread_mutex_unlock(&compressor->lock);
    return 1;
}

int bio_compressor_filled(bio_compressor *compressor, size_t count) {
    if (compressor->xz) {
        compressor->xz_in_count += count;
        if (compressor->xz_in_count < piece_size) return 1;
        compressor->xz_in_count = 0;
        return xz_stream_write(compressor->xz, compressor->xz_in, piece_size, 0);
    }
    slot *current = slot_at(compressor, compressor->fill);
    current->in_count += count;
    return current->in_count < piece_size || submit(compressor);
}

int bio_compressor_finish(bio_compressor *compressor) {
    if (compressor->finished) return 1;
    if (compressor->xz) {
        compressor->finished = 1;
        return xz_stream_write(compressor->xz, compressor->xz_in, compressor->xz_in_count, 1);
    }
    // The caller took output until there was room, so the current slot is its own. An empty input is one empty piece.
    void *where;
    if (bio_compressor_room(compressor, &where) == 0) return 0;
    compressor->finished = 1;
    if (slot_at(compressor, compressor->fill)->in_count > 0 || compressor->fill == 0) return submit(compressor);
    return 1;
}

int bio_compressor_take(bio_compressor *compressor, const void **bytes, size_t *count) {
    if (compressor->xz) {
        *bytes = xz_stream_output(compressor->xz, count);
        return *count > 0;
    }
    if (compressor->take == compressor->fill) return 0;
    slot *oldest = slot_at(compressor, compressor->take);
    if (!compressor->own) {
        int must_wait = compressor->finished || compressor->fill - compressor->take == compressor->slot_count;
        pthread_mutex_lock(&compressor->lock);
        while (must_wait && (oldest->state == SLOT_READY || oldest->state == SLOT_WORKING))
            pthread_cond_wait(&compressor->done, &compressor->lock);
        slot_state state = oldest->state;
        pthread_mutex_unlock(&compressor->lock);
        if (state == SLOT_READY || state == SLOT_WORKING) return 0;
    }
    if (oldest->state == SLOT_FAILED) return -1;
    *bytes = oldest->out;
    *count = oldest->out_count;
    return 1;
}

void bio_compressor_release(bio_compressor *compressor) {
    if (compressor->xz) {
        xz_stream_clear(compressor->xz);
        return;
    }
    slot *oldest = slot_at(compressor, compressor->take);
    oldest->in_count = 0;
    oldest->state = SLOT_FREE;
    compressor->take++;
}

void bio_compressor_free(bio_compressor *compressor) {
    if (!compressor) return;
    pthread_mutex_lock(&compressor->lock);
    compressor->stopping = 1;
    pthread_cond_broadcast(&compressor->ready);
    pthread_mutex_unlock(&compressor->lock);
    for (unsigned i = 0; i < compressor->worker_count; i++) pthread_join(compressor->workers[i], NULL);
    for (size_t i = 0; compressor->slots && i < compressor->slot_count; i++) {
        free(compressor->slots[i].in);
        free(compressor->slots[i].out);
    }
    free(compressor->slots);
    free(compressor->workers);
    free(compressor->xz_in);
    xz_stream_free(compressor->xz);
    piece_codec_free(compressor->own);
    pthread_cond_destroy(&compressor->ready);
    pthread_cond_destroy(&compressor->done);
    pthread_mutex_destroy(&compressor->lock);
    free(compressor);
}
