/* SPDX-License-Identifier: Apache-2.0
 * Behaviours that call services wrongly, or fail without sense. */
#define _GNU_SOURCE
#include "hostile.h"

#include <pthread.h>

static int32_t write_archive(const task *t, bio_handle tree) {
    const bio_archive *archive = service(t, BIO_EXT_ARCHIVE);
    bio_str path = text(FILE_NAME), compression = text("none");
    bio_written written = {.struct_size = sizeof written};
    return archive->write(t->host, tree, &path, &compression, &written);
}
static bio_handle new_tree(const task *t) {
    const bio_rootfs *rootfs = service(t, BIO_EXT_ROOTFS);
    bio_handle tree = 0;
    rootfs->begin(t->host, &tree);
    return tree;
}
static int32_t zero_handle(const task *t) { return write_archive(t, 0); }
static int32_t forged_handle(const task *t) { return write_archive(t, 0xdeadbeef); }
static int32_t stale_handle(const task *t) { return write_archive(t, new_tree(t) + 1); }
static int32_t archive_early(const task *t) { return write_archive(t, new_tree(t)); }
static int32_t archive_twice(const task *t) {
    int32_t code = write_archive(t, new_tree(t));
    return code != BIO_OK ? code : write_archive(t, new_tree(t));
}
static int32_t many_trees(const task *t) {
    const bio_rootfs *rootfs = service(t, BIO_EXT_ROOTFS);
    bio_handle tree;
    int32_t code = BIO_OK;
    for (int i = 0; i < 65 && code == BIO_OK; i++) code = rootfs->begin(t->host, &tree);
    return code;
}
static int32_t package_range(const task *t) {
    const bio_rootfs *rootfs = service(t, BIO_EXT_ROOTFS);
    return rootfs->add_package(t->host, new_tree(t), 4000000000u);
}
static int32_t file_range(const task *t) {
    const bio_files *files = service(t, BIO_EXT_FILES);
    int32_t descriptor;
    return files->open(t->host, 0, (uint64_t)1 << 40, &descriptor);
}
static int32_t tree_escape(const task *t) {
    const bio_rootfs *rootfs = service(t, BIO_EXT_ROOTFS);
    bio_str path = text("a/../../b"), content = text(CONTENT);
    return rootfs->add_file(t->host, new_tree(t), &path, 0644, &content);
}
static int32_t tree_mode(const task *t) {
    const bio_rootfs *rootfs = service(t, BIO_EXT_ROOTFS);
    bio_str path = text("a");
    return rootfs->add_directory(t->host, new_tree(t), &path, 0100755);
}
static int32_t fill_trees(const task *t) {
    const bio_rootfs *rootfs = service(t, BIO_EXT_ROOTFS);
    static char bytes[65536], name[64];
    bio_handle trees[2] = {new_tree(t), new_tree(t)};
    bio_str content = {bytes, sizeof bytes};
    for (int i = 0; i < 100000; i++) {
        snprintf(name, sizeof name, "f%d", i);
        bio_str path = text(name);
        int32_t code = rootfs->add_file(t->host, trees[i % 2], &path, 0644, &content);
        if (code != BIO_OK) return code;
    }
    return good_run(t);
}
static int32_t big_arena(const task *t) {
    const bio_arena *arena = service(t, BIO_EXT_ARENA);
    const uint64_t most = (uint64_t)1 << 30;
    if (arena->allocate(t->host, most + 1, 16)) return BIO_E_LIMIT;
    /* As much as is allowed costs nothing before it is used, but addresses: of those the sandbox gives 4 GiB. */
    for (int i = 0; i < 2; i++)
        if (!arena->allocate(t->host, most, 4096)) return BIO_E_LIMIT;
    return good_run(t);
}
static void *thread_main(void *argument) {
    const task *t = argument;
    bio_handle tree;
    const bio_rootfs *rootfs = service(t, BIO_EXT_ROOTFS);
    return (void *)(intptr_t)rootfs->begin(t->host, &tree);
}
static int32_t other_thread(const task *t) {
    pthread_t thread;
    void *code = NULL;
    if (pthread_create(&thread, NULL, thread_main, (void *)(uintptr_t)t) != 0) return BIO_E_LIMIT;
    pthread_join(thread, &code);
    return (int32_t)(intptr_t)code;
}

/* ---- Reasons ---- */

static int32_t fail(const task *t, int32_t code, const char *message) {
    const bio_fail *service_table = service(t, BIO_EXT_FAIL);
    bio_error error = {sizeof error, 0, code, BIO_SUBJECT_OPTION, text("behaviour"), text(message), text("behave")};
    return service_table->fail(t->host, &error);
}

static int32_t no_reason(const task *t) {
    (void)t;
    return 103;
}
static int32_t reason(const task *t) { return fail(t, 103, "the moon is full"); }
static int32_t bad_reason(const task *t) { return fail(t, 103, "the m\xffon"); }
static int32_t long_reason(const task *t) {
    static char message[10001] = "x";
    for (size_t i = 1; i + 2 < sizeof message; i += 2) memcpy(message + i, "\xc3\xa9", 2);
    return fail(t, 103, message);
}
static int32_t zero_reason(const task *t) { return fail(t, 0, "nothing is wrong"); }
static int32_t reason_but_done(const task *t) {
    fail(t, 103, "an old reason");
    return BIO_OK;
}
static int32_t small_error(const task *t) {
    const bio_fail *service_table = service(t, BIO_EXT_FAIL);
    bio_error error = {4, 0, 103, 0, text(""), text("small"), text("")};
    return service_table->fail(t->host, &error);
}

const behaviour bad_calls[] = {
    {"zero-handle", good_validate, good_plan, zero_handle},
    {"forged-handle", good_validate, good_plan, forged_handle},
    {"stale-handle", good_validate, good_plan, stale_handle},
    {"archive-early", good_validate, archive_early, good_run},
    {"archive-twice", good_validate, good_plan, archive_twice},
    {"many-trees", good_validate, good_plan, many_trees},
    {"package-range", good_validate, good_plan, package_range},
    {"file-range", good_validate, good_plan, file_range},
    {"tree-escape", good_validate, good_plan, tree_escape},
    {"tree-mode", good_validate, good_plan, tree_mode},
    {"other-thread", good_validate, good_plan, other_thread},
    {"fill-trees", good_validate, good_plan, fill_trees},
    {"big-arena", good_validate, good_plan, big_arena},
    {"long-reason", good_validate, good_plan, long_reason},
    {"no-reason", good_validate, good_plan, no_reason},
    {"reason", good_validate, good_plan, reason},
    {"bad-reason", good_validate, good_plan, bad_reason},
    {"zero-reason", good_validate, good_plan, zero_reason},
    {"stale-reason", reason_but_done, no_reason, good_run},
    {"small-error", good_validate, good_plan, small_error},
    {NULL, NULL, NULL, NULL},
};
