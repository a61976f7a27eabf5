// SPDX-License-Identifier: Apache-2.0

#define _GNU_SOURCE
#include "bio_system.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum step { STEP_NONE, STEP_STREAMS, STEP_DIRECTORY, STEP_USER, STEP_LIMITS, STEP_RECORD, STEP_EXECUTE };

struct report {
    int step;
    int error;
};

static const char *const step_names[] = {"start", "give its streams to", "go to the directory of", "change the user of", "limit", "record the start of",
                                         "execute"};

static void fail(int channel, enum step step) {
    struct report report = {step, errno};
    if (write(channel, &report, sizeof report) < 0) _exit(126);
    _exit(127);
}

// Written by the child itself: nobody can end its parent between its start and the note of it.
static int keep_record(const char *path) {
    char text[1024];
    int from = open("/proc/self/stat", O_RDONLY | O_CLOEXEC);
    ssize_t count = from < 0 ? -1 : read(from, text, sizeof text);
    int to = count <= 0 ? -1 : open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
    return to >= 0 && write(to, text, (size_t)count) == count ? 0 : -1;
}

// Between fork and exec: only what is safe in a signal handler.
static void run_child(const bio_spawn_plan *plan, int channel, pid_t parent) {
    struct sigaction action = {.sa_handler = SIG_DFL};
    for (int number = 1; number < NSIG; number++) sigaction(number, &action, NULL);
    setpgid(0, 0);
    umask(022);
    // Out of the way of 0 to 4, then those, then everything else is closed.
    int kept = fcntl(channel, F_DUPFD_CLOEXEC, 5);
    int input = fcntl(plan->input, F_DUPFD_CLOEXEC, 5);
    int output = fcntl(plan->output, F_DUPFD_CLOEXEC, 5);
    int errors = fcntl(plan->errors, F_DUPFD_CLOEXEC, 5);
    int third = plan->third > 0 ? fcntl(plan->third, F_DUPFD_CLOEXEC, 5) : 0;
    if (kept < 0 || input < 0 || output < 0 || errors < 0 || third < 0) fail(channel, STEP_STREAMS);
    if (dup2(input, 0) < 0 || dup2(output, 1) < 0 || dup2(errors, 2) < 0) fail(kept, STEP_STREAMS);
    if (dup3(kept, 4, O_CLOEXEC) < 0) fail(kept, STEP_STREAMS);
    kept = 4;
    if (third == 0) close(3);
    else if (dup2(third, 3) < 0) fail(kept, STEP_STREAMS);
    bio_close_from(5);
    if (plan->record && keep_record(plan->record) != 0) fail(kept, STEP_RECORD);
    if (chdir(plan->directory) != 0) fail(kept, STEP_DIRECTORY);
    if (plan->change_user) {
        if (setgroups(plan->group_count, plan->groups) != 0 || setresgid(plan->gid, plan->gid, plan->gid) != 0 ||
            setresuid(plan->uid, plan->uid, plan->uid) != 0)
            fail(kept, STEP_USER);
    }
    if (plan->file_limit > 0) {
        struct rlimit size = {(rlim_t)plan->file_limit, (rlim_t)plan->file_limit}, none = {0, 0};
        if (setrlimit(RLIMIT_FSIZE, &size) != 0 || setrlimit(RLIMIT_CORE, &none) != 0) fail(kept, STEP_LIMITS);
    }
    if (plan->die_with_parent) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        // It may have died before that.
        if (getppid() != parent) _exit(0);
    }
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    execve(plan->path, plan->arguments, plan->variables);
    fail(kept, STEP_EXECUTE);
}

pid_t bio_spawn(const bio_spawn_plan *plan, const char **failed_step) {
    int ends[2];
    sigset_t all, before;
    struct report report = {STEP_NONE, 0};
    *failed_step = step_names[STEP_NONE];
    if (bio_pipe(ends) != 0) return -1;
    // No handler of the parent's may run in the child.
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    pid_t parent = getpid(), pid = fork();
    int error = errno;
    if (pid == 0) run_child(plan, ends[1], parent);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    close(ends[1]);
    if (pid < 0) {
        close(ends[0]);
        errno = error;
        return -1;
    }
    ssize_t count;
    do {
        count = read(ends[0], &report, sizeof report);
    } while (count < 0 && errno == EINTR);
    close(ends[0]);
    if (count != sizeof report) return pid;
    while (waitpid(pid, NULL, 0) < 0 && errno == EINTR) {}
    *failed_step = step_names[report.step];
    errno = report.error;
    return -1;
}
