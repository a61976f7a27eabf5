/* SPDX-License-Identifier: Apache-2.0 */

/* The order of things: directories, init, run and post-run, post-stop. */
#define _GNU_SOURCE
#include "account.h"
#include "hook.h"
#include "spec.h"
#include "watch.h"

#include <signal.h>
#include <string.h>
#include <unistd.h>

enum { exit_usage = 64, exit_no_user = 67 };

/* It is large, and the stack of a first process need not be. */
static struct spec spec;

/* Seconds that hooks may take that are not the service: what hangs after it must not look like one that runs. */
enum { health_limit = 30, health_timeout = 2, post_stop_limit = 60 };

/* Runs a hook to its end; its exit code. None is as good as one that succeeds. */
static int run_hook(const char *program, struct watch watch, int *stopped) {
    if (!program) return 0;
    watch.child = hook_start(&spec, program, watch.limit == health_limit ? hook_dies_with_us : hook_lives_on);
    return watch.child < 0 ? exit_not_runnable : watch_wait(&watch, stopped);
}

static int run_service(void) {
    const struct watch ordinary = {0, spec.service, spec.stop_signal, spec.timeout, 0};
    struct watch closing = ordinary;
    char digits[12];
    int stopped = 0;
    closing.limit = post_stop_limit;
    give_directories(&spec);
    int code = run_hook(spec.init, ordinary, &stopped);
    if (code != 0 && !stopped) {
        SAY("the init hook of '", spec.service, "' failed: it ended with exit code ", number(digits, code));
        return code;
    }
    if (stopped) return 128 + stopped;
    struct watch service = ordinary;
    service.child = hook_start(&spec, spec.run, hook_lives_on);
    if (service.child < 0) return exit_not_runnable;
    /* Nobody waits for it: it is about a service that runs. */
    if (spec.post_run) watch_companion(hook_start(&spec, spec.post_run, hook_lives_on));
    code = watch_wait(&service, &stopped);
    run_hook(spec.post_stop, closing, &stopped);
    return code;
}

/* Health by the rules of hooks, 0 well, 1 a warning, 2 critical, as engines want it: 0 or 1. */
static int check_health(void) {
    const struct watch check = {0, spec.service, SIGTERM, health_timeout, health_limit};
    int stopped = 0;
    if (!spec.health_check) return SAY("'", spec.service, "' has no health-check hook"), 1;
    int code = run_hook(spec.health_check, check, &stopped);
    return code == 0 || code == 1 ? 0 : 1;
}

int main(int count, char **words) {
    int is_check = count == 3 && !strcmp(words[1], "health");
    watch_begin();
    if (count != 2 && !is_check) return SAY("usage: bio-init [health] SPEC"), exit_usage;
    if (spec_read(words[count - 1], &spec) < 0) return exit_usage;
    if (account_find(&spec) < 0) return exit_no_user;
    int code = is_check ? check_health() : run_service();
    watch_end();
    return code;
}
