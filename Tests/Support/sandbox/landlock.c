/* SPDX-License-Identifier: Apache-2.0
 * Preloaded into a runner: the kernel says that its Landlock is of VERSION (a macro). Nothing else is changed: what is
 * not asked of Landlock it does not do, as one of that version would not. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>

enum { create_ruleset = 444, version_flag = 1 };

/* What it starts has the kernel as it is. */
__attribute__((constructor)) static void hide(void) { unsetenv("LD_PRELOAD"); }

long syscall(long number, long a, long b, long c, long d, long e, long f) {
    long (*kernel)(long, ...) = (long (*)(long, ...))dlsym(RTLD_NEXT, "syscall");
    long result = kernel(number, a, b, c, d, e, f);
    return number == create_ruleset && c == version_flag && result > VERSION ? VERSION : result;
}
