// SPDX-License-Identifier: Apache-2.0

#define _GNU_SOURCE
#include "bio_pipeline.h"
#include "codec.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>

enum { thread_limit = 256 };

typedef struct slot {
    uint8_t *in, *out;
    size_t in_count, out_count;
    int compressed;
} slot;

// A ring of slots. Pieces are numbered from 0; piece n lies in slot n % slot_count from the time it is filled until it
// is drained. Everything but the bytes of a slot, `in_count` and `out_count` is guarded by `lock`; those belong to
// whoever does the next thing to the slot.
typedef struct pipeline {
    bio_codec codec;
    int level;
    const bio_pipeline_steps *steps;
    void *context;
    xz_stream *xz;
    size_t in_size, out_bound, slot_count;
    slot *slots;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    unsigned waiting;
    // How many pieces each step is through, and whether somebody is at it. Any number of threads compress.
    size_t filled, inspected[bio_pipeline_inspections], compressing, drained;
    int is_filling, is_inspecting[bio_pipeline_inspections], is_draining;
    int ended;  // the last piece is filled
    bio_pipeline_result result;
} pipeline;

typedef enum task { TASK_WAIT, TASK_LEAVE, TASK_DRAIN, TASK_INSPECT, TASK_COMPRESS, TASK_FILL } task;

static slot *slot_of(const pipeline *line, size_t piece) { return &line->slots[piece % line->slot_count]; }

/// Whether a piece is compressed one by one, and not passed on as it is to be drained.
static int has_pieces(const pipeline *line) { return line->codec != BIO_CODEC_NONE && !line->xz; }

static int can_drain(const pipeline *line) {
    if (line->is_draining || line->drained == line->filled || !slot_of(line, line->drained)->compressed) return 0;
    for (unsigned i = 0; i < line->steps->inspections; i++)
        if (line->inspected[i] <= line->drained) return 0;
    return 1;
}

/// What there is to do now, the most urgent first: what frees a slot, then what only one thread at a time can do, then
/// the real work, then more of it. Takes the task; called with the lock.
static task next_task(pipeline *line, unsigned *inspection) {
    if (line->result != BIO_PIPELINE_DONE) return TASK_LEAVE;
    if (can_drain(line)) {
        line->is_draining = 1;
        return TASK_DRAIN;
    }
    for (unsigned i = 0; i < line->steps->inspections; i++) {
        if (line->is_inspecting[i] || line->inspected[i] == line->filled) continue;
        line->is_inspecting[i] = 1;
        *inspection = i;
        return TASK_INSPECT;
    }
    if (has_pieces(line) && line->compressing < line->filled) return TASK_COMPRESS;
    if (!line->is_filling && !line->ended && line->filled - line->drained < line->slot_count) {
        line->is_filling = 1;
        return TASK_FILL;
    }
    return line->ended && line->drained == line->filled ? TASK_LEAVE : TASK_WAIT;
}

static void stop(pipeline *line, bio_pipeline_result result) {
    if (line->result == BIO_PIPELINE_DONE) line->result = result;
}

/// Why a codec failed, by the errno it left.
static bio_pipeline_result codec_failure(void) { return errno == ENOMEM ? BIO_PIPELINE_MEMORY : BIO_PIPELINE_CODEC; }

// Each of these is called with the lock and returns with it; the work itself is done without.

static void drain(pipeline *line) {
    slot *slot = slot_of(line, line->drained);
    pthread_mutex_unlock(&line->lock);
    const void *bytes = has_pieces(line) ? slot->out : slot->in;
    size_t count = has_pieces(line) ? slot->out_count : slot->in_count;
    bio_pipeline_result result = BIO_PIPELINE_DONE;
    if (line->xz) {
        errno = 0;
        if (!xz_stream_write(line->xz, bytes, count, 0)) result = codec_failure();
        bytes = xz_stream_output(line->xz, &count);
    }
    if (result == BIO_PIPELINE_DONE && count > 0 && !line->steps->drain(line->context, bytes, count))
        result = BIO_PIPELINE_STOPPED;
    if (line->xz) xz_stream_clear(line->xz);
    pthread_mutex_lock(&line->lock);
    line->is_draining = 0;
    line->drained++;
    stop(line, result);
}

static void inspect(pipeline *line, unsigned inspection) {
    size_t piece = line->inspected[inspection];
    slot *slot = slot_of(line, piece);
    pthread_mutex_unlock(&line->lock);
    int fine = line->steps->inspect(line->context, inspection, piece, slot->in, slot->in_count);
    pthread_mutex_lock(&line->lock);
    line->is_inspecting[inspection] = 0;
    line->inspected[inspection]++;
    if (!fine) stop(line, BIO_PIPELINE_STOPPED);
}

static void compress(pipeline *line, piece_codec **codec) {
    slot *slot = slot_of(line, line->compressing++);
    pthread_mutex_unlock(&line->lock);
    if (!*codec) *codec = piece_codec_new(line->codec, line->level);
    errno = 0;
    size_t count = *codec ? piece_compress(*codec, slot->in, slot->in_count, slot->out, line->out_bound) : 0;
    bio_pipeline_result failure = *codec ? codec_failure() : BIO_PIPELINE_MEMORY;
    slot->out_count = count;
    pthread_mutex_lock(&line->lock);
    slot->compressed = 1;
    if (count == 0) stop(line, failure);
}

static void fill(pipeline *line) {
    size_t piece = line->filled;
    slot *slot = slot_of(line, piece);
    pthread_mutex_unlock(&line->lock);
    ptrdiff_t count = line->steps->fill(line->context, piece, slot->in, line->in_size);
    pthread_mutex_lock(&line->lock);
    line->is_filling = 0;
    if (count < 0) return stop(line, BIO_PIPELINE_STOPPED);
    if ((size_t)count < line->in_size) line->ended = 1;
    // An empty stream is one empty piece.
    if (count == 0 && piece > 0) return;
    slot->in_count = (size_t)count;
    slot->compressed = !has_pieces(line);
    line->filled++;
}

static void *work(void *argument) {
    pipeline *line = argument;
    piece_codec *codec = NULL;
    unsigned inspection = 0;
    pthread_mutex_lock(&line->lock);
    for (;;) {
        task task = next_task(line, &inspection);
        if (task == TASK_LEAVE) break;
        if (task == TASK_WAIT) {
            line->waiting++;
            pthread_cond_wait(&line->changed, &line->lock);
            line->waiting--;
            continue;
        }
        // What was taken is done also when somebody wants to stop: it is never long, but for xz, which asks by itself.
        switch (task) {
        case TASK_DRAIN: drain(line); break;
        case TASK_INSPECT: inspect(line, inspection); break;
        case TASK_COMPRESS: compress(line, &codec); break;
        default: fill(line); break;
        }
        if (line->result == BIO_PIPELINE_DONE) {
            pthread_mutex_unlock(&line->lock);
            int cancelled = line->steps->is_cancelled(line->context);
            pthread_mutex_lock(&line->lock);
            if (cancelled) stop(line, BIO_PIPELINE_CANCELLED);
        }
        if (line->waiting > 0) pthread_cond_broadcast(&line->changed);
    }
    pthread_mutex_unlock(&line->lock);
    piece_codec_free(codec);
    return NULL;
}

static int make_slots(pipeline *line, unsigned threads) {
    // One thread does one thing after the other; with one slot the bytes are still in its cache for the next step.
    line->slot_count = threads > 1 ? threads * 2 + 2 : 1;
    line->in_size = piece_size(line->codec);
    line->out_bound = has_pieces(line) ? piece_bound(line->codec) : 0;
    line->slots = calloc(line->slot_count, sizeof *line->slots);
    if (!line->slots) return 0;
    for (size_t i = 0; i < line->slot_count; i++) {
        line->slots[i].in = malloc(line->in_size);
        line->slots[i].out = malloc(line->out_bound);
        if (!line->slots[i].in || (line->out_bound > 0 && !line->slots[i].out)) return 0;
    }
    return 1;
}

static void free_slots(pipeline *line) {
    for (size_t i = 0; line->slots && i < line->slot_count; i++) {
        free(line->slots[i].in);
        free(line->slots[i].out);
    }
    free(line->slots);
}

/// Works with the caller and `threads` - 1 threads beside it, or as many as there can be. Those take no signals: signals
/// are for the program that owns the process.
static void run_workers(pipeline *line, unsigned threads) {
    sigset_t all, before;
    pthread_t workers[thread_limit];
    unsigned count = 0;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    while (count + 1 < threads && pthread_create(&workers[count], NULL, work, line) == 0) count++;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    work(line);
    for (unsigned i = 0; i < count; i++) pthread_join(workers[i], NULL);
}

static void finish_xz(pipeline *line) {
    size_t count;
    errno = 0;
    if (!xz_stream_write(line->xz, NULL, 0, 1)) return stop(line, codec_failure());
    const void *bytes = xz_stream_output(line->xz, &count);
    if (!line->steps->drain(line->context, bytes, count)) stop(line, BIO_PIPELINE_STOPPED);
}

bio_pipeline_result bio_pipeline_run(
    bio_codec codec, int level, unsigned threads, const bio_pipeline_steps *steps, void *context) {
    if (!codec_bind(codec)) return BIO_PIPELINE_LIBRARY;
    if (steps->is_cancelled(context)) return BIO_PIPELINE_CANCELLED;
    threads = threads < 1 ? 1 : threads > thread_limit ? thread_limit : threads;
    pipeline line = {.codec = codec, .level = level, .steps = steps, .context = context};
    pthread_mutex_init(&line.lock, NULL);
    pthread_cond_init(&line.changed, NULL);
    int ready = 1;
    if (codec == BIO_CODEC_XZ) {
        line.xz = xz_stream_new(level, threads);
        ready = line.xz != NULL;
        if (ready) xz_stream_watch(line.xz, steps->is_cancelled, context);
    }
    if (ready && make_slots(&line, threads)) {
        run_workers(&line, threads);
        if (line.xz && line.result == BIO_PIPELINE_DONE) finish_xz(&line);
        if (line.result == BIO_PIPELINE_CODEC && steps->is_cancelled(context)) line.result = BIO_PIPELINE_CANCELLED;
    } else {
        line.result = BIO_PIPELINE_MEMORY;
    }
    free_slots(&line);
    xz_stream_free(line.xz);
    pthread_cond_destroy(&line.changed);
    pthread_mutex_destroy(&line.lock);
    return line.result;
}
