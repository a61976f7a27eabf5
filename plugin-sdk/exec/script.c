/* SPDX-License-Identifier: Apache-2.0
 * One run of the script: the request on its standard input, its standard error as log, its standard output kept. */
#define _GNU_SOURCE
#include "bridge.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { MOST_OUTPUT = 4 << 20, PATIENCE = 500 /* milliseconds between TERM and KILL */ };

/* ---- Its start ---- */

static int32_t failed(const bio_host *host, const char *program, int number) {
    char message[512];
    snprintf(message, sizeof message, "the plugin's program '%s' cannot be run: %s", program, strerror(number));
    return bio_refuse(host, BIO_E_UNSUPPORTED, BIO_SUBJECT_NONE, bio_text(""), message,
                      "it must be there, executable, and begin with #! and an interpreter that is installed");
}

/* The request as a file: whoever does not read it to its end loses nothing by it. */
static int request_file(bio_str request) {
    int file = memfd_create("request", MFD_CLOEXEC);
    for (uint64_t done = 0; file >= 0 && done < request.len;) {
        ssize_t count = write(file, request.ptr + done, request.len - done);
        if (count > 0) done += (uint64_t)count;
        if (count < 0 && errno != EINTR) {
            close(file);
            return -1;
        }
    }
    if (file >= 0) lseek(file, 0, SEEK_SET);
    return file;
}

/* A name with a slash is meant from the plugin's directory, any other is looked up in PATH. */
static int start(const exec_plugin *plugin, const bio_job *job, char **variables, int input, int output, int errors,
                 pid_t *child) {
    char program[4096];
    const char *name = plugin->command[0];
    int within = strchr(name, '/') && name[0] != '/';
    int length = snprintf(program, sizeof program, "%s%s%s", within ? plugin->directory.ptr : "", within ? "/" : "", name);
    if (length >= (int)sizeof program) return ENAMETOOLONG;
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, input, 0);
    posix_spawn_file_actions_adddup2(&actions, output, 1);
    posix_spawn_file_actions_adddup2(&actions, errors, 2);
    posix_spawn_file_actions_addchdir_np(&actions, job->scratch_dir.ptr);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &all);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    int number = posix_spawnp(child, program, &actions, &attributes, plugin->command, variables);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return number;
}

/* ---- What it says meanwhile ---- */

typedef struct talk {
    const bio_host *host;
    script_end *end;
    char line[4096]; /* of standard error, as far as it has come */
    size_t length;
    int is_too_long;
    bio_handle progress;
    uint64_t lines;
} talk;

static void end_line(talk *talk) {
    if (talk->length == 0) return;
    talk->line[talk->length] = 0;
    memcpy(talk->end->last, talk->line, talk->length + 1);
    const bio_log *log = BIO_SERVICE(talk->host, bio_log, BIO_EXT_LOG);
    bio_str text = {talk->line, talk->length};
    if (log) log->write(talk->host, BIO_LOG_NOTE, &text);
    /* Who works for long shows signs of it, or the host ends him. */
    const bio_progress *progress = BIO_SERVICE(talk->host, bio_progress, BIO_EXT_PROGRESS);
    if (progress) progress->step(talk->host, talk->progress, ++talk->lines);
    talk->length = 0;
}

static void take_errors(talk *talk, const char *bytes, size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (bytes[i] == '\n' || talk->length == sizeof talk->line - 1) end_line(talk);
        if (bytes[i] != '\n' && bytes[i] != 0) talk->line[talk->length++] = bytes[i];
    }
}

static void take_output(talk *talk, const char *bytes, size_t count) {
    bio_str *output = &talk->end->output;
    char *larger = talk->is_too_long ? NULL : realloc((void *)output->ptr, output->len + count + 1);
    if (!larger || output->len + count > MOST_OUTPUT) talk->is_too_long = 1;
    if (!larger) return;
    memcpy(larger + output->len, bytes, count);
    output->ptr = larger;
    output->len += count;
}

/* Reads what there is; 0 when the stream has ended. */
static int drain(talk *talk, int stream, int is_errors) {
    char bytes[16384];
    for (;;) {
        ssize_t count = read(stream, bytes, sizeof bytes);
        if (count > 0 && is_errors) take_errors(talk, bytes, (size_t)count);
        else if (count > 0) take_output(talk, bytes, (size_t)count);
        else if (count == 0) return 0;
        else if (errno != EINTR) return errno == EAGAIN;
    }
}

static int64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

/* Talks with the child until it has ended. When the user asks to stop, or it says too much, it is ended; what it has
 * started itself the host ends with the runner's process group. */
static int watch(talk *talk, pid_t child, int output, int errors) {
    const bio_cancel *cancel = BIO_SERVICE(talk->host, bio_cancel, BIO_EXT_CANCEL);
    const bio_progress *progress = BIO_SERVICE(talk->host, bio_progress, BIO_EXT_PROGRESS);
    bio_str title = bio_text("running the plugin's program");
    if (progress) talk->progress = progress->begin(talk->host, &title, 0);
    struct pollfd streams[3] = {{output, POLLIN, 0}, {errors, POLLIN, 0}, {-1, POLLIN, 0}};
    if (cancel) streams[2].fd = cancel->descriptor(talk->host);
    int status = 0, stopped = 0;
    int64_t deadline = 0;
    while (waitpid(child, &status, WNOHANG) == 0) {
        int open = streams[0].fd >= 0 || streams[1].fd >= 0;
        poll(streams, 3, open ? 50 : 5);
        for (int i = 0; i < 2; i++)
            if (streams[i].fd >= 0 && streams[i].revents && !drain(talk, streams[i].fd, i)) streams[i].fd = -1;
        if (streams[2].revents) stopped = 1;
        if ((stopped || talk->is_too_long) && deadline == 0) {
            streams[2].fd = -1;
            deadline = now() + PATIENCE;
            kill(child, SIGTERM);
        } else if (deadline != 0 && now() > deadline) kill(child, SIGKILL);
    }
    drain(talk, output, 0);
    drain(talk, errors, 1);
    end_line(talk);
    if (progress) progress->end(talk->host, talk->progress);
    talk->end->code = WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
    return stopped;
}

int32_t script_run(const bio_host *host, const exec_plugin *plugin, const exec_format *format, const bio_job *job,
                   const char *phase, bio_str request, script_end *end) {
    int output[2] = {-1, -1}, errors[2] = {-1, -1}, input = request_file(request), number = 0, stopped = 0;
    talk *talk = calloc(1, sizeof *talk);
    environment *variables = malloc(sizeof *variables);
    pid_t child = 0;
    memset(end, 0, sizeof *end);
    if (!talk || !variables || input < 0 || pipe2(output, O_CLOEXEC) != 0 || pipe2(errors, O_CLOEXEC) != 0) {
        number = errno ? errno : ENOMEM;
    } else {
        environment_fill(variables, plugin, format, job, phase);
        number = start(plugin, job, variables->entries, input, output[1], errors[1], &child);
        environment_free(variables);
    }
    int writing[] = {input, output[1], errors[1]}, reading[] = {output[0], errors[0]};
    for (int i = 0; i < 3; i++)
        if (writing[i] >= 0) close(writing[i]);
    if (number == 0) {
        talk->host = host;
        talk->end = end;
        for (int i = 0; i < 2; i++) fcntl(reading[i], F_SETFL, O_NONBLOCK);
        stopped = watch(talk, child, output[0], errors[0]);
    }
    for (int i = 0; i < 2; i++)
        if (reading[i] >= 0) close(reading[i]);
    int too_long = number == 0 && talk->is_too_long;
    free(talk);
    free(variables);
    if (number != 0) return failed(host, plugin->command[0], number);
    if (stopped) return BIO_E_CANCELLED;
    if (too_long)
        return bio_refuse(host, BIO_E_LIMIT, BIO_SUBJECT_NONE, bio_text(""),
                          "the plugin's program wrote more than 4 MiB to its standard output",
                          "artifacts are files in out_dir; standard output is for the answer alone");
    return BIO_OK;
}
