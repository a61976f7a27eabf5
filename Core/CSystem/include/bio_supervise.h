// SPDX-License-Identifier: Apache-2.0
// What a supervisor waits for: signals, changes of files, connections, the end of its children. Every descriptor is
// close-on-exec and does not block. Calls return -1 with errno unless they say otherwise.

#ifndef BIO_SUPERVISE_H
#define BIO_SUPERVISE_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/// Blocks these signals in the calling thread; the descriptor is readable when one has come.
int bio_signals_open(const int *numbers, size_t count);

/// The number of one signal that has come, or 0.
int bio_signals_next(int fd);

/// Reaps one child, whichever has ended: its id, 0 when none has, and its status as waitpid(2) gives it.
pid_t bio_reap(int *status);

/// Becomes who adopts the orphans of its descendants.
int bio_become_subreaper(void);

/// inotify(7): a descriptor that is readable when an entry of a watched directory is made, changed or removed, or the
/// directory itself goes.
int bio_watch_open(void);
int bio_watch_directory(int fd, const char *path);
void bio_watch_forget(int fd, int watch);

/// Takes all that has happened: 1 when something has.
int bio_watch_drain(int fd);

/// A unix socket `name` in the open directory, mode 0600, in the place of one that is there; and a connection to one,
/// whose reads and writes block for `seconds` at most. The path of the directory may be as long as it likes.
int bio_local_listen(int directory, const char *name);
int bio_local_connect(int directory, const char *name, int seconds);

/// Takes a connection in. `user` gets who is at the other end of a unix socket.
int bio_accept(int fd, uid_t *user);

/// Listens at a numeric address, IPv4 or IPv6, and a port. `port` 0 takes any; the port that it is.
int bio_tcp_listen(const char *address, uint16_t port);
uint16_t bio_tcp_port(int fd);

/// Makes a FIFO that its owner may read and write.
int bio_make_fifo(const char *path);

/// Lets a pipe hold more, as far as the system allows.
void bio_widen_pipe(int fd, int bytes);

/// Reads once what is there. 0 at the end, -1 with EAGAIN when there is nothing.
ssize_t bio_read_some(int fd, void *bytes, size_t count);

/// Writes once, however much it takes. SIGPIPE is not raised by sockets.
ssize_t bio_write_some(int fd, const void *bytes, size_t count);

/// Gives back the pages of the program's code and constants: they are read from its file again when they are needed.
void bio_release_code(void);

#endif
