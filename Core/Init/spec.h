/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BIO_INIT_SPEC_H
#define BIO_INIT_SPEC_H

#include <stddef.h>
#include <sys/types.h>

enum {
    spec_most_bytes = 1 << 20,
    spec_most_groups = 64,
    spec_most_directories = 32,
    spec_most_variables = 1024,
    /* Seconds: a day. */
    spec_longest_timeout = 86400,
};

/* What is run, and how. Strings point into the text that was read. */
struct spec {
    const char *service;
    /* Who runs it, by name; NULL: whoever starts it. */
    const char *user, *group;
    /* Whether that is somebody else, and his numbers (account.h). */
    int has_user;
    uid_t uid;
    gid_t gid;
    gid_t groups[spec_most_groups];
    size_t group_count;
    /* What ends the run hook, and how many seconds it then has. */
    int stop_signal;
    int timeout;
    /* Where hooks start. */
    const char *directory;
    /* Directories that are to be the user's. */
    const char *given[spec_most_directories];
    size_t given_count;
    /* One of them that is given with all that is in it. */
    const char *given_tree;
    /* NAME=VALUE */
    char *variables[spec_most_variables];
    size_t variable_count;
    /* Absolute paths of hooks; NULL where the service has none. It has a run hook. */
    const char *init, *run, *post_run, *post_stop, *health_check;
};

/* Reads the file; on a mistake says what it is, where, and returns -1. */
int spec_read(const char *path, struct spec *spec);

/* Writes "bio-init: " and the texts to standard error, as one line. */
void say(const char *const *texts);
#define SAY(...) say((const char *const[]){__VA_ARGS__, NULL})

/* The decimal form of `value`, in `buffer`. */
const char *number(char buffer[static 12], int value);

#endif
