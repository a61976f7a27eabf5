/* SPDX-License-Identifier: Apache-2.0
 * Executes PROGRAM, with the arguments it is given, as if on a kernel that lacks the system calls MISSING, and with the
 * library PRELOADED where that is one (macros: what it starts as has an environment of its own). */
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <unistd.h>

int main(int count, char **arguments) {
    static const unsigned missing[] = {MISSING};
    struct sock_filter steps[64] = {BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr))};
    unsigned short length = 1;
    for (size_t i = 0; i < sizeof missing / sizeof missing[0]; i++) {
        steps[length++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, missing[i], 0, 1);
        steps[length++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS);
    }
    steps[length++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    struct sock_fprog program = {length, steps};
    (void)count;
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0) return 126;
#ifdef PRELOADED
    if (setenv("LD_PRELOAD", PRELOADED, 1) != 0) return 126;
#endif
    execv(PROGRAM, arguments);
    perror(PROGRAM);
    return 127;
}
