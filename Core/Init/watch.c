/* SPDX-License-Identifier: Apache-2.0 */

/* The duties of a first process: signals and the dead. */
#define _GNU_SOURCE
#include "watch.h"
#include "spec.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static sigset_t all;
/* 0: there is none, or it has ended. */
static pid_t companion;

void watch_begin(void) {
    sigfillset(&all);
    sigprocmask(SIG_BLOCK, &all, NULL);
    /* Inherited as ignored, it would take the end of a child away before anybody asks. */
    signal(SIGCHLD, SIG_DFL);
    /* As the first process it has them anyway; below another one this makes it so. */
    prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
}

void watch_companion(pid_t child) { companion = child; }

static struct timespec after(int seconds) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    time.tv_sec += seconds;
    return time;
}

/* What is left until `end`; nothing when it is over. */
static struct timespec until(struct timespec end) {
    struct timespec time = after(0);
    struct timespec left = {end.tv_sec - time.tv_sec, end.tv_nsec - time.tv_nsec};
    if (left.tv_nsec < 0) left = (struct timespec){left.tv_sec - 1, left.tv_nsec + 1000000000};
    return left.tv_sec < 0 ? (struct timespec){0, 0} : left;
}

/* Reaps everybody who has ended; whether `child` was among them. */
static int reap(pid_t child, int *status) {
    int found = 0, one;
    pid_t process;
    while ((process = waitpid(-1, &one, WNOHANG)) > 0) {
        if (process == companion) companion = 0;
        if (process != child) continue;
        *status = one;
        found = 1;
    }
    return found;
}

static int asks_to_stop(int signal_number) {
    return signal_number == SIGTERM || signal_number == SIGINT || signal_number == SIGQUIT || signal_number == SIGPWR;
}

/* Those of a terminal's job control, which the service has no part in, and those that a process gets for its own doing. */
static int is_passed_on(int signal_number) {
    return signal_number > 0 && signal_number != SIGTSTP && signal_number != SIGTTIN && signal_number != SIGTTOU;
}

static void say_killed(const struct watch *watch, int seconds) {
    char digits[12];
    SAY("'", watch->service, "' has not ended within ", number(digits, seconds), " s: it is killed");
}

int watch_wait(const struct watch *watch, int *stopped) {
    const pid_t child = watch->child;
    struct timespec end = after(watch->limit);
    int status = 0, has_ended = 0, is_stopping = 0, is_killed = 0;
    for (;;) {
        siginfo_t information;
        /* Nobody is left of the group, the dead included: whoever was, has been reaped. */
        if (has_ended && kill(-child, 0) < 0) break;
        struct timespec left = until(end);
        int is_limited = (is_stopping || has_ended || watch->limit > 0) && !is_killed;
        int got = sigtimedwait(&all, &information, is_limited ? &left : NULL);
        if (got < 0 && errno == EAGAIN) {
            say_killed(watch, is_stopping || has_ended ? watch->timeout : watch->limit);
            kill(-child, SIGKILL);
            is_killed = 1;
        } else if (got == SIGCHLD) {
            if (!reap(child, &status) || has_ended) continue;
            has_ended = 1;
            if (!is_stopping) end = after(watch->timeout);
            /* A shell without exec dies of a signal that its service ends well by. */
            if (!is_killed) kill(-child, watch->stop_signal);
        } else if (asks_to_stop(got)) {
            *stopped = got;
            if (!has_ended) kill(child, watch->stop_signal);
            if (!is_stopping) end = after(watch->timeout);
            is_stopping = 1;
        } else if (is_passed_on(got) && !has_ended) {
            kill(child, got);
        }
    }
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

/* Kills whoever is a child now; whether anybody was. Without /proc nobody can be found. */
static int kill_children(void) {
    char text[4096];
    int file = open("/proc/thread-self/children", O_RDONLY | O_CLOEXEC), found = 0;
    if (file < 0) return 0;
    ssize_t length = read(file, text, sizeof text - 1);
    close(file);
    text[length > 0 ? length : 0] = 0;
    for (char *rest = text, *next; *rest; rest = next) {
        long process = strtol(rest, &next, 10);
        if (next == rest) break;
        if (process > 1) found = kill((pid_t)process, SIGKILL) == 0 || found;
    }
    return found;
}

void watch_end(void) {
    if (companion > 0) kill(-companion, SIGKILL);
    /* What ends with the first process anyway. */
    if (getpid() == 1) return;
    struct timespec pause = {0, 10 * 1000 * 1000};
    int status;
    /* The children of a child that is killed come here, too. */
    for (int rounds = 0; rounds < 100 && kill_children(); rounds++) {
        nanosleep(&pause, NULL);
        reap(0, &status);
    }
}
