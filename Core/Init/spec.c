/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The description of a service: a line `bio-init 1`, then one `KEY VALUE` a line. A key that is not known is refused: it
 * was written for another bio-init, and what it asks for would not happen.
 */
#define _GNU_SOURCE
#include "spec.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

static char text[spec_most_bytes + 1];

void say(const char *const *texts) {
    struct iovec parts[16];
    int count = 0;
    parts[count++] = (struct iovec){(void *)"bio-init: ", 10};
    for (; *texts && count < 15; texts++) parts[count++] = (struct iovec){(void *)*texts, strlen(*texts)};
    parts[count++] = (struct iovec){(void *)"\n", 1};
    if (writev(STDERR_FILENO, parts, count) < 0) return; /* nobody is left to be told */
}

const char *number(char buffer[static 12], int value) {
    char *end = buffer + 11;
    unsigned int rest = value < 0 ? 0u - (unsigned int)value : (unsigned int)value;
    *end = 0;
    do *--end = (char)('0' + rest % 10);
    while (rest /= 10);
    if (value < 0) *--end = '-';
    return end;
}

/* A number from 0 to `most`, and nothing else; -1 when it is none. */
static long long decimal(const char *word, long long most) {
    long long value = 0;
    if (!*word) return -1;
    for (; *word; word++) {
        if (*word < '0' || *word > '9') return -1;
        value = value * 10 + (*word - '0');
        if (value > most) return -1;
    }
    return value;
}

static int set_number(int *place, const char *value, int least, int most) {
    long long read = decimal(value, most);
    if (read < least) return -1;
    *place = (int)read;
    return 0;
}

/* `USER GROUP` */
static int set_user(struct spec *spec, char *value) {
    char *gap = strchr(value, ' ');
    if (!gap || gap == value || !gap[1] || strchr(gap + 1, ' ') || spec->user) return -1;
    *gap = 0;
    spec->user = value;
    spec->group = gap + 1;
    return 0;
}

static int set_path(const char **place, const char *value) {
    if (*value != '/' || *place) return -1;
    *place = value;
    return 0;
}

static int set(struct spec *spec, const char *key, char *value) {
    if (!strcmp(key, "service")) {
        if (spec->service || !*value) return -1;
        spec->service = value;
        return 0;
    }
    if (!strcmp(key, "user")) return set_user(spec, value);
    if (!strcmp(key, "signal")) return set_number(&spec->stop_signal, value, 1, SIGRTMAX);
    if (!strcmp(key, "timeout")) return set_number(&spec->timeout, value, 0, spec_longest_timeout);
    if (!strcmp(key, "directory")) return set_path(&spec->directory, value);
    if (!strcmp(key, "give")) {
        if (*value != '/' || spec->given_count == spec_most_directories) return -1;
        spec->given[spec->given_count++] = value;
        return 0;
    }
    if (!strcmp(key, "give-tree")) return set_path(&spec->given_tree, value);
    if (!strcmp(key, "env")) {
        char *equals = strchr(value, '=');
        if (!equals || equals == value) return -1;
        if (spec->variable_count == spec_most_variables) {
            SAY("there are more variables than a service can have");
            return -1;
        }
        spec->variables[spec->variable_count++] = value;
        return 0;
    }
    if (!strcmp(key, "init")) return set_path(&spec->init, value);
    if (!strcmp(key, "run")) return set_path(&spec->run, value);
    if (!strcmp(key, "post-run")) return set_path(&spec->post_run, value);
    if (!strcmp(key, "post-stop")) return set_path(&spec->post_stop, value);
    if (!strcmp(key, "health-check")) return set_path(&spec->health_check, value);
    return -1;
}

/* The whole file in `text`; its length, or -1 with a message. */
static ssize_t load(const char *path) {
    size_t length = 0;
    struct stat status;
    /* A fifo would be opened for ever. */
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (file >= 0 && (fstat(file, &status) < 0 || !S_ISREG(status.st_mode))) {
        close(file);
        return SAY("'", path, "' is no regular file"), -1;
    }
    if (file < 0) return SAY("cannot open '", path, "': ", strerrordesc_np(errno)), -1;
    while (length < sizeof text) {
        ssize_t count = read(file, text + length, sizeof text - length);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) {
            SAY("cannot read '", path, "': ", strerrordesc_np(errno));
            close(file);
            return -1;
        }
        if (count == 0) break;
        length += (size_t)count;
    }
    close(file);
    if (length > spec_most_bytes) return SAY("'", path, "' is longer than a description of a service"), -1;
    if (memchr(text, 0, length)) return SAY("'", path, "' is no text"), -1;
    text[length] = 0;
    return (ssize_t)length;
}

int spec_read(const char *path, struct spec *spec) {
    char digits[12];
    int line_number = 0;
    memset(spec, 0, sizeof *spec);
    spec->stop_signal = SIGTERM;
    spec->timeout = 8;
    if (load(path) < 0) return -1;
    for (char *line = text, *next; line && *line; line = next) {
        next = strchr(line, '\n');
        if (next) *next++ = 0;
        line_number++;
        char *gap = strchr(line, ' ');
        if (gap) *gap = 0;
        int wrong = !gap || (line_number == 1 ? strcmp(line, "bio-init") || strcmp(gap + 1, "1")
                                              : set(spec, line, gap + 1));
        if (wrong) {
            SAY("'", path, "' line ", number(digits, line_number), ": '", line, "' is not understood; ",
                "export the service again");
            return -1;
        }
    }
    if (!spec->run || !spec->service) return SAY("'", path, "' names no service to run; export it again"), -1;
    return 0;
}
