// SPDX-License-Identifier: Apache-2.0
// Confining a process: Landlock for files, seccomp for system calls, limits; and the host's side of the filter. All
// system calls are made here: no library is linked for it.

#ifndef BIO_SANDBOX_H
#define BIO_SANDBOX_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

// --- The confined process. Each step is for good and is inherited by what it starts. One thread only. ---

/// The version of Landlock's ABI that the kernel offers, 1 and up; or 0 with errno (ENOSYS, EOPNOTSUPP: none).
int bio_landlock_version(void);

/// Whether seccomp filters can be installed, and whether another process can judge calls (both 1 or 0).
int bio_filter_is_offered(void);
int bio_supervision_is_offered(void);

/// No program that it executes gains privileges, and what it has of a superuser's capabilities goes, but reading
/// files: which ones is Landlock's affair. Returns 0, or -1 with errno.
int bio_drop_privileges(void);

/// Whether this process has the capability of that number (capabilities(7)): 1 or 0.
int bio_has_capability(int number);

/// What a process may take (setrlimit(2)); no core is written, no message queue made. Returns 0, or -1 with errno.
int bio_limit_process(int64_t memory, int64_t open_files, int64_t file_size);

/// Asks the kernel to end this process before others when memory is short.
void bio_end_me_first(void);

/// Restricts the file system: everything beneath `writable` may be read, made, changed and removed, what is beneath
/// `readable` read and executed, the devices null, zero, full, random and urandom used, and nothing else. Readable
/// places that are not there are passed over. Where the kernel can, TCP is refused too, and signals and abstract sockets
/// to processes outside. Lists end with NULL. Returns 0, or -1 with errno and `*place` where a place was at fault.
int bio_landlock_restrict(int version, const char *const *writable, const char *const *readable, const char **place);

/// Installs the filter of system calls. With `starts_processes` processes and programs may be started. `listener` gets
/// the descriptor by which another process judges calls, -1 where the kernel has none. Returns 0, or -1 with errno.
int bio_filter_install(int starts_processes, int landlock_version, int *listener);

// --- The calls that the filter knows ---

/// What is done about a call.
enum bio_deed {
    BIO_DEED_END = 1,    // no honest plugin makes it: it is ended
    BIO_DEED_REFUSE,     // refused, and remembered
    BIO_DEED_COUNT,      // a new thread or process: as many as are allowed
    BIO_DEED_ATTRIBUTES, // done in its stead, where it may write
    BIO_DEED_QUIET,      // refused by the kernel alone
    BIO_DEED_ABSENT,     // as if the kernel did not have it
};

/// What a call is for, in the words of the rules.
enum bio_purpose {
    BIO_PURPOSE_NETWORK = 1,
    BIO_PURPOSE_PROCESS,
    BIO_PURPOSE_OTHERS, // other processes
    BIO_PURPOSE_SYSTEM,
    BIO_PURPOSE_FILES,
};

typedef struct bio_known_call {
    int number;
    const char *name;
    int deed;
    int purpose;
} bio_known_call;

/// The row of a call, or NULL. `starts_processes` as for the filter.
const bio_known_call *bio_known_call_find(int number);

// --- The judge ---

/// A call that waits for an answer.
typedef struct bio_notice {
    uint64_t id;
    pid_t thread;
    int number;
    uint64_t arguments[6];
} bio_notice;

/// Takes one waiting call; -1 with errno (ENOENT: its thread is gone).
int bio_notice_take(int listener, bio_notice *notice);

/// Whether the call still waits.
int bio_notice_is_valid(int listener, uint64_t id);

/// Answers: lets it go on as it is; or lets it return `error` (0: success).
int bio_notice_allow(int listener, uint64_t id);
int bio_notice_answer(int listener, uint64_t id, int error);

/// Does in the caller's stead a call of BIO_DEED_ATTRIBUTES, if what it is about lies beneath one of `writable` (absolute,
/// NULL-terminated list). Returns 0 or the error number that the caller gets; EPERM: it lies elsewhere.
int bio_notice_change_attributes(int listener, const bio_notice *notice, const char *const *writable);

/// Whether a call that sends a signal sends it to processes of the group alone (1 or 0).
int bio_notice_signals_group(const bio_notice *notice, pid_t group);

/// Whether memory, working directory and descriptors of a process can be read, which doing a call in its stead takes (1 or
/// 0): where security modules forbid it (Yama from ptrace_scope 2 on), or without /proc, they cannot.
int bio_process_is_reachable(pid_t process);

/// The same of processes that this one would start, as far as that can be told without one.
int bio_children_are_reachable(void);

/// Threads of all processes of the group; stops counting beyond `limit`. -1 when /proc cannot be read; 0 when it hides
/// them (hidepid).
int bio_group_threads(pid_t group, int limit);

#endif
