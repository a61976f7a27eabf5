// SPDX-License-Identifier: Apache-2.0

#define _GNU_SOURCE
#include "bio_system.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

static atomic_int caught;
static int event = -1;

static void handle(int number) {
    int saved = errno;
    int expected = 0;
    if (atomic_compare_exchange_strong(&caught, &expected, number)) {
        uint64_t one = 1;
        // The counter cannot be full, and there is nobody to tell if it were.
        if (write(event, &one, sizeof one) < 0) event = -1;
    } else {
        // Delivered when the handler returns: the signal is blocked inside it.
        signal(number, SIG_DFL);
        raise(number);
    }
    errno = saved;
}

int bio_interrupt_install(void) {
    static const int numbers[] = {SIGINT, SIGTERM, SIGHUP};
    event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (event < 0) return -1;
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN); // past a file size limit writing fails with EFBIG, as on a full disk
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        struct sigaction old, action;
        // What is ignored stays ignored: nohup, and background jobs of a script.
        if (sigaction(numbers[i], NULL, &old) != 0 || old.sa_handler == SIG_IGN) continue;
        memset(&action, 0, sizeof action);
        action.sa_handler = handle;
        sigemptyset(&action.sa_mask);
        sigaction(numbers[i], &action, NULL);
    }
    return event;
}

int bio_interrupt_signal(void) { return atomic_load(&caught); }

void bio_fill_standard_descriptors(void) {
    for (int fd = 0; fd < 3; fd++) {
        if (fcntl(fd, F_GETFD) >= 0) continue;
        // The lowest free descriptor is this one. Standard output is opened for reading, so that writing fails.
        int opened = open("/dev/null", fd == 2 ? O_WRONLY : O_RDONLY);
        if (opened < 0) return;
    }
}
