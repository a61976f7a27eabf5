/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BIO_INIT_WATCH_H
#define BIO_INIT_WATCH_H

#include <sys/types.h>

/* A hook that is waited for. */
struct watch {
    /* The leader of its group. */
    pid_t child;
    /* Whose hook it is. */
    const char *service;
    /* What asks it to end, and the seconds until SIGKILL. */
    int stop_signal;
    int timeout;
    /* Seconds that it may take by itself; 0: as long as it likes. */
    int limit;
};

/* Blocks every signal, so that each is waited for, and takes in whoever loses his parent. First of all: a signal that came
 * before it would be lost to a first process. */
void watch_begin(void);

/* Waits until the child has ended, and then everybody in its group: passes signals on to it, reaps whoever ends. Asked to
 * stop it gets its signal, and the group SIGKILL when the time is over; what the child leaves behind has the same signal and
 * the same time. `*stopped` becomes the signal that asked, if one did.
 * Returns the exit code: 128 and the signal's number of one that was killed. */
int watch_wait(const struct watch *watch, int *stopped);

/* Remembers a group that nobody waits for. */
void watch_companion(pid_t child);

/* Ends the companion and whatever else is still a child. */
void watch_end(void);

#endif
