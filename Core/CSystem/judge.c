// SPDX-License-Identifier: Apache-2.0

#define _GNU_SOURCE
#include "bio_sandbox.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <linux/seccomp.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <unistd.h>

int bio_notice_take(int listener, bio_notice *notice) {
    struct seccomp_notif taken;
    // The kernel refuses a structure that is not empty.
    memset(&taken, 0, sizeof taken);
    if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &taken) != 0) return -1;
    notice->id = taken.id;
    notice->thread = (pid_t)taken.pid;
    notice->number = taken.data.nr;
    for (int i = 0; i < 6; i++) notice->arguments[i] = taken.data.args[i];
    return 0;
}

int bio_notice_is_valid(int listener, uint64_t id) { return ioctl(listener, SECCOMP_IOCTL_NOTIF_ID_VALID, &id) == 0; }

int bio_notice_allow(int listener, uint64_t id) {
    struct seccomp_notif_resp response = {.id = id, .flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE};
    return ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &response);
}

int bio_notice_answer(int listener, uint64_t id, int error) {
    struct seccomp_notif_resp response = {.id = id, .error = -error};
    return ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &response);
}

/* ---- Attributes of files ---- */

// What a call wants, whatever its form.
typedef struct change {
    int directory;       // of the caller's
    uint64_t path;       // in the caller's memory; 0: the descriptor itself
    int flags;           // AT_SYMLINK_NOFOLLOW, AT_EMPTY_PATH
    enum { MODE, OWNER, TIMES } what;
    mode_t mode;
    uid_t uid;
    gid_t gid;
    int has_times;
    struct timespec times[2];
} change;

static int read_memory(pid_t thread, uint64_t from, void *to, size_t count) {
    struct iovec own = {to, count}, theirs = {(void *)(uintptr_t)from, count};
    ssize_t taken = process_vm_readv(thread, &own, 1, &theirs, 1, 0);
    return taken == (ssize_t)count ? 0 : EFAULT;
}

// A text up to its zero byte; it may end just before memory that cannot be read.
static int read_path(pid_t thread, uint64_t from, char *to, size_t room) {
    size_t taken = 0;
    while (taken < room) {
        // Up to the end of the smallest page that there is.
        size_t piece = 4096 - (size_t)((from + taken) % 4096);
        if (piece > room - taken) piece = room - taken;
        int error = read_memory(thread, from + taken, to + taken, piece);
        if (error != 0) return error;
        if (memchr(to + taken, 0, piece)) return 0;
        taken += piece;
    }
    return ENAMETOOLONG;
}

static int read_times(pid_t thread, uint64_t from, int are_micro, change *out) {
    out->has_times = from != 0;
    if (from == 0) return 0;
    int error = read_memory(thread, from, out->times, sizeof out->times);
    if (error == 0 && are_micro)
        for (int i = 0; i < 2; i++) {
            if (out->times[i].tv_nsec < 0 || out->times[i].tv_nsec > 999999) return EINVAL;
            out->times[i].tv_nsec *= 1000;
        }
    return error;
}

// What the call wants; an error number when it makes no sense.
static int understand(const bio_notice *n, change *out) {
    const uint64_t *a = n->arguments;
    memset(out, 0, sizeof *out);
    out->directory = AT_FDCWD;
    switch (n->number) {
    case SYS_fchmod: *out = (change){.directory = (int)a[0], .what = MODE, .mode = (mode_t)a[1] & 07777}; return 0;
    case SYS_fchmodat: *out = (change){(int)a[0], a[1], 0, MODE, .mode = (mode_t)a[2] & 07777}; return 0;
    case 452: *out = (change){(int)a[0], a[1], (int)a[3], MODE, .mode = (mode_t)a[2] & 07777}; return 0;
    case SYS_fchown: *out = (change){.directory = (int)a[0], .what = OWNER, .uid = (uid_t)a[1], .gid = (gid_t)a[2]}; return 0;
    case SYS_fchownat: *out = (change){(int)a[0], a[1], (int)a[4], OWNER, .uid = (uid_t)a[2], .gid = (gid_t)a[3]}; return 0;
    case SYS_utimensat:
        *out = (change){(int)a[0], a[1], (int)a[3], TIMES, .has_times = 0};
        return read_times(n->thread, a[2], 0, out);
#ifdef SYS_chmod
    case SYS_chmod: *out = (change){AT_FDCWD, a[0], 0, MODE, .mode = (mode_t)a[1] & 07777}; return 0;
    case SYS_chown: *out = (change){AT_FDCWD, a[0], 0, OWNER, .uid = (uid_t)a[1], .gid = (gid_t)a[2]}; return 0;
    case SYS_lchown:
        *out = (change){AT_FDCWD, a[0], AT_SYMLINK_NOFOLLOW, OWNER, .uid = (uid_t)a[1], .gid = (gid_t)a[2]};
        return 0;
    case SYS_utimes: out->path = a[0]; out->what = TIMES; return read_times(n->thread, a[1], 1, out);
    case SYS_futimesat:
        *out = (change){(int)a[0], a[1], 0, TIMES, .has_times = 0};
        return read_times(n->thread, a[2], 1, out);
    case SYS_utime: {
        long seconds[2];
        out->path = a[0];
        out->what = TIMES;
        out->has_times = a[1] != 0;
        if (a[1] == 0) return 0;
        int error = read_memory(n->thread, a[1], seconds, sizeof seconds);
        for (int i = 0; error == 0 && i < 2; i++) out->times[i].tv_sec = seconds[i];
        return error;
    }
#endif
    default: return ENOSYS;
    }
}

// The caller's descriptor, as one of this process: -1 with errno.
static int borrow(pid_t thread, int descriptor) {
    // A process, not a thread, has a pidfd: its group's number is in its status.
    char path[64], line[256];
    long process = 0;
    snprintf(path, sizeof path, "/proc/%d/status", (int)thread);
    FILE *status = fopen(path, "re");
    if (!status) return -1;
    while (fgets(line, sizeof line, status))
        if (sscanf(line, "Tgid: %ld", &process) == 1) break;
    fclose(status);
    int pidfd = (int)syscall(SYS_pidfd_open, (pid_t)process, 0);
    if (pidfd < 0) return -1;
    int borrowed = (int)syscall(438, pidfd, descriptor, 0);
    int error = errno;
    close(pidfd);
    errno = error;
    return borrowed;
}

int bio_process_is_reachable(pid_t process) {
    char byte, path[64];
    struct iovec own = {&byte, 1}, nowhere = {NULL, 1};
    // Who may look hears that nothing is there.
    if (process_vm_readv(process, &own, 1, &nowhere, 1, 0) < 0 && errno != EFAULT) return 0;
    snprintf(path, sizeof path, "/proc/%d/cwd", (int)process);
    int directory = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (directory < 0) return 0;
    close(directory);
    int borrowed = borrow(process, 0);
    if (borrowed < 0) return 0;
    close(borrowed);
    return 1;
}

int bio_children_are_reachable(void) {
    char scope = '0';
    int file = open("/proc/sys/kernel/yama/ptrace_scope", O_RDONLY | O_CLOEXEC);
    if (file < 0) return access("/proc/self/cwd", F_OK) == 0;
    ssize_t count = read(file, &scope, 1);
    close(file);
    // 1 leaves a process those that it started; 2 leaves them to a superuser, 3 to nobody.
    return count == 1 && (scope < '2' || (scope == '2' && bio_has_capability(19)));
}

// The number in a path that means a descriptor of whoever uses it; else -1. The C library changes modes by such paths
// where the kernel has no call for it.
static int own_descriptor(const char *path) {
    static const char *const places[] = {"/proc/self/fd/", "/proc/thread-self/fd/", "/dev/fd/"};
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        size_t length = strlen(places[i]);
        if (strncmp(path, places[i], length) != 0) continue;
        const char *number = path + length;
        size_t digits = strspn(number, "0123456789");
        if (digits > 0 && digits < 10 && number[digits] == 0) return atoi(number);
    }
    return -1;
}

// A descriptor of what the call is about, to name it by and nothing else: -1 with errno.
static int open_target(const bio_notice *notice, const change *wanted) {
    char path[PATH_MAX], own[64];
    int base;
    if (wanted->path == 0) return borrow(notice->thread, wanted->directory);
    int error = read_path(notice->thread, wanted->path, path, sizeof path);
    if (error != 0) {
        errno = error;
        return -1;
    }
    if (path[0] == 0) {
        if (wanted->flags & AT_EMPTY_PATH) return borrow(notice->thread, wanted->directory);
        errno = ENOENT;
        return -1;
    }
    // What these names say depends on who says them, and is its own descriptor.
    int descriptor = wanted->flags & AT_SYMLINK_NOFOLLOW ? -1 : own_descriptor(path);
    if (descriptor >= 0) return borrow(notice->thread, descriptor);
    if (path[0] == '/') base = AT_FDCWD;
    else if (wanted->directory == AT_FDCWD) {
        snprintf(own, sizeof own, "/proc/%d/cwd", (int)notice->thread);
        base = open(own, O_PATH | O_DIRECTORY | O_CLOEXEC);
    } else base = borrow(notice->thread, wanted->directory);
    if (base == -1) return -1;
    // O_PATH opens nothing: no pipe waits, no device wakes. Links of /proc would lead to what this process has.
    struct open_how how = {
        .flags = O_PATH | O_CLOEXEC | (wanted->flags & AT_SYMLINK_NOFOLLOW ? O_NOFOLLOW : 0), .resolve = RESOLVE_NO_MAGICLINKS};
    int target = (int)syscall(SYS_openat2, base, path, &how, sizeof how);
    error = errno;
    if (base >= 0) close(base);
    errno = error;
    return target;
}

static int is_beneath(int target, const char *const *writable) {
    char own[64], place[PATH_MAX];
    snprintf(own, sizeof own, "/proc/self/fd/%d", target);
    ssize_t count = readlink(own, place, sizeof place - 1);
    if (count <= 0) return 0;
    place[count] = 0;
    for (; *writable; writable++) {
        size_t length = strlen(*writable);
        if (strncmp(place, *writable, length) == 0 && (place[length] == '/' || place[length] == 0)) return 1;
    }
    return 0;
}

static int carry_out(int target, const change *wanted) {
    char own[64];
    struct stat status;
    // By this name what is open is changed, whatever bears its path by now.
    snprintf(own, sizeof own, "/proc/self/fd/%d", target);
    if (fstat(target, &status) != 0) return errno;
    switch (wanted->what) {
    case MODE:
        if (S_ISLNK(status.st_mode)) return EOPNOTSUPP;
        return chmod(own, wanted->mode) == 0 ? 0 : errno;
    case TIMES:
        if (S_ISLNK(status.st_mode)) return utimensat(target, "", wanted->has_times ? wanted->times : NULL, AT_EMPTY_PATH) == 0 ? 0 : errno;
        return utimensat(AT_FDCWD, own, wanted->has_times ? wanted->times : NULL, 0) == 0 ? 0 : errno;
    case OWNER:
        // Its files are the user's: to say so once more is no change.
        return (wanted->uid == (uid_t)-1 || wanted->uid == status.st_uid) && (wanted->gid == (gid_t)-1 || wanted->gid == status.st_gid)
                   ? 0
                   : EPERM;
    }
    return ENOSYS;
}

int bio_notice_change_attributes(int listener, const bio_notice *notice, const char *const *writable) {
    change wanted;
    int error = understand(notice, &wanted);
    if (error != 0) return error;
    int target = open_target(notice, &wanted);
    if (target < 0) return errno;
    // Memory and descriptors were the caller's only if it was still waiting after they were read.
    error = !bio_notice_is_valid(listener, notice->id) ? ESRCH : !is_beneath(target, writable) ? EPERM : carry_out(target, &wanted);
    close(target);
    return error;
}

/* ---- Signals ---- */

int bio_notice_signals_group(const bio_notice *notice, pid_t group) {
    pid_t target = (pid_t)notice->arguments[0];
    switch (notice->number) {
    case SYS_kill:
        if (target == 0 || target == -group) return 1;
        break;
    case SYS_tkill:
    case SYS_tgkill:
    case SYS_rt_sigqueueinfo:
    case SYS_rt_tgsigqueueinfo: break;
    default: return 0;
    }
    return target > 0 && getpgid(target) == group;
}

/* ---- Counting ---- */

int bio_group_threads(pid_t group, int limit) {
    char path[64], text[1024];
    int total = 0;
    DIR *processes = opendir("/proc");
    if (!processes) return -1;
    for (struct dirent *entry; total <= limit && (entry = readdir(processes));) {
        if (entry->d_name[0] < '1' || entry->d_name[0] > '9') continue;
        snprintf(path, sizeof path, "/proc/%.20s/stat", entry->d_name);
        int file = open(path, O_RDONLY | O_CLOEXEC);
        if (file < 0) continue;
        ssize_t count = read(file, text, sizeof text - 1);
        close(file);
        if (count <= 0) continue;
        text[count] = 0;
        // The name, in parentheses, may hold anything: fields are counted from the last of them on.
        char *rest = strrchr(text, ')');
        int its_group = 0, threads = 0;
        if (rest && sscanf(rest + 1, " %*c %*d %d %*d %*d %*d %*u %*u %*u %*u %*u %*u %*u %*d %*d %*d %*d %d", &its_group, &threads) == 2 &&
            its_group == (int)group)
            total += threads;
    }
    closedir(processes);
    return total;
}
