// SPDX-License-Identifier: Apache-2.0

// What `bio plugin check` sets in a runner and looks at afterwards.

#define _GNU_SOURCE

#include "bio_system.h"

#include <locale.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

extern char **environ;

int bio_trial_begin(const char *directory, int mask) {
    if (mask >= 0) umask((mode_t)mask);
    return *directory ? chdir(directory) : 0;
}

int bio_trial_set_variable(const char *entry) {
    // Kept for ever, as putenv(3) wants.
    char *copy = strdup(entry);
    return copy ? putenv(copy) : -1;
}

uint32_t bio_trial_mask(void) {
    mode_t mask = umask(0);
    umask(mask);
    return (uint32_t)mask;
}

const char *bio_trial_locale(void) { return setlocale(LC_ALL, NULL); }

const char *bio_trial_variable(int index) { return environ ? environ[index] : NULL; }

uintptr_t bio_trial_signal_handler(int number) {
    struct sigaction action;
    if (sigaction(number, NULL, &action) != 0) return 0;
    return (action.sa_flags & SA_SIGINFO) ? (uintptr_t)action.sa_sigaction : (uintptr_t)action.sa_handler;
}
