/* SPDX-License-Identifier: Apache-2.0
 * One attempt of a confined process, with its judge beside it and no runner between: `probe VERSION ATTEMPT DIRECTORY`
 * confines it as a kernel with that version of Landlock would, lets it write in DIRECTORY/own and read in
 * DIRECTORY/given, and says how it went: `went well` or the name of an error, and `, told CALL` where the judge refused.
 * `probe shown|hidden|gone` says what a judge can do about a process of its user: one as usual, one that the system hides
 * from all but a superuser, as Yama hides all (which is why it is no superuser then), and one that has ended. */
#define _GNU_SOURCE
#include "bio_sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/prctl.h>
#include <sys/sem.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { shared_number = 50 };
static int queue, semaphores;
static char *own, *given;

static char *join(const char *directory, const char *name) {
    char *made = NULL;
    if (asprintf(&made, "%s/%s", directory, name) < 0) abort();
    return made;
}

/* ---- Attempts: -1 with errno, or not -1 ---- */

static long write_given(void) { return open(given, O_WRONLY); }
static long read_given(void) { return open(given, O_RDONLY); }
static long empty_given(void) { return open(given, O_RDONLY | O_TRUNC); }
static long empty_by_old_call(void) { return syscall(SYS_open, given, O_RDONLY | O_TRUNC, 0); }
static long empty_by_mode_three(void) { return open(given, O_ACCMODE | O_TRUNC); }
static long empty_by_new_call(void) {
    uint64_t how[3] = {O_RDONLY | O_TRUNC, 0, 0};
    return syscall(437, AT_FDCWD, given, how, sizeof how);
}
static long empty_by_truncate(void) { return truncate(given, 0); }
static long empty_own(void) { return open(own, O_WRONLY | O_TRUNC); }
static long rewrite_own(void) { return open(own, O_RDWR | O_CREAT | O_TRUNC, 0600); }
static long own_by_proc(void) { return chmod("/proc/self/fd/50", 0711); }
static long own_by_thread(void) { return chmod("/proc/thread-self/fd/50", 0711); }
static long own_by_dev(void) { return chmod("/dev/fd/50", 0711); }
static long own_by_link(void) {
    char *link = join(strrchr(own, '/') ? strndup(own, (size_t)(strrchr(own, '/') - own)) : ".", "link");
    if (symlink("/proc/self/fd/50", link) != 0) return -1;
    return chmod(link, 0711);
}
static long own_without_following(void) { return fchmodat(AT_FDCWD, own, 0711, AT_SYMLINK_NOFOLLOW); }
static long own_by_name(void) { return chmod(own, 0711); }
static long stay_after_parent(void) { return prctl(PR_SET_PDEATHSIG, 0); }
static long weaker_signal(void) { return prctl(PR_SET_PDEATHSIG, SIGCHLD); }
static long same_signal(void) { return prctl(PR_SET_PDEATHSIG, SIGKILL); }
static long name_thread(void) { return prctl(PR_SET_NAME, "probe"); }
static long take_message(void) {
    char message[64];
    return msgrcv(queue, message, sizeof message - sizeof(long), 0, IPC_NOWAIT);
}
static long take_semaphore(void) {
    struct sembuf down = {0, -1, IPC_NOWAIT};
    return semop(semaphores, &down, 1);
}
static long take_semaphore_by_old_call(void) {
    struct sembuf down = {0, -1, IPC_NOWAIT};
    return syscall(SYS_semop, semaphores, &down, 1);
}
static long take_semaphore_in_time(void) {
    struct sembuf down = {0, -1, IPC_NOWAIT};
    struct timespec none = {0, 0};
    return semtimedop(semaphores, &down, 1, &none);
}
static long foreign_pair(void) {
    int ends[2];
    return socketpair(AF_TIPC, SOCK_STREAM, 0, ends);
}
static long count_bytes(void) {
    int bytes;
    return ioctl(open(given, O_RDONLY), FIONREAD, &bytes);
}
/* Every file system has it for every file. */
static long ask_block_size(void) {
    int size;
    return ioctl(open(given, O_RDONLY), FIGETBSZ, &size);
}
static long seal_for_good(void) {
    char request[128] = {0};
    return ioctl(open(given, O_RDONLY), 0x40806685, request);
}
static long type_into_terminal(void) { return ioctl(0, TIOCSTI, "x"); }
static long make_subvolume(void) {
    char request[4096] = {0};
    return ioctl(open(given, O_RDONLY), 0x5000940E, request);
}
static long own_pair(void) {
    int ends[2];
    return socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends);
}

#define ROW(name) {#name, name}
static const struct {
    const char *name;
    long (*run)(void);
} attempts[] = {ROW(write_given),           ROW(read_given),        ROW(empty_given),    ROW(empty_by_old_call),
                ROW(empty_by_mode_three),   ROW(empty_by_new_call), ROW(empty_own),      ROW(rewrite_own),
                ROW(empty_by_truncate),     ROW(own_by_proc),       ROW(own_by_thread),  ROW(own_by_dev),
                ROW(own_by_link),           ROW(own_by_name),       ROW(stay_after_parent), ROW(weaker_signal),
                ROW(same_signal),           ROW(name_thread),       ROW(take_message),   ROW(take_semaphore),
                ROW(take_semaphore_in_time), ROW(take_semaphore_by_old_call), ROW(foreign_pair),     ROW(own_pair),       ROW(own_without_following),
                ROW(count_bytes),           ROW(ask_block_size),    ROW(seal_for_good),  ROW(type_into_terminal),
                ROW(make_subvolume)};

/* ---- The confined process and its judge ---- */

static int confined(int version, long (*run)(void), const char *const *writable, const char *const *readable, int answer) {
    const char *place = NULL;
    int listener = -1;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    int file = open(own, O_RDONLY | O_CLOEXEC);
    if (file < 0 || dup2(file, shared_number) < 0) return 3;
    if (bio_drop_privileges() != 0 || bio_landlock_restrict(version, writable, readable, &place) != 0 ||
        bio_filter_install(0, version, &listener) != 0) {
        perror("cannot confine");
        return 3;
    }
    int number = listener;
    if (write(answer, &number, sizeof number) != sizeof number) return 3;
    errno = 0;
    number = run() == -1 ? errno : 0;
    return write(answer, &number, sizeof number) == sizeof number ? 0 : 3;
}

static void judge(int listener, const char *const *writable, const char **told) {
    bio_notice notice;
    if (bio_notice_take(listener, &notice) != 0) return;
    const bio_known_call *call = bio_known_call_find(notice.number);
    int error = call && call->deed == BIO_DEED_ATTRIBUTES ? bio_notice_change_attributes(listener, &notice, writable) : EPERM;
    if (error == EPERM && call) *told = call->name;
    bio_notice_answer(listener, notice.id, error);
}

static int look(const char *which) {
    const uid_t nobody = 65534;
    if (geteuid() == 0 && (setresgid(nobody, nobody, nobody) != 0 || setresuid(nobody, nobody, nobody) != 0)) return 3;
    /* Who has changed its user is hidden itself, and so is what it starts. */
    if (prctl(PR_SET_DUMPABLE, strcmp(which, "hidden") != 0) != 0) return 3;
    pid_t child = fork();
    if (child < 0) return 3;
    if (child == 0) {
        setpgid(0, 0);
        for (;;) pause();
    }
    setpgid(child, child);
    if (strcmp(which, "gone") == 0) {
        kill(child, SIGKILL);
        waitpid(child, NULL, 0);
    }
    printf("%sreachable, %scounted\n", bio_process_is_reachable(child) ? "" : "not ", bio_group_threads(child, 8) > 0 ? "" : "not ");
    if (strcmp(which, "gone") != 0) {
        kill(child, SIGKILL);
        waitpid(child, NULL, 0);
    }
    return 0;
}

int main(int count, char **words) {
    size_t chosen = 0, all = sizeof attempts / sizeof attempts[0];
    if (count == 2) return look(words[1]);
    if (count != 4) return 64;
    while (chosen < all && strcmp(attempts[chosen].name, words[2]) != 0) chosen++;
    if (chosen == all) return 64;
    char *writes = join(words[3], "own"), *reads = join(words[3], "given");
    const char *writable[] = {writes, NULL}, *readable[] = {reads, "/usr", "/lib", "/proc/self", NULL};
    own = join(writes, "file");
    given = join(reads, "file");
    /* What other programs of the user have made, and the judge's own file by the number of the other's. */
    queue = msgget(IPC_PRIVATE, 0600);
    semaphores = semget(IPC_PRIVATE, 1, 0600);
    struct {
        long type;
        char text[8];
    } message = {1, "hello"};
    struct sembuf up = {0, 5, 0};
    if (msgsnd(queue, &message, sizeof message.text, 0) != 0 || semop(semaphores, &up, 1) != 0) return 3;
    int judges = open(join(writes, "judges"), O_RDONLY | O_CLOEXEC), answers[2];
    if (judges < 0 || dup2(judges, shared_number) < 0 || pipe2(answers, O_CLOEXEC) != 0) return 3;

    pid_t child = fork();
    if (child < 0) return 3;
    if (child == 0) _exit(confined(atoi(words[1]), attempts[chosen].run, writable, readable, answers[1]));
    close(answers[1]);
    int number = -1, result = -1, status = 0;
    const char *told = NULL;
    if (read(answers[0], &number, sizeof number) == sizeof number) {
        int pidfd = (int)syscall(SYS_pidfd_open, child, 0);
        int listener = (int)syscall(438, pidfd, number, 0);
        for (;;) {
            struct pollfd watched[2] = {{answers[0], POLLIN, 0}, {listener, POLLIN, 0}};
            if (poll(watched, 2, 20000) <= 0) break;
            if (watched[1].revents & POLLIN) judge(listener, writable, &told);
            else if (watched[0].revents) {
                if (read(answers[0], &result, sizeof result) != sizeof result) result = -1;
                break;
            }
        }
    }
    kill(child, SIGKILL);
    waitpid(child, &status, 0);
    msgctl(queue, IPC_RMID, NULL);
    int left = semctl(semaphores, 0, GETVAL);
    semctl(semaphores, 0, IPC_RMID);
    if (result < 0) return 3;
    printf("%s%s%s%s\n", result == 0 ? "went well" : strerrorname_np(result), told ? ", told " : "", told ? told : "",
           left == 5 ? "" : ", semaphore taken");
    return 0;
}
