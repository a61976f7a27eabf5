/* SPDX-License-Identifier: Apache-2.0
 * Behaviours that end badly, or do not end, and what they shout meanwhile. */
#define _GNU_SOURCE
#include "hostile.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

static void wait_for_ever(void) {
    for (;;) pause();
}

/* ---- Crashes, ends, hangs ---- */

static int32_t crash(const task *t) {
    (void)t;
    fputs("about to crash\n", stderr);
    volatile int *nowhere = (int *)(uintptr_t)8;
    *nowhere = 1;
    return BIO_OK;
}
static int32_t stop(const task *t) {
    (void)t;
    abort();
}
static int32_t leave(const task *t) {
    (void)t;
    _exit(0);
}
static int32_t hang(const task *t) {
    say(t, "ready");
    wait_for_ever();
    return BIO_OK;
}
static int32_t hang_logging(const task *t) {
    for (;;) {
        say(t, "still here");
        usleep(2000);
    }
    return BIO_OK;
}
static int32_t progress_forever(const task *t) {
    const bio_progress *progress = service(t, BIO_EXT_PROGRESS);
    bio_str title = text("for ever");
    bio_handle piece = progress->begin(t->host, &title, 0);
    say(t, "ready");
    for (uint64_t done = 0;; done++) progress->step(t->host, piece, done);
    return BIO_OK;
}
static int32_t heed_cancel(const task *t) {
    const bio_cancel *cancel = service(t, BIO_EXT_CANCEL);
    say(t, "ready");
    while (!cancel->requested(t->host)) usleep(2000);
    return BIO_E_CANCELLED;
}
static int32_t read_cancel(const task *t) {
    const bio_cancel *cancel = service(t, BIO_EXT_CANCEL);
    int32_t event = cancel->descriptor(t->host);
    uint64_t value;
    say(t, "ready");
    while (read(event, &value, sizeof value) < 0) usleep(2000);
    while (read(event, &value, sizeof value) > 0 && value > 1) {}
    return cancel->requested(t->host) ? BIO_E_CANCELLED : 103;
}
/* The event is the host's too: whatever is done to it must not keep the host from saying that it is time to stop. A
 * host that waits all the same is let go on after a while, so that its test can fail. */
static int32_t fill_cancel(const task *t) {
    const bio_cancel *cancel = service(t, BIO_EXT_CANCEL);
    int32_t event = cancel->descriptor(t->host);
    uint64_t many = UINT64_MAX - 1;
    char path[64];
    if (write(event, &many, sizeof many) < 0) many = 0;
    snprintf(path, sizeof path, "/proc/self/fd/%d", event);
    int again = open(path, O_WRONLY | O_NONBLOCK);
    while (again >= 0 && write(again, &many, sizeof many) > 0) {}
    fcntl(event, F_SETFL, 0);
    say(t, "ready");
    sleep(30);
    while (read(event, &many, sizeof many) > 0) {}
    wait_for_ever();
    return BIO_OK;
}
static int32_t ask_forever(const task *t) {
    const bio_rootfs *rootfs = service(t, BIO_EXT_ROOTFS);
    bio_handle tree = 0;
    bio_str path = text("a");
    rootfs->begin(t->host, &tree);
    for (;;) rootfs->add_directory(t->host, tree, &path, 0755);
    return BIO_OK;
}
static int32_t fork_child(const task *t) {
    pid_t child = fork();
    if (child == 0) {
        // Should nobody end it, it ends by itself.
        alarm(60);
        wait_for_ever();
    }
    char line[64];
    snprintf(line, sizeof line, "child %d", (int)child);
    say(t, line);
    return good_run(t);
}

/* ---- What a plugin can see of its user ---- */

static int32_t look_around(const task *t) {
    char line[512], link[64], target[256];
    for (char **variable = environ; *variable; variable++) {
        snprintf(line, sizeof line, "variable %s", *variable);
        say(t, line);
    }
    mode_t mask = umask(022);
    snprintf(line, sizeof line, "umask %03o", (unsigned)mask);
    say(t, line);
    for (int descriptor = 0; descriptor < 1024; descriptor++) {
        snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
        ssize_t length = readlink(link, target, sizeof target - 1);
        if (length < 0) continue;
        target[length] = 0;
        if (strchr(target, ':')) *strchr(target, ':') = 0;
        snprintf(line, sizeof line, "descriptor %s", target);
        say(t, line);
    }
    return good_run(t);
}

/* ---- Floods and dirt ---- */

static int32_t flood_log(const task *t) {
    for (int i = 0; i < 1000000; i++) say(t, "drip");
    return good_run(t);
}
static int32_t flood_stderr(const task *t) {
    for (int i = 0; i < 200000; i++) fprintf(stderr, "line %d of very many that nobody will ever read\n", i);
    crash(t);
    return BIO_OK;
}
static int32_t flood_stderr_forever(const task *t) {
    (void)t;
    for (;;) fputs("and again and again and again and again\n", stderr);
    return BIO_OK;
}
static int32_t log_controls(const task *t) {
    say(t, "\033]0;owned\a\033[2Jline one\nline two\t\x7f\xc2\x9b" "31m \xff end");
    return good_run(t);
}
static int32_t much_progress(const task *t) {
    const bio_progress *progress = service(t, BIO_EXT_PROGRESS);
    bio_str title = text("one of many");
    for (int i = 0; i < 65; i++) progress->begin(t->host, &title, 1);
    return good_run(t);
}
static int32_t unknown_progress(const task *t) {
    const bio_progress *progress = service(t, BIO_EXT_PROGRESS);
    progress->step(t->host, 77, 1);
    return good_run(t);
}

/* ---- Speaking past the tables: the runner's socket is descriptor 3 in the child ---- */

static int32_t garbage_frame(const task *t) {
    (void)t;
    static const unsigned char garbage[] = {0xff, 1, 2, 3};
    send(3, garbage, sizeof garbage, MSG_NOSIGNAL);
    wait_for_ever();
    return BIO_OK;
}
/* A frame may have four. */
static int32_t five_descriptors(const task *t) {
    (void)t;
    unsigned char byte = 0xff;
    struct iovec part = {&byte, 1};
    union {
        struct cmsghdr align;
        char bytes[CMSG_SPACE(5 * sizeof(int))];
    } control;
    struct msghdr message;
    memset(&message, 0, sizeof message);
    memset(&control, 0, sizeof control);
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    message.msg_control = control.bytes;
    message.msg_controllen = sizeof control.bytes;
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(5 * sizeof(int));
    sendmsg(3, &message, MSG_NOSIGNAL);
    wait_for_ever();
    return BIO_OK;
}
static int32_t close_connection(const task *t) {
    (void)t;
    close(3);
    wait_for_ever();
    return BIO_OK;
}
static int32_t ignore_answers(const task *t) {
    (void)t;
    static const unsigned char begin_tree[] = {7, 4};
    for (;;) send(3, begin_tree, sizeof begin_tree, MSG_NOSIGNAL);
    return BIO_OK;
}

const behaviour bad_ends[] = {
    {"crash-validate", crash, good_plan, good_run},
    {"crash-plan", good_validate, crash, good_run},
    {"crash-run", good_validate, good_plan, crash},
    {"abort", good_validate, good_plan, stop},
    {"exit", good_validate, good_plan, leave},
    {"hang-plan", good_validate, hang, good_run},
    {"hang-run", good_validate, good_plan, hang},
    {"hang-logging", good_validate, good_plan, hang_logging},
    {"progress-forever", good_validate, good_plan, progress_forever},
    {"heed-cancel", good_validate, good_plan, heed_cancel},
    {"read-cancel", good_validate, good_plan, read_cancel},
    {"fill-cancel", good_validate, good_plan, fill_cancel},
    {"progress-in-plan", good_validate, progress_forever, good_run},
    {"ask-in-plan", good_validate, ask_forever, good_run},
    {"ask-in-validate", ask_forever, good_plan, good_run},
    {"fork", good_validate, good_plan, fork_child},
    {"look-around", good_validate, good_plan, look_around},
    {"flood-log", good_validate, good_plan, flood_log},
    {"flood-stderr", good_validate, good_plan, flood_stderr},
    {"flood-stderr-forever", good_validate, good_plan, flood_stderr_forever},
    {"log-controls", good_validate, good_plan, log_controls},
    {"much-progress", good_validate, good_plan, much_progress},
    {"unknown-progress", good_validate, good_plan, unknown_progress},
    {"garbage-frame", good_validate, good_plan, garbage_frame},
    {"five-descriptors", good_validate, good_plan, five_descriptors},
    {"close-connection", good_validate, good_plan, close_connection},
    {"ignore-answers", good_validate, good_plan, ignore_answers},
    {NULL, NULL, NULL, NULL},
};
