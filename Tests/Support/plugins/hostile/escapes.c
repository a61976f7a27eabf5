/* SPDX-License-Identifier: Apache-2.0
 * Attempts to leave the sandbox. Each says how it went, as in `tcp EPERM`, and then does its work as if nothing were.
 * Without a sandbox they succeed: so signals are of the number 0, processes are few and end by themselves, and nothing
 * of the machine's is touched that would have to be mended. */
#define _GNU_SOURCE
#include "hostile.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/keyctl.h>
#include <netinet/in.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

/* How it went: -1 with errno, or not -1. */
typedef long (*attempt)(const task *);

static int32_t tell(const task *t, const char *name, long result) {
    char line[128];
    snprintf(line, sizeof line, "%s %s", name, result == -1 ? strerrorname_np(errno) : "went well");
    say(t, line);
    return good_run(t);
}

/* A file of the tests, outside of all that the plugin may touch. */
static const char *outside(const task *t) { return at(t->job->out_dir, "../../../secret"); }
static const char *inside(const task *t) {
    const char *path = at(t->job->scratch_dir, "own");
    put(path, CONTENT);
    return path;
}

/* ---- Network ---- */

static long tcp(const task *t) {
    (void)t;
    return socket(AF_INET, SOCK_STREAM, 0);
}
static long udp(const task *t) {
    (void)t;
    return socket(AF_INET6, SOCK_DGRAM, 0);
}
static long unix_socket(const task *t) {
    (void)t;
    return socket(AF_UNIX, SOCK_STREAM, 0);
}
static long netlink(const task *t) {
    (void)t;
    return socket(AF_NETLINK, SOCK_RAW, 0);
}
static long datagram_pair(const task *t) {
    (void)t;
    int ends[2];
    return socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, ends);
}
static long stream_pair(const task *t) {
    (void)t;
    int ends[2];
    return socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends);
}
static long connect_own(const task *t) {
    (void)t;
    struct sockaddr_un place = {AF_UNIX, "/run/x"};
    return connect(3, (struct sockaddr *)&place, sizeof place);
}
static long ring(const task *t) {
    (void)t;
    char parameters[120] = {0};
    return syscall(425, 8, parameters);
}

/* ---- Files elsewhere ---- */

static long write_outside(const task *t) { return open(outside(t), O_WRONLY); }
static long make_outside(const task *t) { return open(at(t->job->out_dir, "../../../new"), O_WRONLY | O_CREAT, 0600); }
static long make_beside(const task *t) { return open(at(t->job->out_dir, "../made/new"), O_WRONLY | O_CREAT, 0600); }
static long make_in_tmp(const task *t) {
    (void)t;
    return open("/tmp/bio-was-here", O_WRONLY | O_CREAT, 0600);
}
static long read_outside(const task *t) { return open(outside(t), O_RDONLY); }
static long list_outside(const task *t) { return open(at(t->job->out_dir, "../../.."), O_RDONLY | O_DIRECTORY); }
static long read_shadow(const task *t) {
    (void)t;
    return open("/etc/shadow", O_RDONLY);
}
static long truncate_outside(const task *t) { return truncate(outside(t), 0); }
/* The manifest beside its library: it may read that. */
static long empty_readable(const task *t) {
    (void)t;
    Dl_info own;
    char path[4096];
    if (dladdr((void *)(uintptr_t)&empty_readable, &own) == 0) return -1;
    snprintf(path, sizeof path, "%s", own.dli_fname);
    char *name = strrchr(path, '/');
    if (!name) return -1;
    snprintf(name, sizeof path - (size_t)(name - path), "/plugin.toml");
    int file = open(path, O_RDONLY);
    if (file < 0) return -1;
    close(file);
    return open(path, O_RDONLY | O_TRUNC);
}
static long remove_outside(const task *t) { return unlink(outside(t)); }
static long link_inside(const task *t) { return link(outside(t), at(t->job->scratch_dir, "linked")); }
static long rename_inside(const task *t) { return rename(outside(t), at(t->job->scratch_dir, "taken")); }
static long rename_outside(const task *t) { return rename(inside(t), at(t->job->out_dir, "../../../given")); }
static long directory_outside(const task *t) { return mkdir(at(t->job->out_dir, "../../../directory"), 0700); }
static long chmod_outside(const task *t) { return chmod(outside(t), 0777); }
static long chmod_by_link(const task *t) {
    const char *link = at(t->job->scratch_dir, "link");
    if (symlink(outside(t), link) != 0) return -1;
    return chmod(link, 0777);
}
static long chmod_descriptor(const task *t) { return syscall(SYS_fchmodat, open(at(t->job->out_dir, "../../.."), O_PATH), "secret", 0777); }
static long times_outside(const task *t) { return utimensat(AT_FDCWD, outside(t), NULL, 0); }
static long chown_outside(const task *t) { return chown(outside(t), 4711, 4711); }
static long xattr_outside(const task *t) { return setxattr(outside(t), "user.bio", "x", 1, 0); }
static long chmod_package(const task *t) {
    const bio_files *files = service(t, BIO_EXT_FILES);
    int32_t file = -1;
    for (uint64_t i = 0; i < 6 && file < 0; i++) files->open(t->host, 0, i, &file);
    return file < 0 ? 0 : fchmod(file, 0777);
}

/* ---- Files of its own ---- */

static long chmod_inside(const task *t) {
    struct stat status;
    const char *path = inside(t);
    int file = open(path, O_RDONLY);
    if (chmod(path, 0750) != 0 || stat(path, &status) != 0 || (status.st_mode & 07777) != 0750) return -1;
    if (fchmod(file, 0640) != 0 || stat(path, &status) != 0 || (status.st_mode & 07777) != 0640) return -1;
    int directory = open(t->job->scratch_dir.ptr, O_RDONLY | O_DIRECTORY);
    if (fchmodat(directory, "own", 0604, 0) != 0 || stat(path, &status) != 0) return -1;
    return (status.st_mode & 07777) == 0604 ? 0 : -1;
}
static long times_inside(const task *t) {
    struct stat status;
    const struct timespec times[2] = {{1, 5}, {1000000000, 7}};
    const char *path = inside(t);
    if (utimensat(AT_FDCWD, path, times, 0) != 0 || stat(path, &status) != 0) return -1;
    if (status.st_mtim.tv_sec != 1000000000 || status.st_mtim.tv_nsec != 7) return -1;
    int file = open(path, O_RDONLY);
    const struct timespec later[2] = {{2, 0}, {3, 0}};
    if (futimens(file, later) != 0 || fstat(file, &status) != 0) return -1;
    return status.st_mtim.tv_sec == 3 ? 0 : -1;
}
static long chown_inside(const task *t) { return chown(inside(t), getuid(), (gid_t)-1); }
static long chmod_nowhere(const task *t) { return chmod(at(t->job->scratch_dir, "none"), 0600); }
static long chmod_bad_memory(const task *t) {
    (void)t;
    return syscall(SYS_fchmodat, AT_FDCWD, (char *)8, 0600);
}
static long move_between(const task *t) { return rename(inside(t), at(t->job->out_dir, "moved")) == 0 ? unlink(at(t->job->out_dir, "moved")) : -1; }

/* ---- Other processes, and what outlives this one ---- */

static long kill_host(const task *t) {
    (void)t;
    return kill(getppid(), 0);
}
static long kill_all(const task *t) {
    (void)t;
    return kill(-1, 0);
}
static long queue_host(const task *t) {
    (void)t;
    union sigval value = {0};
    return sigqueue(getppid(), 0, value);
}
static long signal_by_file(const task *t) {
    (void)t;
    return fcntl(0, F_SETOWN, getppid());
}
static long limit_host(const task *t) {
    (void)t;
    struct rlimit few = {64, 64};
    return prlimit(getppid(), RLIMIT_NOFILE, &few, NULL);
}
static long slow_host(const task *t) {
    (void)t;
    return setpriority(PRIO_PROCESS, (id_t)getppid(), 19);
}
static long environment_of_host(const task *t) {
    (void)t;
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/environ", (int)getppid());
    return open(path, O_RDONLY);
}
static long memory_of_host(const task *t) {
    (void)t;
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/mem", (int)getppid());
    return open(path, O_RDWR);
}
static long own_session(const task *t) {
    (void)t;
    return setsid();
}
static long other_group(const task *t) {
    (void)t;
    return setpgid(0, getpgid(getppid()));
}
static long shared_memory(const task *t) {
    (void)t;
    int segment = shmget(IPC_PRIVATE, 4096, IPC_CREAT | 0600);
    // One that was made is in nobody's way.
    if (segment >= 0) shmctl(segment, IPC_RMID, NULL);
    return segment;
}
static long stay_after_parent(const task *t) {
    (void)t;
    return prctl(PR_SET_PDEATHSIG, 0);
}
static long raise_own(const task *t) {
    (void)t;
    signal(SIGUSR1, SIG_IGN);
    return raise(SIGUSR1) != 0 || kill(getpid(), SIGUSR1) != 0 ? -1 : 0;
}

/* ---- Limits ---- */

static long memory_hog(const task *t) {
    long pieces = 0;
    char line[64];
    // Reserved and never touched: the machine of the tests has other work.
    while (mmap(NULL, (size_t)64 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0) != MAP_FAILED &&
           pieces < 1000)
        pieces++;
    snprintf(line, sizeof line, "pieces %s", pieces <= 64 ? "at most 64" : "more than 64");
    say(t, line);
    return -1;
}
static long descriptor_hog(const task *t) {
    int last = 0, file;
    char line[64];
    while ((file = open("/dev/null", O_RDONLY)) >= 0 && file < 5000) last = file;
    int error = errno;
    for (file = last; file > 100; file--) close(file);
    snprintf(line, sizeof line, "last %d", last);
    say(t, line);
    errno = error;
    return -1;
}
static void *wait_here(void *nothing) {
    for (;;) pause();
    return nothing;
}
static long thread_hog(const task *t) {
    int made = 0, code;
    char line[64];
    pthread_t thread;
    pthread_attr_t small;
    pthread_attr_init(&small);
    pthread_attr_setstacksize(&small, 64 << 10);
    while ((code = pthread_create(&thread, &small, wait_here, NULL)) == 0 && made < 1000) made++;
    snprintf(line, sizeof line, "threads %s", made > 400 && made <= 512 ? "about 512" : "not about 512");
    say(t, line);
    errno = code;
    return code == 0 ? 0 : -1;
}
static long big_file(const task *t) {
    int file = open(at(t->job->scratch_dir, "big"), O_WRONLY | O_CREAT, 0600);
    return ftruncate(file, (off_t)1 << 40);
}

/* ---- What ends it ---- */

/* A process that should not be there: it does nothing, and not for long. */
static long brief(long child) {
    if (child == 0) {
        alarm(30);
        for (;;) pause();
    }
    return child;
}
static long fork_it(const task *t) {
    (void)t;
    return brief(fork());
}
static long fork_raw(const task *t) {
    (void)t;
    return brief(syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0));
}
static long fork_bomb(const task *t) {
    (void)t;
    // Where nothing holds it, the test is to fail, not the machine.
    for (int made = 0; made < 64; made++) {
        pid_t child = fork();
        if (child == 0) _exit(0);
        if (child < 0) return -1;
    }
    return 0;
}
static long shell(const task *t) {
    (void)t;
    return system("true");
}
static long execute(const task *t) {
    (void)t;
    return execl("/bin/true", "true", (char *)NULL);
}
static long trace_host(const task *t) {
    (void)t;
    return ptrace(PTRACE_ATTACH, getppid(), 0, 0);
}
static long peek_host(const task *t) {
    (void)t;
    char byte;
    struct iovec own = {&byte, 1}, theirs = {(void *)0x10000, 1};
    return process_vm_readv(getppid(), &own, 1, &theirs, 1, 0);
}
static long mount_it(const task *t) {
    long result = mount("none", t->job->scratch_dir.ptr, "tmpfs", 0, NULL);
    if (result == 0) umount2(t->job->scratch_dir.ptr, MNT_DETACH);
    return result;
}
static long namespaces(const task *t) {
    (void)t;
    return unshare(CLONE_NEWUSER);
}
static long kernel_program(const task *t) {
    (void)t;
    char attributes[128] = {0};
    return syscall(SYS_bpf, 0, attributes, sizeof attributes);
}
static long keys(const task *t) {
    (void)t;
    return syscall(SYS_keyctl, KEYCTL_GET_KEYRING_ID, KEY_SPEC_SESSION_KEYRING, 0);
}
static long root_elsewhere(const task *t) { return chroot(t->job->scratch_dir.ptr); }
static long in_thread_result;
static void *fork_there(void *nothing) {
    in_thread_result = brief(fork());
    return nothing;
}
static long fork_in_thread(const task *t) {
    (void)t;
    pthread_t thread;
    if (pthread_create(&thread, NULL, fork_there, NULL) == 0) pthread_join(thread, NULL);
    return in_thread_result;
}

/* ---- What only a plugin that starts processes gets to ---- */

static long run_program(const task *t) {
    (void)t;
    int status = system("test \"$(echo hello)\" = hello");
    return status == 0 ? 0 : -1;
}
static long detach(const task *t) {
    if (fork() == 0) {
        setsid();
        setpgid(0, 0);
        brief(fork());
        brief(0);
    }
    (void)t;
    return 0;
}
static long program_hog(const task *t) {
    int made = 0;
    pid_t child;
    char line[64];
    while (made < 600 && (child = fork()) >= 0) {
        brief(child);
        made++;
    }
    int error = errno;
    snprintf(line, sizeof line, "processes %s", made > 400 && made <= 512 ? "about 512" : "not about 512");
    say(t, line);
    errno = error;
    return -1;
}
static long adopted(const task *t) {
    (void)t;
    return brief(syscall(SYS_clone, CLONE_PARENT | SIGCHLD, 0, 0, 0, 0));
}

#define ATTEMPTS(X)                                                                                                            \
    X(tcp) X(udp) X(unix_socket) X(netlink) X(datagram_pair) X(stream_pair) X(connect_own) X(ring) X(write_outside)            \
    X(make_outside) X(make_beside) X(make_in_tmp) X(read_outside) X(list_outside) X(read_shadow) X(truncate_outside)           \
    X(empty_readable)                                                                                                          \
    X(remove_outside) X(link_inside) X(rename_inside) X(rename_outside) X(directory_outside) X(chmod_outside) X(chmod_by_link) \
    X(chmod_descriptor) X(times_outside) X(chown_outside) X(xattr_outside) X(chmod_package) X(chmod_inside) X(times_inside)    \
    X(chown_inside) X(chmod_nowhere) X(chmod_bad_memory) X(move_between) X(kill_host) X(kill_all) X(queue_host)                \
    X(signal_by_file) X(limit_host) X(slow_host) X(environment_of_host) X(memory_of_host) X(own_session) X(other_group)        \
    X(shared_memory) X(raise_own) X(stay_after_parent) X(memory_hog) X(descriptor_hog) X(thread_hog) X(big_file) X(fork_it) X(fork_raw)             \
    X(fork_bomb) X(shell) X(execute) X(trace_host) X(peek_host) X(mount_it) X(namespaces) X(kernel_program) X(keys)            \
    X(root_elsewhere) X(fork_in_thread) X(run_program) X(detach) X(program_hog) X(adopted)

#define RUN(name)                                                                       \
    static int32_t run_##name(const task *t) { return tell(t, #name, name(t)); }
ATTEMPTS(RUN)

static int32_t rights(const task *t) {
    char line[256];
    struct rlimit core = {1, 1};
    FILE *status = fopen("/proc/self/status", "r");
    while (status && fgets(line, sizeof line, status)) {
        line[strcspn(line, "\n")] = 0;
        if (strncmp(line, "Cap", 3) == 0 || strncmp(line, "NoNewPrivs", 10) == 0 || strncmp(line, "Seccomp:", 8) == 0) say(t, line);
    }
    getrlimit(RLIMIT_CORE, &core);
    snprintf(line, sizeof line, "core %lu", (unsigned long)core.rlim_max);
    say(t, line);
    return good_run(t);
}
static int32_t refused_then_crash(const task *t) {
    (void)t;
    if (socket(AF_INET, SOCK_STREAM, 0) >= 0) return BIO_OK;
    fputs("about to crash\n", stderr);
    volatile int *nowhere = (int *)(uintptr_t)8;
    *nowhere = 1;
    return BIO_OK;
}

#define ROW(name) {#name, good_validate, good_plan, run_##name},
const behaviour escapes[] = {ATTEMPTS(ROW){"rights", good_validate, good_plan, rights},
                             {"refused_then_crash", good_validate, good_plan, refused_then_crash},
                             {NULL, NULL, NULL, NULL}};
