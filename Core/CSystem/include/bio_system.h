// SPDX-License-Identifier: Apache-2.0
// What Swift's libc overlay cannot express: variadic calls, macros, control messages, new system calls.

#ifndef BIO_SYSTEM_H
#define BIO_SYSTEM_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "bio_sandbox.h"
#include "bio_supervise.h"

/// open(2), openat(2) with O_CLOEXEC always added; EINTR is retried.
int bio_open(const char *path, int flags, unsigned mode);
int bio_openat(int directory, const char *path, int flags, unsigned mode);

/// O_PATH: a directory to go from, also one that may not be listed.
extern const int bio_o_path;

/// openat2(2) with RESOLVE_BENEATH|RESOLVE_NO_SYMLINKS|RESOLVE_NO_MAGICLINKS: the path cannot leave `directory`
/// and no component is a symbolic link. Falls back to nothing: ENOSYS is returned on kernels before 5.6.
int bio_open_beneath(int directory, const char *path, int flags, unsigned mode);

/// renameat2(2) with RENAME_NOREPLACE: fails with EEXIST instead of replacing.
int bio_rename_noreplace(int from_directory, const char *from, int to_directory, const char *to);

/// renameat2(2) with RENAME_EXCHANGE: the two entries change places in one step.
int bio_rename_exchange(int from_directory, const char *from, int to_directory, const char *to);

/// mkostemp(3) with O_CLOEXEC: replaces the closing XXXXXX of `pattern`.
int bio_mkstemp(char *pattern);

/// The text of an error number in the C locale, or NULL.
const char *bio_error_text(int number);

/// pipe2(2) with O_CLOEXEC.
int bio_pipe(int ends[2]);

/// memfd_create(2), sealing it against every further change, and whether a file is sealed so (1 or 0).
int bio_memfd(const char *name);
int bio_memfd_seal(int fd);
int bio_memfd_is_sealed(int fd);

/// One message with up to `fd_count` (at most 4) descriptors. Returns bytes sent or -1; SIGPIPE is never raised.
ssize_t bio_send(int socket, const void *bytes, size_t count, const int *fds, size_t fd_count);

/// Receives up to `count` bytes and up to 4 descriptors (close-on-exec). `*fd_count` is set to how many arrived.
/// Descriptors beyond four, or a truncated control message, close what arrived and fail with EMSGSIZE.
ssize_t bio_receive(int socket, void *bytes, size_t count, int *fds, size_t *fd_count);

/// syncfs(2): everything of the file system that `fd` is on.
int bio_syncfs(int fd);

/// FICLONE: `target` shares all of the blocks of `source`, where the file system can. And copy_file_range(2): up to
/// `count` bytes within the kernel, from position to position, both of which move; EINTR is retried.
int bio_clone(int source, int target);
ssize_t bio_copy_range(int source, int target, size_t count);

/// The words of the command line, the program's name first, as the kernel gave them: no file is read for it.
char *const *bio_arguments(int *count);

/// A pidfd of a child, or -1 with errno.
int bio_pidfd_open(pid_t pid);

/// Sends a signal to the process of a pidfd: 0, or -1 with errno.
int bio_pidfd_signal(int fd, int number);

/// Columns of the terminal at `fd`, 0 when it is not one.
int bio_terminal_columns(int fd);

/// Closes every descriptor from `first` on (close_range(2)).
void bio_close_from(int first);

/// F_GETFL/F_SETFL O_NONBLOCK, and F_SETFD FD_CLOEXEC.
int bio_set_nonblocking(int fd, int on);
int bio_set_cloexec(int fd, int on);

/// fcntl(2) F_DUPFD_CLOEXEC.
int bio_duplicate(int fd);

/// open(2) of `directory` with O_TMPFILE: a file without a name, mode 0600; and linkat(2), which gives the open file
/// the name `path` unless that is taken. For both /proc must be mounted: the first fails with ENOENT when it is not.
int bio_open_unnamed(const char *directory);
int bio_name(int fd, const char *path);

/// flock(2), retried on EINTR. `exclusive` 0 takes a shared lock; `wait` 0 returns EWOULDBLOCK at once.
int bio_flock(int fd, int exclusive, int wait);

/// A lock on one byte of a file, which belongs to the open file (F_OFD_SETLK), without waiting and retried on EINTR:
/// `kind` 0 gives it up, 1 shares it, 2 takes it alone. Fails with EAGAIN or EACCES while another open file has it.
int bio_lock_byte(int fd, int64_t offset, int kind);

/// PR_SET_PDEATHSIG: the kernel kills this process when its parent dies. `socket` is one end of a pair that the parent
/// made: a parent that it does not name is another one, the real one has died already, and this process exits.
void bio_die_with_parent(int socket);

/// The name of this thread, and of a process with one, at most 15 bytes, as lists of processes show it.
void bio_set_thread_name(const char *name);

/// The wait status in words Swift can use: exit code or -1, and the signal or 0.
int bio_wait_exit_code(int status);
int bio_wait_signal(int status);

/// Signal number to name without "SIG" ("SEGV"), or NULL.
const char *bio_signal_name(int signal_number);

/// A library that is bound on first use, so that starting the program does not pay for it.
typedef struct bio_late_library {
    const char *soname;
    const char *const *names;  // `count` symbol names
    void **slots;              // `count` places for the addresses
    size_t count;
    int state;                 // 0 not tried, 1 bound, 2 failed; guarded by an internal lock
} bio_late_library;

/// Binds every symbol with RTLD_NOW|RTLD_LOCAL. Returns NULL, or a static text that says what is missing. Any thread.
const char *bio_late_bind(bio_late_library *library);

// Signals that ask the program to end, turned into a flag and a readable descriptor (interrupt.c).

/// Catches SIGINT, SIGTERM and SIGHUP (each unless it is ignored already) and ignores SIGPIPE. The first signal sets
/// the flag and makes the descriptor readable for ever; a second one kills the process by its default action.
/// Returns the descriptor, or -1 with errno. Call once, from the main thread.
int bio_interrupt_install(void);

/// The number of the signal that came, or 0. Any thread.
int bio_interrupt_signal(void);

/// Opens /dev/null for every closed one of the descriptors 0, 1, 2, so that no file opened later takes its place.
/// Writing to a replaced standard output fails with EBADF; standard error swallows.
void bio_fill_standard_descriptors(void);

/// Gives buffers of 64 KiB and more back to the system as soon as they are freed, for good: by itself glibc keeps ever
/// larger ones, and what lies between them then holds hundreds of megabytes. Before any thread is made.
void bio_bound_heap(void);

/// Whether this process has more rights than who started it: set-user-id, set-group-id, file capabilities.
int bio_is_privileged(void);

/// What a child process is started with (spawn.c). Lists end with NULL.
typedef struct bio_spawn_plan {
    const char *path;            // the file to execute
    char *const *arguments;      // the first is the name it is called by
    char *const *variables;
    const char *directory;       // its working directory
    int input, output, errors;   // become 0, 1 and 2; everything else is closed
    int third;                   // becomes 3; 0: nothing does
    int change_user;             // 0: stays what the parent is
    uid_t uid;
    gid_t gid;
    const gid_t *groups;         // supplementary
    size_t group_count;
    int64_t file_limit;          // RLIMIT_FSIZE, and RLIMIT_CORE is 0; 0: neither
    int die_with_parent;         // killed when the thread that started it ends
    const char *record;          // a file that gets the child's /proc/self/stat before it executes; NULL: none
} bio_spawn_plan;

/// Starts a child in a process group of its own, umask 022, every signal at its default and unblocked. Returns its id
/// once it executes; else -1 with errno, and what failed in `failed_step` (static text, a verb with its object open).
pid_t bio_spawn(const bio_spawn_plan *plan, const char **failed_step);

// What `bio plugin check` sets in a runner and looks at afterwards (trial.c). From the runner's own thread, before the
// plugin has any.

/// Sets the umask unless `mask` is negative, and the working directory unless it is empty. 0, or -1 with errno.
int bio_trial_begin(const char *directory, int mask);

/// Sets a variable, `NAME=VALUE`, for good. 0, or -1.
int bio_trial_set_variable(const char *entry);

/// The umask.
uint32_t bio_trial_mask(void);

/// The name of the locale of all categories; NULL when there is none.
const char *bio_trial_locale(void);

/// Entry `index` of the environment; NULL behind the last, which must not be passed.
const char *bio_trial_variable(int index);

/// The handler of a signal as a number: 0 the default, 1 ignored.
uintptr_t bio_trial_signal_handler(int number);

#endif
