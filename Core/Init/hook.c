/* SPDX-License-Identifier: Apache-2.0 */

/* Programs of the service, each in a process group of its own, so that what a shell leaves behind can be found. */
#define _GNU_SOURCE
#include "hook.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

enum { deepest = 16 };

static void give_entry(const struct spec *spec, int directory, const char *name, const struct stat *status) {
    if (status->st_uid == spec->uid && status->st_gid == spec->gid) return;
    if (fchownat(directory, name, spec->uid, spec->gid, AT_SYMLINK_NOFOLLOW) < 0 && errno != EROFS && errno != EPERM) {
        SAY("cannot give '", name, "' to the service's user: ", strerrordesc_np(errno));
    }
}

/* Directories and files of a tree; nothing is followed, so that nothing else is given away. */
static void give_tree(const struct spec *spec, int above, const char *name, int depth) {
    struct stat status;
    int opened = openat(above, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (opened < 0) return;
    DIR *directory = fdopendir(opened);
    if (!directory) {
        close(opened);
        return;
    }
    for (struct dirent *entry; (entry = readdir(directory));) {
        if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, "..")) continue;
        if (fstatat(opened, entry->d_name, &status, AT_SYMLINK_NOFOLLOW) < 0) continue;
        if (S_ISDIR(status.st_mode) && depth < deepest) give_tree(spec, opened, entry->d_name, depth + 1);
        /* A further name of a file elsewhere is no file of the service. */
        if (S_ISREG(status.st_mode) && status.st_nlink == 1) give_entry(spec, opened, entry->d_name, &status);
    }
    if (fstat(opened, &status) == 0) give_entry(spec, above, name, &status);
    closedir(directory);
}

void give_directories(const struct spec *spec) {
    if (!spec->has_user || geteuid() != 0) return;
    if (spec->given_tree) give_tree(spec, AT_FDCWD, spec->given_tree, 0);
    for (size_t index = 0; index < spec->given_count; index++) {
        struct stat status;
        const char *path = spec->given[index];
        /* A link is the operator's, and so is what it leads to. */
        if (lstat(path, &status) < 0 || !S_ISDIR(status.st_mode)) continue;
        give_entry(spec, AT_FDCWD, path, &status);
    }
}

static void fail(const char *program, const char *what) {
    int error = errno;
    SAY("cannot run '", program, "': ", what, strerrordesc_np(error));
    _exit(error == ENOENT ? exit_not_found : exit_not_runnable);
}

/* Never comes back with more rights than the service is to have. */
static void become(const struct spec *spec, const char *program) {
    if (!spec->has_user || geteuid() != 0) return;
    if (setgroups(spec->group_count, spec->groups) < 0) fail(program, "groups: ");
    if (setresgid(spec->gid, spec->gid, spec->gid) < 0) fail(program, "group: ");
    if (setresuid(spec->uid, spec->uid, spec->uid) < 0) fail(program, "user: ");
}

static void set_variables(const struct spec *spec, const char *program) {
    for (size_t index = 0; index < spec->variable_count; index++) {
        if (putenv(spec->variables[index]) != 0) fail(program, "variables: ");
    }
}

/* Reading from a terminal stops who is not in its foreground: hooks find its end there. */
static void leave_terminal(const char *program) {
    int ends[2];
    if (!isatty(STDIN_FILENO)) return;
    /* Not /dev/null: a fresh root may have none. */
    if (pipe(ends) < 0 || close(ends[1]) < 0 || dup2(ends[0], STDIN_FILENO) < 0) fail(program, "standard input: ");
    close(ends[0]);
}

pid_t hook_start(const struct spec *spec, const char *program, enum hook_bond bond) {
    pid_t parent = getpid(), child = fork();
    if (child < 0) {
        SAY("cannot start a process for '", program, "': ", strerrordesc_np(errno));
        return -1;
    }
    if (child > 0) {
        /* Both sides do it: whichever is first, a signal that comes next finds the group. */
        setpgid(child, child);
        return child;
    }
    setpgid(0, 0);
    leave_terminal(program);
    for (int signal_number = 1; signal_number < NSIG; signal_number++) signal(signal_number, SIG_DFL);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    become(spec, program);
    if (bond == hook_dies_with_us) {
        /* Another user's process forgets it, so it comes after. */
        prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
        if (getppid() != parent) _exit(exit_not_runnable);
    }
    if (spec->directory && chdir(spec->directory) < 0) fail(program, "its directory: ");
    set_variables(spec, program);
    char *arguments[] = {(char *)program, NULL};
    execve(program, arguments, environ);
    /* Of a script it may be the interpreter that is not there. */
    fail(program, errno == ENOENT && access(program, F_OK) == 0 ? "the interpreter in its first line: " : "");
    return -1;
}
