// SPDX-License-Identifier: Apache-2.0

#define _GNU_SOURCE
#include "bio_system.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <linux/openat2.h>
#include <malloc.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <signal.h>
#include <sys/auxv.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static int argument_count;
static char **arguments;

// glibc calls constructors with what main gets.
__attribute__((constructor)) static void keep_arguments(int count, char **words) {
    argument_count = count;
    arguments = words;
}

char *const *bio_arguments(int *count) {
    *count = argument_count;
    return arguments;
}

int bio_openat(int directory, const char *path, int flags, unsigned mode) {
    int fd;
    do fd = openat(directory, path, flags | O_CLOEXEC, (mode_t)mode);
    while (fd < 0 && errno == EINTR);
    return fd;
}

int bio_open(const char *path, int flags, unsigned mode) { return bio_openat(AT_FDCWD, path, flags, mode); }

const int bio_o_path = O_PATH;

int bio_open_beneath(int directory, const char *path, int flags, unsigned mode) {
    struct open_how how;
    memset(&how, 0, sizeof how);
    how.flags = (uint64_t)(unsigned)(flags | O_CLOEXEC);
    // O_TMPFILE includes the bit of O_DIRECTORY, and a mode without a file to make is refused.
    how.mode = (flags & O_CREAT) || (flags & O_TMPFILE) == O_TMPFILE ? mode : 0;
    how.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS;
    long fd;
    do fd = syscall(SYS_openat2, directory, path, &how, sizeof how);
    while (fd < 0 && (errno == EINTR || errno == EAGAIN));
    return (int)fd;
}

int bio_rename_noreplace(int from_directory, const char *from, int to_directory, const char *to) {
    return renameat2(from_directory, from, to_directory, to, RENAME_NOREPLACE);
}

int bio_rename_exchange(int from_directory, const char *from, int to_directory, const char *to) {
    return renameat2(from_directory, from, to_directory, to, RENAME_EXCHANGE);
}

int bio_mkstemp(char *pattern) { return mkostemp(pattern, O_CLOEXEC); }
const char *bio_error_text(int number) { return strerrordesc_np(number); }

int bio_pipe(int ends[2]) { return pipe2(ends, O_CLOEXEC); }

int bio_memfd(const char *name) { return memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING); }

enum { all_seals = F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE };

int bio_memfd_seal(int fd) { return fcntl(fd, F_ADD_SEALS, all_seals); }

int bio_memfd_is_sealed(int fd) {
    int seals = fcntl(fd, F_GET_SEALS);
    return seals >= 0 && (seals & all_seals) == all_seals;
}

enum { max_fds = 4 };

ssize_t bio_send(int socket, const void *bytes, size_t count, const int *fds, size_t fd_count) {
    struct iovec part = {(void *)(uintptr_t)bytes, count};
    union {
        struct cmsghdr align;
        char bytes[CMSG_SPACE(max_fds * sizeof(int))];
    } control;
    struct msghdr message;
    memset(&message, 0, sizeof message);
    memset(&control, 0, sizeof control);
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    if (fd_count > max_fds) {
        errno = EINVAL;
        return -1;
    }
    if (fd_count > 0) {
        message.msg_control = control.bytes;
        message.msg_controllen = CMSG_SPACE(fd_count * sizeof(int));
        struct cmsghdr *header = CMSG_FIRSTHDR(&message);
        header->cmsg_level = SOL_SOCKET;
        header->cmsg_type = SCM_RIGHTS;
        header->cmsg_len = CMSG_LEN(fd_count * sizeof(int));
        memcpy(CMSG_DATA(header), fds, fd_count * sizeof(int));
    }
    ssize_t sent;
    do sent = sendmsg(socket, &message, MSG_NOSIGNAL);
    while (sent < 0 && errno == EINTR);
    return sent;
}

ssize_t bio_receive(int socket, void *bytes, size_t count, int *fds, size_t *fd_count) {
    struct iovec part = {bytes, count};
    union {
        struct cmsghdr align;
        char bytes[CMSG_SPACE(max_fds * sizeof(int))];
    } control;
    struct msghdr message;
    memset(&message, 0, sizeof message);
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    message.msg_control = control.bytes;
    message.msg_controllen = sizeof control.bytes;
    *fd_count = 0;
    ssize_t received;
    do received = recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
    while (received < 0 && errno == EINTR);
    if (received < 0) return received;
    for (struct cmsghdr *header = CMSG_FIRSTHDR(&message); header; header = CMSG_NXTHDR(&message, header)) {
        if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS) continue;
        size_t arrived = (header->cmsg_len - CMSG_LEN(0)) / sizeof(int);
        for (size_t i = 0; i < arrived; i++) {
            int fd;
            memcpy(&fd, CMSG_DATA(header) + i * sizeof(int), sizeof(int));
            if (*fd_count < max_fds)
                fds[(*fd_count)++] = fd;
            else
                close(fd);
        }
    }
    if (message.msg_flags & MSG_CTRUNC) {
        while (*fd_count > 0) close(fds[--*fd_count]);
        errno = EMSGSIZE;
        return -1;
    }
    return received;
}

int bio_syncfs(int fd) { return syncfs(fd); }

int bio_clone(int source, int target) { return ioctl(target, FICLONE, source); }

ssize_t bio_copy_range(int source, int target, size_t count) {
    ssize_t copied;
    do copied = copy_file_range(source, NULL, target, NULL, count, 0);
    while (copied < 0 && errno == EINTR);
    return copied;
}

int bio_pidfd_open(pid_t pid) { return (int)syscall(SYS_pidfd_open, pid, 0); }

int bio_pidfd_signal(int fd, int number) { return (int)syscall(SYS_pidfd_send_signal, fd, number, NULL, 0); }

int bio_terminal_columns(int fd) {
    struct winsize size;
    if (ioctl(fd, TIOCGWINSZ, &size) != 0) return 0;
    return size.ws_col > 0 ? size.ws_col : 80;
}

void bio_close_from(int first) { close_range((unsigned)first, ~0u, 0); }

int bio_set_nonblocking(int fd, int on) {
    int flags = fcntl(fd, F_GETFL);
    if (flags < 0) return -1;
    return fcntl(fd, F_SETFL, on ? flags | O_NONBLOCK : flags & ~O_NONBLOCK);
}

int bio_set_cloexec(int fd, int on) { return fcntl(fd, F_SETFD, on ? FD_CLOEXEC : 0); }

int bio_duplicate(int fd) { return fcntl(fd, F_DUPFD_CLOEXEC, 0); }

int bio_open_unnamed(const char *directory) {
    if (access("/proc/self/fd", X_OK) != 0) return -1;
    return bio_open(directory, O_TMPFILE | O_RDWR, 0600);
}

int bio_name(int fd, const char *path) {
    char own[64];
    snprintf(own, sizeof own, "/proc/self/fd/%d", fd);
    return linkat(AT_FDCWD, own, AT_FDCWD, path, AT_SYMLINK_FOLLOW);
}

int bio_flock(int fd, int exclusive, int wait) {
    int result;
    do result = flock(fd, (exclusive ? LOCK_EX : LOCK_SH) | (wait ? 0 : LOCK_NB));
    while (result != 0 && errno == EINTR);
    return result;
}

int bio_lock_byte(int fd, int64_t offset, int kind) {
    static const short kinds[] = {F_UNLCK, F_RDLCK, F_WRLCK};
    struct flock lock;
    memset(&lock, 0, sizeof lock);
    lock.l_type = kinds[kind];
    lock.l_whence = SEEK_SET;
    lock.l_start = (off_t)offset;
    lock.l_len = 1;
    int result;
    do result = fcntl(fd, F_OFD_SETLK, &lock);
    while (result != 0 && errno == EINTR);
    return result;
}

void bio_die_with_parent(int socket) {
    struct ucred maker;
    socklen_t size = sizeof maker;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &maker, &size) == 0 && maker.pid != getppid()) _exit(0);
}

void bio_set_thread_name(const char *name) { prctl(PR_SET_NAME, name); }

int bio_wait_exit_code(int status) { return WIFEXITED(status) ? WEXITSTATUS(status) : -1; }
int bio_wait_signal(int status) { return WIFSIGNALED(status) ? WTERMSIG(status) : 0; }
const char *bio_signal_name(int signal_number) { return sigabbrev_np(signal_number); }

static pthread_mutex_t late_lock = PTHREAD_MUTEX_INITIALIZER;

const char *bio_late_bind(bio_late_library *library) {
    static __thread char text[256];
    const char *problem = NULL;
    pthread_mutex_lock(&late_lock);
    if (library->state != 1) {
        library->state = 2;
        void *handle = dlopen(library->soname, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
        if (!handle) {
            snprintf(text, sizeof text, "%s", dlerror());
            problem = text;
        } else {
            size_t i = 0;
            for (; i < library->count; i++) {
                library->slots[i] = dlsym(handle, library->names[i]);
                if (!library->slots[i]) break;
            }
            if (i < library->count) {
                snprintf(text, sizeof text, "%s lacks %s", library->soname, library->names[i]);
                problem = text;
            } else {
                library->state = 1;
            }
        }
    }
    pthread_mutex_unlock(&late_lock);
    return problem;
}

void bio_bound_heap(void) { mallopt(M_MMAP_THRESHOLD, 64 << 10); }

int bio_is_privileged(void) { return getauxval(AT_SECURE) != 0; }
