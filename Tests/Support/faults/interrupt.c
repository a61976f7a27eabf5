// SPDX-License-Identifier: Apache-2.0
// Preloaded into the program: a signal every 100 microseconds, caught without SA_RESTART, so that every slow system
// call ends with EINTR again and again.

#include <signal.h>
#include <stddef.h>
#include <sys/time.h>

static void nothing(int number) { (void)number; }

__attribute__((constructor)) static void begin(void) {
    struct sigaction action = {.sa_handler = nothing};
    struct itimerval often = {{0, 100}, {0, 100}};
    sigaction(SIGALRM, &action, NULL);
    setitimer(ITIMER_REAL, &often, NULL);
}
