// SPDX-License-Identifier: Apache-2.0

#define _GNU_SOURCE
#include "bio_supervise.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

int bio_signals_open(const int *numbers, size_t count) {
    sigset_t set;
    sigemptyset(&set);
    for (size_t i = 0; i < count; i++) sigaddset(&set, numbers[i]);
    if (sigprocmask(SIG_BLOCK, &set, NULL) != 0) return -1;
    return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

int bio_signals_next(int fd) {
    struct signalfd_siginfo info;
    return read(fd, &info, sizeof info) == sizeof info ? (int)info.ssi_signo : 0;
}

pid_t bio_reap(int *status) {
    pid_t pid;
    do pid = waitpid(-1, status, WNOHANG);
    while (pid < 0 && errno == EINTR);
    return pid > 0 ? pid : 0;
}

int bio_become_subreaper(void) { return prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0); }

int bio_watch_open(void) { return inotify_init1(IN_CLOEXEC | IN_NONBLOCK); }

int bio_watch_directory(int fd, const char *path) {
    return inotify_add_watch(fd, path,
                             IN_ONLYDIR | IN_CREATE | IN_CLOSE_WRITE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO |
                                 IN_DELETE_SELF | IN_MOVE_SELF);
}

void bio_watch_forget(int fd, int watch) { inotify_rm_watch(fd, watch); }

int bio_watch_drain(int fd) {
    char events[4096] __attribute__((aligned(8)));
    int found = 0;
    while (read(fd, events, sizeof events) > 0) found = 1;
    return found;
}

// By way of the open directory: an address has room for 107 bytes only.
static int local_address(struct sockaddr_un *address, int directory, const char *name) {
    memset(address, 0, sizeof *address);
    address->sun_family = AF_UNIX;
    int count = snprintf(address->sun_path, sizeof address->sun_path, "/proc/self/fd/%d/%s", directory, name);
    if (count > 0 && (size_t)count < sizeof address->sun_path) return 0;
    errno = ENAMETOOLONG;
    return -1;
}

static int closing(int fd) {
    int error = errno;
    close(fd);
    errno = error;
    return -1;
}

int bio_local_listen(int directory, const char *name) {
    struct sockaddr_un address;
    if (local_address(&address, directory, name) != 0) return -1;
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0) return -1;
    if (unlinkat(directory, name, 0) != 0 && errno != ENOENT) return closing(fd);
    // Nobody else may connect in the moment before chmod(2) could come.
    mode_t mask = umask(0177);
    int result = bind(fd, (struct sockaddr *)&address, sizeof address);
    umask(mask);
    if (result != 0 || listen(fd, 32) != 0) return closing(fd);
    return fd;
}

int bio_local_connect(int directory, const char *name, int seconds) {
    struct sockaddr_un address;
    struct timeval limit = {seconds, 0};
    if (local_address(&address, directory, name) != 0) return -1;
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0) return -1;
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    if (connect(fd, (struct sockaddr *)&address, sizeof address) != 0) return closing(fd);
    return fd;
}

int bio_accept(int fd, uid_t *user) {
    struct ucred peer = {0, (uid_t)-1, (gid_t)-1};
    socklen_t size = sizeof peer;
    int connection = accept4(fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (connection < 0) return -1;
    if (getsockopt(connection, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) peer.uid = (uid_t)-1;
    *user = peer.uid;
    return connection;
}

int bio_tcp_listen(const char *text, uint16_t port) {
    struct sockaddr_in v4 = {.sin_family = AF_INET, .sin_port = htons(port)};
    struct sockaddr_in6 v6 = {.sin6_family = AF_INET6, .sin6_port = htons(port)};
    int is_v4 = inet_pton(AF_INET, text, &v4.sin_addr) == 1, yes = 1;
    if (!is_v4 && inet_pton(AF_INET6, text, &v6.sin6_addr) != 1) {
        errno = EINVAL;
        return -1;
    }
    int fd = socket(is_v4 ? AF_INET : AF_INET6, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0) return -1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    const struct sockaddr *address = is_v4 ? (const struct sockaddr *)&v4 : (const struct sockaddr *)&v6;
    if (bind(fd, address, is_v4 ? sizeof v4 : sizeof v6) != 0 || listen(fd, 64) != 0) return closing(fd);
    return fd;
}

uint16_t bio_tcp_port(int fd) {
    struct sockaddr_storage address;
    socklen_t size = sizeof address;
    if (getsockname(fd, (struct sockaddr *)&address, &size) != 0) return 0;
    // The port stands at the same place in both.
    return ntohs(((struct sockaddr_in *)&address)->sin_port);
}

int bio_make_fifo(const char *path) { return mkfifo(path, 0600); }

void bio_widen_pipe(int fd, int bytes) { fcntl(fd, F_SETPIPE_SZ, bytes); }

ssize_t bio_read_some(int fd, void *bytes, size_t count) {
    ssize_t result;
    do result = read(fd, bytes, count);
    while (result < 0 && errno == EINTR);
    return result;
}

ssize_t bio_write_some(int fd, const void *bytes, size_t count) {
    ssize_t result;
    do result = send(fd, bytes, count, MSG_NOSIGNAL | MSG_DONTWAIT);
    while (result < 0 && errno == EINTR);
    if (result >= 0 || errno != ENOTSOCK) return result;
    do result = write(fd, bytes, count);
    while (result < 0 && errno == EINTR);
    return result;
}

// Only what was never writable: other pages hold addresses that the loader has filled in.
static int release_segments(struct dl_phdr_info *info, size_t size, void *nothing) {
    (void)size, (void)nothing;
    uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
    for (int i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *segment = &info->dlpi_phdr[i];
        if (segment->p_type != PT_LOAD || (segment->p_flags & PF_W)) continue;
        uintptr_t start = (info->dlpi_addr + segment->p_vaddr) / page * page;
        uintptr_t end = info->dlpi_addr + segment->p_vaddr + segment->p_memsz;
        madvise((void *)start, end - start, MADV_DONTNEED);
    }
    return 1; // the first is the program itself
}

void bio_release_code(void) { dl_iterate_phdr(release_segments, NULL); }
