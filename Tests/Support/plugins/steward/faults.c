/* SPDX-License-Identifier: Apache-2.0
 * Calls of bio.host.tool/1, bio.host.secret/1 and bio.host.registry/1 that the host must refuse. */
#include "steward.h"

#include <pthread.h>

#define SHELL(...)                                                    \
    const bio_str arguments[] = {TEXT("-c"), __VA_ARGS__};            \
    bio_tool_call call = shell(arguments, COUNT(arguments))

/* ---- Programs ---- */

static int32_t early(const task *t) {
    SHELL(TEXT(":"));
    return run_call(t, &call);
}
static int32_t not_listed(const task *t) {
    SHELL(TEXT(":"));
    call.program = text("cc");
    return run_call(t, &call);
}
static int32_t path_as_program(const task *t) {
    SHELL(TEXT(":"));
    call.program = text("/bin/sh");
    return run_call(t, &call);
}
static int32_t no_arguments(const task *t) {
    bio_tool_call call = shell(NULL, 3);
    return run_call(t, &call);
}
static int32_t endless_arguments(const task *t) {
    SHELL(TEXT(":"));
    call.argument_count = UINT32_MAX;
    return run_call(t, &call);
}
static int32_t many_arguments(const task *t) {
    static bio_str arguments[257];
    bio_tool_call call = shell(arguments, COUNT(arguments));
    return run_call(t, &call);
}
static int32_t nul_argument(const task *t) {
    SHELL(TEXT("a\0b"));
    return run_call(t, &call);
}
static int32_t argument_nowhere(const task *t) {
    SHELL({NULL, 5});
    return run_call(t, &call);
}
static int32_t short_call(const task *t) {
    SHELL(TEXT(":"));
    call.struct_size = 16;
    return run_call(t, &call);
}
static int32_t new_flags(const task *t) {
    SHELL(TEXT(":"));
    call.flags = (uint32_t)1 << 20;
    return run_call(t, &call);
}
static int32_t long_time(const task *t) {
    SHELL(TEXT(":"));
    call.seconds = UINT32_MAX;
    return run_call(t, &call);
}
static int32_t input_outside(const task *t) {
    SHELL(TEXT("cat"));
    call.input = text("../../../etc/passwd");
    return run_call(t, &call);
}
static int32_t input_missing(const task *t) {
    SHELL(TEXT("cat"));
    call.input = text("nothing");
    return run_call(t, &call);
}
static int32_t output_outside(const task *t) {
    SHELL(TEXT(":"));
    call.output = text("/tmp/steward");
    return run_call(t, &call);
}
static int32_t output_taken(const task *t) {
    SHELL(TEXT(":"));
    call.output = text("letter");
    return run_call(t, &call);
}
static int32_t slow(const task *t) {
    SHELL(TEXT("sleep 60"));
    call.seconds = 1;
    return run_call(t, &call);
}
static int32_t loud(const task *t) {
    SHELL(TEXT("yes"));
    return run_call(t, &call);
}
/* As bytes it is short enough. */
static int32_t not_text(const task *t) {
    SHELL(TEXT("head -c 60000 /dev/zero | tr '\\0' '\\377'"));
    return run_call(t, &call);
}
/* A secret of one letter, which is said often. */
static int32_t many_secrets(const task *t) {
    SHELL(TEXT("yes | head -c 60000"));
    int32_t code = open_secret(t, "passphrase", &call.secret);
    return code == BIO_OK ? run_call(t, &call) : code;
}

struct attempt {
    const task *task;
    int32_t code;
};
static void *attempt(void *raw) {
    struct attempt *own = raw;
    own->code = early(own->task);
    return NULL;
}
static int32_t from_thread(const task *t) {
    struct attempt own = {t, BIO_OK};
    pthread_t thread;
    if (pthread_create(&thread, NULL, attempt, &own) != 0) return BIO_E_FAILED;
    pthread_join(thread, NULL);
    return own.code;
}

/* ---- Secrets ---- */

static int32_t forged_secret(const task *t) {
    SHELL(TEXT("cat <&3"));
    call.secret = 77;
    return run_call(t, &call);
}
static int32_t secret_of_nothing(const task *t) {
    bio_handle secret;
    return open_secret(t, "nothing", &secret);
}
static int32_t secret_of_text(const task *t) {
    bio_handle secret;
    return open_secret(t, "behaviour", &secret);
}
static int32_t secret_not_given(const task *t) {
    bio_handle secret;
    return open_secret(t, "note", &secret);
}

/* ---- Registries ---- */

static int32_t push_early(const task *t) {
    bio_oci_artifact artifact = pushed();
    return push(t, &artifact);
}
static int32_t push_unplanned(const task *t) {
    bio_oci_artifact artifact = pushed();
    artifact.tag = text("other");
    return push(t, &artifact);
}
static int32_t push_no_option(const task *t) {
    bio_oci_artifact artifact = pushed();
    artifact.option = text("nothing");
    return push(t, &artifact);
}
static int32_t push_to_path(const task *t) {
    bio_oci_artifact artifact = pushed();
    artifact.option = text("note");
    return push(t, &artifact);
}
static int32_t push_no_tag(const task *t) {
    bio_oci_artifact artifact = pushed();
    artifact.tag = text("");
    return push(t, &artifact);
}
static int32_t push_odd_name(const task *t) {
    bio_oci_artifact artifact = pushed();
    artifact.name = text("../Letter");
    return push(t, &artifact);
}
static int32_t push_odd_type(const task *t) {
    bio_oci_artifact artifact = pushed();
    artifact.layer_type = text("text/plain\nX-Evil: 1");
    return push(t, &artifact);
}
static int32_t push_large_config(const task *t) {
    static char config[(64 << 10) + 1];
    bio_oci_artifact artifact = pushed();
    artifact.config.ptr = config;
    artifact.config.len = sizeof config;
    return push(t, &artifact);
}
static int32_t push_key_twice(const task *t) {
    const bio_kv annotations[] = {{TEXT("a"), TEXT("1")}, {TEXT("a"), TEXT("2")}};
    bio_oci_artifact artifact = pushed();
    artifact.annotations = annotations;
    artifact.annotation_count = COUNT(annotations);
    return push(t, &artifact);
}
static int32_t push_nothing(const task *t) {
    bio_oci_artifact artifact = pushed();
    artifact.layer = text("nothing");
    return push(t, &artifact);
}

const behaviour faults[] = {
    {"early", 1, early},
    {"not-listed", 0, not_listed},
    {"path-as-program", 0, path_as_program},
    {"no-arguments", 0, no_arguments},
    {"endless-arguments", 0, endless_arguments},
    {"many-arguments", 0, many_arguments},
    {"nul-argument", 0, nul_argument},
    {"argument-nowhere", 0, argument_nowhere},
    {"short-call", 0, short_call},
    {"new-flags", 0, new_flags},
    {"long-time", 0, long_time},
    {"input-outside", 0, input_outside},
    {"input-missing", 0, input_missing},
    {"output-outside", 0, output_outside},
    {"output-taken", 0, output_taken},
    {"slow", 0, slow},
    {"loud", 0, loud},
    {"not-text", 0, not_text},
    {"many-secrets", 0, many_secrets},
    {"from-thread", 0, from_thread},
    {"forged-secret", 0, forged_secret},
    {"secret-of-nothing", 0, secret_of_nothing},
    {"secret-of-text", 0, secret_of_text},
    {"secret-not-given", 0, secret_not_given},
    {"push-early", 1, push_early},
    {"push-unplanned", 0, push_unplanned},
    {"push-no-option", 0, push_no_option},
    {"push-to-path", 0, push_to_path},
    {"push-no-tag", 0, push_no_tag},
    {"push-odd-name", 0, push_odd_name},
    {"push-odd-type", 0, push_odd_type},
    {"push-large-config", 0, push_large_config},
    {"push-key-twice", 0, push_key_twice},
    {"push-nothing", 0, push_nothing},
    {NULL, 0, NULL},
};
