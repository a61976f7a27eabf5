// SPDX-License-Identifier: Apache-2.0

#define _GNU_SOURCE
#include "bio_sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#if defined(__x86_64__)
#define OWN_ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define OWN_ARCHITECTURE AUDIT_ARCH_AARCH64
#else
#error "the filter of system calls knows x86_64 and aarch64"
#endif

// Numbers from 424 on are the same on every machine; the C library's headers may not have the newest ones.
enum { newest_known_call = 467 };

/* ---- The calls, and what is done about each. What is not here is allowed. ---- */

enum { ABSENT_HERE = -1 };
#define ROW(call, deed, purpose) {SYS_##call, #call, BIO_DEED_##deed, BIO_PURPOSE_##purpose}
#define NUMBER(number, name, deed, purpose) {number, name, BIO_DEED_##deed, BIO_PURPOSE_##purpose}

static const bio_known_call calls[] = {
    // No network, and no socket to anybody on this machine.
    ROW(socket, REFUSE, NETWORK), ROW(connect, REFUSE, NETWORK), ROW(bind, REFUSE, NETWORK), ROW(listen, REFUSE, NETWORK),
    ROW(accept, REFUSE, NETWORK), ROW(accept4, REFUSE, NETWORK),
    ROW(socketpair, REFUSE, NETWORK), // pairs of datagram sockets: from them any socket on this machine is reached
    // No processes, unless the manifest says so, and never out of the group.
    ROW(execve, END, PROCESS), ROW(execveat, END, PROCESS), ROW(clone, COUNT, PROCESS), ROW(setsid, REFUSE, PROCESS),
    ROW(setpgid, REFUSE, PROCESS), ROW(prctl, REFUSE, PROCESS), ROW(unshare, END, PROCESS), ROW(setns, END, PROCESS),
    NUMBER(435, "clone3", ABSENT, PROCESS), // its flags cannot be seen; the C library then uses clone
#ifdef SYS_fork
    ROW(fork, END, PROCESS), ROW(vfork, END, PROCESS),
#endif
    // Other processes are none of its business; its own is.
    ROW(ptrace, END, OTHERS), ROW(process_vm_readv, END, OTHERS), ROW(process_vm_writev, END, OTHERS),
    NUMBER(440, "process_madvise", REFUSE, OTHERS), NUMBER(438, "pidfd_getfd", END, OTHERS), ROW(kcmp, REFUSE, OTHERS),
    ROW(kill, REFUSE, OTHERS), ROW(tkill, REFUSE, OTHERS), ROW(tgkill, REFUSE, OTHERS), ROW(rt_sigqueueinfo, REFUSE, OTHERS),
    ROW(rt_tgsigqueueinfo, REFUSE, OTHERS), NUMBER(424, "pidfd_send_signal", QUIET, OTHERS),
    NUMBER(448, "process_mrelease", REFUSE, OTHERS), ROW(prlimit64, REFUSE, OTHERS), ROW(setpriority, QUIET, OTHERS),
    ROW(ioprio_set, QUIET, OTHERS), ROW(sched_setparam, QUIET, OTHERS), ROW(sched_setscheduler, QUIET, OTHERS),
    ROW(sched_setattr, QUIET, OTHERS), ROW(sched_setaffinity, QUIET, OTHERS), ROW(migrate_pages, QUIET, OTHERS),
    ROW(move_pages, QUIET, OTHERS), ROW(fcntl, REFUSE, OTHERS), ROW(ioctl, REFUSE, OTHERS), // some of their requests
    // What outlives it without being a file.
    // What others have made is a small number away.
    ROW(shmget, REFUSE, OTHERS), ROW(shmat, REFUSE, OTHERS), ROW(shmctl, REFUSE, OTHERS), ROW(msgget, REFUSE, OTHERS),
    ROW(msgsnd, REFUSE, OTHERS), ROW(msgrcv, REFUSE, OTHERS), ROW(msgctl, REFUSE, OTHERS), ROW(semget, REFUSE, OTHERS),
    ROW(semop, REFUSE, OTHERS), ROW(semtimedop, REFUSE, OTHERS), ROW(semctl, REFUSE, OTHERS),
    ROW(mq_open, REFUSE, OTHERS), ROW(mq_unlink, REFUSE, OTHERS), ROW(keyctl, END, SYSTEM), ROW(add_key, END, SYSTEM),
    ROW(request_key, END, SYSTEM),
    // The machine is not its to change.
    ROW(mount, END, SYSTEM), ROW(umount2, END, SYSTEM), ROW(pivot_root, END, SYSTEM), ROW(chroot, END, SYSTEM),
    NUMBER(428, "open_tree", END, SYSTEM), NUMBER(429, "move_mount", END, SYSTEM), NUMBER(430, "fsopen", END, SYSTEM),
    NUMBER(431, "fsconfig", END, SYSTEM), NUMBER(432, "fsmount", END, SYSTEM), NUMBER(433, "fspick", END, SYSTEM),
    NUMBER(442, "mount_setattr", END, SYSTEM), NUMBER(467, "open_tree_attr", END, SYSTEM), ROW(swapon, END, SYSTEM),
    ROW(swapoff, END, SYSTEM), ROW(reboot, END, SYSTEM), ROW(sethostname, END, SYSTEM), ROW(setdomainname, END, SYSTEM),
    ROW(init_module, END, SYSTEM), ROW(finit_module, END, SYSTEM), ROW(delete_module, END, SYSTEM),
    ROW(kexec_load, END, SYSTEM), ROW(acct, END, SYSTEM), ROW(quotactl, END, SYSTEM),
    NUMBER(443, "quotactl_fd", END, SYSTEM), ROW(syslog, REFUSE, SYSTEM), ROW(settimeofday, END, SYSTEM),
    ROW(clock_settime, END, SYSTEM), ROW(clock_adjtime, END, SYSTEM), ROW(adjtimex, END, SYSTEM), ROW(vhangup, END, SYSTEM),
    ROW(open_by_handle_at, END, SYSTEM), ROW(fanotify_init, REFUSE, SYSTEM), ROW(personality, REFUSE, SYSTEM),
#ifdef SYS_kexec_file_load
    ROW(kexec_file_load, END, SYSTEM),
#endif
#ifdef SYS_iopl
    ROW(iopl, END, SYSTEM), ROW(ioperm, END, SYSTEM), ROW(modify_ldt, REFUSE, SYSTEM),
#endif
    // Wide doors into the kernel. Libraries try some of them and do without.
    ROW(bpf, END, SYSTEM), ROW(perf_event_open, REFUSE, SYSTEM), ROW(userfaultfd, QUIET, SYSTEM),
    NUMBER(425, "io_uring_setup", ABSENT, SYSTEM), NUMBER(426, "io_uring_enter", ABSENT, SYSTEM),
    NUMBER(427, "io_uring_register", ABSENT, SYSTEM),
    // Modes, times and owners: Landlock does not know them.
    ROW(fchmod, ATTRIBUTES, FILES), ROW(fchmodat, ATTRIBUTES, FILES), NUMBER(452, "fchmodat2", ATTRIBUTES, FILES),
    ROW(utimensat, ATTRIBUTES, FILES), ROW(fchown, ATTRIBUTES, FILES), ROW(fchownat, ATTRIBUTES, FILES),
#ifdef SYS_chmod
    ROW(chmod, ATTRIBUTES, FILES), ROW(chown, ATTRIBUTES, FILES), ROW(lchown, ATTRIBUTES, FILES),
    ROW(utime, ATTRIBUTES, FILES), ROW(utimes, ATTRIBUTES, FILES), ROW(futimesat, ATTRIBUTES, FILES),
#endif
    ROW(setxattr, QUIET, FILES), ROW(lsetxattr, QUIET, FILES), ROW(fsetxattr, QUIET, FILES), ROW(removexattr, QUIET, FILES),
    ROW(lremovexattr, QUIET, FILES), ROW(fremovexattr, QUIET, FILES), NUMBER(463, "setxattrat", ABSENT, FILES),
    NUMBER(466, "removexattrat", ABSENT, FILES),
    // Before version 3 Landlock does not know that a file is made empty: writing it keeps it from, opening it does not.
    ROW(truncate, REFUSE, FILES), ROW(openat, REFUSE, FILES), NUMBER(437, "openat2", ABSENT, FILES),
#ifdef SYS_open
    ROW(open, REFUSE, FILES),
#endif
};

const bio_known_call *bio_known_call_find(int number) {
    for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++)
        if (calls[i].number == number) return &calls[i];
    return NULL;
}

/* ---- The program ---- */

typedef struct program {
    struct sock_filter steps[1024];
    unsigned count;
    unsigned judged, refused; // what is returned
} program;

static void step(program *p, unsigned code, unsigned value, unsigned yes, unsigned no) {
    if (p->count == sizeof p->steps / sizeof p->steps[0]) abort();
    p->steps[p->count++] = (struct sock_filter){(uint16_t)code, (uint8_t)yes, (uint8_t)no, value};
}
static void load(program *p, unsigned offset) { step(p, BPF_LD | BPF_W | BPF_ABS, offset, 0, 0); }
static void load_argument(program *p, unsigned index) {
    load(p, (unsigned)(offsetof(struct seccomp_data, args) + 8 * index)); // the lower half: both machines are little-endian
}
static void answer(program *p, unsigned value) { step(p, BPF_RET | BPF_K, value, 0, 0); }

// Returns `inside` when the loaded word is one of the values, else `otherwise`.
static void choose(program *p, const unsigned *values, unsigned count, unsigned inside, unsigned otherwise) {
    for (unsigned i = 0; i < count; i++) step(p, BPF_JMP | BPF_JEQ | BPF_K, values[i], count - i, 0);
    answer(p, otherwise);
    answer(p, inside);
}

#define COUNT(array) (sizeof array / sizeof array[0])

// The body for one call, whose number is known to be the loaded one: it ends with an answer in every case.
static void judge(program *p, const bio_known_call *call, int starts_processes) {
    unsigned own = (unsigned)getpid();
    unsigned harm = call->deed == BIO_DEED_ABSENT  ? SECCOMP_RET_ERRNO | ENOSYS
                    : call->deed == BIO_DEED_QUIET ? p->refused
                                                   : p->judged;
    if (call->purpose == BIO_PURPOSE_FILES && call->deed == BIO_DEED_QUIET) harm = SECCOMP_RET_ERRNO | EOPNOTSUPP;
    // Nobody is there to do it in its stead: said by the report.
    if (call->deed == BIO_DEED_ATTRIBUTES && p->judged == p->refused) harm = SECCOMP_RET_ALLOW;
    switch (call->number) {
    case SYS_socket: {
        // The C library asks a name service for the user's name so, and goes on without: nobody is to hear of it.
        const unsigned tried[] = {AF_UNIX, AF_NETLINK};
        load_argument(p, 0);
        return choose(p, tried, COUNT(tried), p->refused, harm);
    }
    case SYS_socketpair: {
        load_argument(p, 0);
        step(p, BPF_JMP | BPF_JEQ | BPF_K, AF_UNIX, 1, 0);
        answer(p, harm);
        // A type's flags are above its lowest four bits.
        load_argument(p, 1);
        step(p, BPF_ALU | BPF_AND | BPF_K, 15, 0, 0);
        const unsigned streams[] = {SOCK_STREAM};
        return choose(p, streams, 1, SECCOMP_RET_ALLOW, harm);
    }
    case SYS_clone: {
        const unsigned away = CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER | CLONE_NEWPID |
                              CLONE_NEWNET | CLONE_PARENT | CLONE_PTRACE | CLONE_UNTRACED;
        load_argument(p, 0);
        step(p, BPF_JMP | BPF_JSET | BPF_K, away, 0, 1);
        answer(p, p->refused);
        // Without a judge nobody counts threads.
        unsigned counted = p->judged == p->refused ? SECCOMP_RET_ALLOW : harm;
        if (starts_processes) return answer(p, counted);
        step(p, BPF_JMP | BPF_JSET | BPF_K, CLONE_THREAD, 0, 1);
        answer(p, counted);
        return answer(p, harm);
    }
    case SYS_kill: {
        if (starts_processes) return answer(p, p->judged == p->refused ? SECCOMP_RET_ALLOW : harm);
        const unsigned itself[] = {own, 0, 0u - own};
        load_argument(p, 0);
        return choose(p, itself, COUNT(itself), SECCOMP_RET_ALLOW, harm);
    }
    case SYS_tkill:
        return answer(p, starts_processes && p->judged == p->refused ? SECCOMP_RET_ALLOW : harm);
    case SYS_tgkill:
    case SYS_rt_sigqueueinfo:
    case SYS_rt_tgsigqueueinfo: {
        if (starts_processes) return answer(p, p->judged == p->refused ? SECCOMP_RET_ALLOW : harm);
        const unsigned itself[] = {own};
        load_argument(p, 0);
        return choose(p, itself, COUNT(itself), SECCOMP_RET_ALLOW, harm);
    }
    case SYS_prlimit64:
    case SYS_sched_setparam:
    case SYS_sched_setscheduler:
    case SYS_sched_setattr:
    case SYS_sched_setaffinity:
    case SYS_migrate_pages:
    case SYS_move_pages: {
        const unsigned itself[] = {0, own};
        load_argument(p, 0);
        return choose(p, itself, COUNT(itself), SECCOMP_RET_ALLOW, harm);
    }
    case SYS_setpriority:
    case SYS_ioprio_set: {
        const unsigned itself[] = {0, own};
        load_argument(p, 1);
        return choose(p, itself, COUNT(itself), SECCOMP_RET_ALLOW, harm);
    }
    case SYS_prctl: {
        // It ends with the host, or at once: by no weaker signal.
        load_argument(p, 0);
        step(p, BPF_JMP | BPF_JEQ | BPF_K, PR_SET_PDEATHSIG, 1, 0);
        answer(p, SECCOMP_RET_ALLOW);
        const unsigned deadly[] = {SIGKILL};
        load_argument(p, 1);
        return choose(p, deadly, COUNT(deadly), SECCOMP_RET_ALLOW, harm);
    }
#ifdef SYS_open
    case SYS_open:
#endif
    case SYS_openat: {
        // With access mode 3 a file is opened for neither reading nor writing: that makes it empty just as well.
        const unsigned emptied[] = {O_TRUNC, O_TRUNC | O_ACCMODE};
        load_argument(p, call->number == SYS_openat ? 2 : 1);
        step(p, BPF_ALU | BPF_AND | BPF_K, O_TRUNC | O_ACCMODE, 0, 0);
        return choose(p, emptied, COUNT(emptied), harm, SECCOMP_RET_ALLOW);
    }
    case SYS_personality: {
        const unsigned asking[] = {0, ~0u};
        load_argument(p, 0);
        return choose(p, asking, COUNT(asking), SECCOMP_RET_ALLOW, harm);
    }
    case SYS_fcntl: {
        // F_SETOWN, F_SETSIG, F_SETOWN_EX: signals to others. F_SETLEASE, F_NOTIFY: the host would wait for it.
        const unsigned bad[] = {8, 10, 15, 1024, 1026};
        load_argument(p, 1);
        return choose(p, bad, COUNT(bad), harm, SECCOMP_RET_ALLOW);
    }
    case SYS_ioctl: {
        // TIOCSTI, TIOCLINUX: typing into the user's terminal. FIOSETOWN, SIOCSPGRP, FIOASYNC: signals to others.
        // FS_IOC_SETFLAGS, FS_IOC_FSSETXATTR, FS_IOC_ENABLE_VERITY: attributes of files, also of one open for reading.
        const unsigned bad[] = {0x5412, 0x541C, 0x8901, 0x8902, 0x5452, 0x40086602, 0x401c5820, 0x40806685};
        load_argument(p, 1);
        for (unsigned i = 0; i < COUNT(bad); i++) {
            step(p, BPF_JMP | BPF_JEQ | BPF_K, bad[i], 0, 1);
            answer(p, harm);
        }
        // What file systems and drivers offer beside is as good as not there: subvolumes and what else Landlock does not see
        // are made by it. TCGETS, TCGETS2, TIOCGPGRP, TIOCGWINSZ, FIONREAD, FIONBIO, FIONCLEX, FIOCLEX, FIOQSIZE,
        // FS_IOC_GETFLAGS, FS_IOC_FSGETXATTR, FS_IOC_FIEMAP, FICLONE, FICLONERANGE.
        const unsigned good[] = {0x5401,     0x802C542A, 0x540F,     0x5413,     0x541B,     0x5421,     0x5450,
                                 0x5451,     0x5460,     0x80086601, 0x801C581F, 0xC020660B, 0x40049409, 0x4020940D};
        return choose(p, good, COUNT(good), SECCOMP_RET_ALLOW, SECCOMP_RET_ERRNO | ENOTTY);
    }
    default: answer(p, harm);
    }
}

// Whether a call needs no judging in this sandbox.
static int is_free(const bio_known_call *call, int starts_processes, int landlock_version) {
    switch (call->number) {
    case SYS_truncate:
    case SYS_openat:
    case 437:
#ifdef SYS_open
    case SYS_open:
#endif
        return landlock_version >= 3;
    case SYS_execve:
    case SYS_execveat:
#ifdef SYS_fork
    case SYS_fork:
    case SYS_vfork:
#endif
        return starts_processes;
    // Which processes are its own is not known to the filter then: Landlock keeps it from others, or the judge.
    case SYS_kill:
    case SYS_tkill:
    case SYS_tgkill:
    case SYS_rt_sigqueueinfo:
    case SYS_rt_tgsigqueueinfo: return starts_processes && landlock_version >= 6;
    default: return 0;
    }
}

static void build(program *p, int starts_processes, int landlock_version) {
    load(p, offsetof(struct seccomp_data, arch));
    step(p, BPF_JMP | BPF_JEQ | BPF_K, OWN_ARCHITECTURE, 1, 0);
    answer(p, SECCOMP_RET_KILL_PROCESS);
    load(p, offsetof(struct seccomp_data, nr));
    // What came after this list was written, and on x86_64 the second numbering: as if they were not there.
    step(p, BPF_JMP | BPF_JGT | BPF_K, newest_known_call, 0, 1);
    answer(p, SECCOMP_RET_ERRNO | ENOSYS);
    for (size_t i = 0; i < COUNT(calls); i++) {
        if (is_free(&calls[i], starts_processes, landlock_version)) continue;
        unsigned test = p->count;
        step(p, BPF_JMP | BPF_JEQ | BPF_K, (unsigned)calls[i].number, 0, 0);
        judge(p, &calls[i], starts_processes);
        p->steps[test].jf = (uint8_t)(p->count - test - 1);
    }
    answer(p, SECCOMP_RET_ALLOW);
}

static int install(int starts_processes, int landlock_version, unsigned judged, unsigned flags) {
    static program made;
    made.count = 0;
    made.refused = SECCOMP_RET_ERRNO | EPERM;
    made.judged = judged;
    build(&made, starts_processes, landlock_version);
    struct sock_fprog compiled = {(unsigned short)made.count, made.steps};
    return (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &compiled);
}

int bio_filter_install(int starts_processes, int landlock_version, int *listener) {
    // The second flag keeps a signal of a language's own scheduler from breaking a call off that is being judged.
    const unsigned flags[] = {SECCOMP_FILTER_FLAG_NEW_LISTENER | SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV,
                              SECCOMP_FILTER_FLAG_NEW_LISTENER};
    *listener = -1;
    if (bio_supervision_is_offered())
        for (unsigned i = 0; i < COUNT(flags); i++) {
            *listener = install(starts_processes, landlock_version, SECCOMP_RET_USER_NOTIF, flags[i]);
            if (*listener >= 0) return 0;
        }
    return install(starts_processes, landlock_version, SECCOMP_RET_ERRNO | EPERM, 0);
}

static int offers(unsigned action) { return syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action) == 0; }

int bio_filter_is_offered(void) { return offers(SECCOMP_RET_ERRNO); }

int bio_supervision_is_offered(void) {
    char byte;
    struct iovec own = {&byte, 1}, nowhere = {NULL, 1};
    // pidfd_getfd(2) is the newest call that a judge needs, process_vm_readv(2) the one that kernels are built without:
    // impossible ones tell whether they are there.
    return offers(SECCOMP_RET_USER_NOTIF) && syscall(438, -1, -1, 0) < 0 && errno == EBADF &&
           (process_vm_readv(getpid(), &own, 1, &nowhere, 1, 0) >= 0 || errno == EFAULT);
}
