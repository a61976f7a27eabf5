// SPDX-License-Identifier: Apache-2.0

#define _GNU_SOURCE
#include "bio_sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

// The headers of Debian 12 are older than the kernels that this runs on; the numbers are the kernel's.
enum { create_ruleset = 444, add_rule = 445, restrict_self = 446 };
enum { version_flag = 1, rule_path_beneath = 1 };

#define EXECUTE (1ull << 0)
#define WRITE_FILE (1ull << 1)
#define READ_FILE (1ull << 2)
#define READ_DIR (1ull << 3)
#define REMOVE_DIR (1ull << 4)
#define REMOVE_FILE (1ull << 5)
#define MAKE_CHAR (1ull << 6)
#define MAKE_DIR (1ull << 7)
#define MAKE_REG (1ull << 8)
#define MAKE_SOCK (1ull << 9)
#define MAKE_FIFO (1ull << 10)
#define MAKE_BLOCK (1ull << 11)
#define MAKE_SYM (1ull << 12)
#define REFER (1ull << 13)     // version 2
#define TRUNCATE (1ull << 14)  // version 3
#define IOCTL_DEV (1ull << 15) // version 5
#define BIND_TCP 1ull          // version 4
#define CONNECT_TCP 2ull
#define SCOPE_SOCKET 1ull // version 6
#define SCOPE_SIGNAL 2ull

struct ruleset {
    uint64_t files, network, scopes;
};
struct path_rule {
    uint64_t access;
    int32_t parent;
} __attribute__((packed));

int bio_landlock_version(void) {
    long version = syscall(create_ruleset, NULL, 0, version_flag);
    return version < 1 ? 0 : (int)version;
}

// What exists of it in this version.
static uint64_t known(int version, uint64_t access) {
    if (version < 2) access &= ~REFER;
    if (version < 3) access &= ~TRUNCATE;
    if (version < 5) access &= ~IOCTL_DEV;
    return access;
}

static const uint64_t all_access = (1ull << 16) - 1, read_access = EXECUTE | READ_FILE | READ_DIR;
static const uint64_t write_access = EXECUTE | READ_FILE | READ_DIR | WRITE_FILE | REMOVE_DIR | REMOVE_FILE | MAKE_DIR | MAKE_REG |
                                     MAKE_FIFO | MAKE_SYM | REFER | TRUNCATE;
static const uint64_t file_access = EXECUTE | READ_FILE | WRITE_FILE | TRUNCATE | IOCTL_DEV;

// 0, -1, or 1 when there is no such place.
static int allow(int ruleset, const char *path, uint64_t access) {
    struct stat status;
    int place = open(path, O_PATH | O_CLOEXEC);
    if (place < 0) return errno == ENOENT || errno == EACCES || errno == ENOTDIR ? 1 : -1;
    int result = fstat(place, &status);
    if (result == 0) {
        struct path_rule rule = {S_ISDIR(status.st_mode) ? access : access & file_access, place};
        result = (int)syscall(add_rule, ruleset, rule_path_beneath, &rule, 0);
    }
    int error = errno;
    close(place);
    errno = error;
    return result;
}

int bio_landlock_restrict(int version, const char *const *writable, const char *const *readable, const char **place) {
    static const char *const devices[] = {"/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom", NULL};
    struct ruleset attributes = {known(version, all_access), 0, 0};
    if (version >= 4) attributes.network = BIND_TCP | CONNECT_TCP;
    if (version >= 6) attributes.scopes = SCOPE_SOCKET | SCOPE_SIGNAL;
    size_t size = version >= 6 ? sizeof attributes : version >= 4 ? 16 : 8;
    *place = NULL;
    int ruleset = (int)syscall(create_ruleset, &attributes, size, 0), result = 0;
    if (ruleset < 0) return -1;
    for (; result == 0 && *writable; writable++) {
        result = allow(ruleset, *writable, known(version, write_access));
        if (result != 0) *place = *writable;
    }
    for (; result >= 0 && *readable; readable++) {
        // One without a reader's rights is no use to the plugin, and no reason to fail.
        result = allow(ruleset, *readable, read_access);
        if (result < 0) *place = *readable;
        else result = 0;
    }
    for (const char *const *device = devices; result >= 0 && *device; device++) {
        result = allow(ruleset, *device, READ_FILE | WRITE_FILE);
        if (result < 0) *place = *device;
        else result = 0;
    }
    if (result == 0) result = (int)syscall(restrict_self, ruleset, 0);
    int error = errno;
    close(ruleset);
    errno = error;
    return result == 0 ? 0 : -1;
}

// linux/capability.h, version 3.
static struct {
    uint32_t version;
    int32_t process;
} header = {0x20080522, 0};
typedef struct capabilities {
    uint32_t effective, permitted, inheritable;
} capabilities;

int bio_has_capability(int number) {
    capabilities own[2];
    return syscall(SYS_capget, &header, own) == 0 && (own[number / 32].effective & (1u << number % 32)) != 0;
}

int bio_drop_privileges(void) {
    // 2 is the number of CAP_DAC_READ_SEARCH.
    capabilities none[2] = {{0, 0, 0}, {0, 0, 0}}, kept[2];
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return -1;
    if (syscall(SYS_capget, &header, kept) != 0) return -1;
    none[0].permitted = none[0].effective = kept[0].permitted & (1u << 2);
    // A program that a superuser's process executes gets what the bounding set holds: nothing but that, too.
    for (int capability = 0; capability < 64; capability++)
        if (capability != 2) prctl(PR_CAPBSET_DROP, capability, 0, 0, 0);
    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
    return (int)syscall(SYS_capset, &header, none);
}

// Never more than it may have already.
static int limit(int resource, int64_t value) {
    struct rlimit now;
    if (getrlimit((__rlimit_resource_t)resource, &now) != 0) return -1;
    if (now.rlim_max > (rlim_t)value) now.rlim_max = (rlim_t)value;
    if (now.rlim_cur > now.rlim_max) now.rlim_cur = now.rlim_max;
    return setrlimit((__rlimit_resource_t)resource, &now);
}

int bio_limit_process(int64_t memory, int64_t open_files, int64_t file_size) {
    return limit(RLIMIT_AS, memory) == 0 && limit(RLIMIT_NOFILE, open_files) == 0 && limit(RLIMIT_FSIZE, file_size) == 0 &&
                   limit(RLIMIT_CORE, 0) == 0 && limit(RLIMIT_MSGQUEUE, 0) == 0
               ? 0
               : -1;
}

void bio_end_me_first(void) {
    int file = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
    if (file < 0) return;
    // One that is written already is higher, or may not be lowered: neither matters.
    if (write(file, "1000", 4) < 0) errno = 0;
    close(file);
}
