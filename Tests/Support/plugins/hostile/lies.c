/* SPDX-License-Identifier: Apache-2.0
 * Behaviours whose artifacts are not what is said. */
#define _GNU_SOURCE
#include "hostile.h"

#include <sys/stat.h>
#include <unistd.h>

static int32_t bad_kind_bytes(const task *t) {
    bio_artifact made = artifact(FILE_NAME);
    made.kind = text("te\xffxt");
    return emit(t, made);
}
static int32_t unknown_kind(const task *t) {
    bio_artifact made = artifact(FILE_NAME);
    made.kind = text("novel");
    return emit(t, made);
}
static int32_t unknown_form(const task *t) {
    bio_artifact made = artifact(FILE_NAME);
    made.form = 9;
    return emit(t, made);
}
static int32_t unknown_role(const task *t) {
    bio_artifact made = artifact(FILE_NAME);
    made.role = 9;
    return emit(t, made);
}
static int32_t must_understand(const task *t) {
    bio_artifact made = artifact(FILE_NAME);
    made.flags = (uint32_t)1 << 16;
    return emit(t, made);
}
static int32_t small_artifact(const task *t) {
    bio_artifact made = artifact(FILE_NAME);
    made.struct_size = 8;
    return emit(t, made);
}
static int32_t wrong_size(const task *t) {
    bio_artifact made = artifact(FILE_NAME);
    made.size = 999;
    put_out(t, FILE_NAME);
    return emit(t, made);
}
static int32_t wrong_digest(const task *t) {
    bio_artifact made = artifact(FILE_NAME);
    made.digest = text("sha256:0000000000000000000000000000000000000000000000000000000000000000");
    put_out(t, FILE_NAME);
    return emit(t, made);
}
static int32_t no_digest(const task *t) {
    bio_artifact made = artifact(FILE_NAME);
    made.digest = text("md5:00");
    return emit(t, made);
}
static int32_t not_written(const task *t) { return emit_path(t, FILE_NAME); }
static int32_t not_planned(const task *t) {
    put_out(t, "other.txt");
    return emit_path(t, "other.txt");
}
static int32_t twice(const task *t) {
    int32_t code = good_run(t);
    return code != BIO_OK ? code : good_run(t);
}
static int32_t plan_twice(const task *t) {
    int32_t code = good_plan(t);
    return code != BIO_OK ? code : good_plan(t);
}
static int32_t plan_sidecar(const task *t) {
    bio_artifact made = artifact(FILE_NAME);
    made.role = BIO_ARTIFACT_SIDECAR;
    return emit(t, made);
}
static int32_t plan_two(const task *t) {
    int32_t code = good_plan(t);
    return code != BIO_OK ? code : emit_path(t, "second.txt");
}
static int32_t plan_nested(const task *t) {
    bio_artifact inner = artifact(FILE_NAME "/inner");
    inner.role = BIO_ARTIFACT_SIDECAR;
    int32_t code = good_plan(t);
    return code != BIO_OK ? code : emit(t, inner);
}
static int32_t plan_nothing(const task *t) {
    (void)t;
    return BIO_OK;
}
static int32_t plan_parent(const task *t) { return emit_path(t, "../x"); }
static int32_t plan_absolute(const task *t) { return emit_path(t, "/etc/bio-was-here"); }
static int32_t plan_dash(const task *t) { return emit_path(t, "-rf"); }
static int32_t plan_link(const task *t) { return emit_path(t, "link/" FILE_NAME); }
static int32_t run_link(const task *t) {
    put(at(t->job->scratch_dir, FILE_NAME), CONTENT);
    const char *link = at(t->job->out_dir, "link");
    if (symlink(t->job->scratch_dir.ptr, link) != 0) return BIO_E_IO;
    return emit_path(t, "link/" FILE_NAME);
}
static int32_t run_symlink(const task *t) {
    if (symlink("/etc/passwd", at(t->job->out_dir, FILE_NAME)) != 0) return BIO_E_IO;
    return emit_path(t, FILE_NAME);
}
static int32_t run_fifo(const task *t) {
    if (mkfifo(at(t->job->out_dir, FILE_NAME), 0600) != 0) return BIO_E_IO;
    return emit_path(t, FILE_NAME);
}
static int32_t run_directory(const task *t) {
    if (mkdir(at(t->job->out_dir, FILE_NAME), 0700) != 0) return BIO_E_IO;
    return emit_path(t, FILE_NAME);
}
static int32_t rewrite(const task *t) {
    int32_t code = good_run(t);
    put(at(t->job->out_dir, FILE_NAME), "HELLO\n");
    return code;
}
static int32_t rewrite_longer(const task *t) {
    bio_artifact made = artifact(FILE_NAME);
    made.size = sizeof CONTENT - 1;
    put_out(t, FILE_NAME);
    int32_t code = emit(t, made);
    put(at(t->job->out_dir, FILE_NAME), "much longer\n");
    return code;
}
static int32_t swap_for_link(const task *t) {
    int32_t code = good_run(t);
    const char *path = at(t->job->out_dir, FILE_NAME);
    if (unlink(path) != 0 || symlink("/etc/passwd", path) != 0) return BIO_E_IO;
    return code;
}

/* ---- Directories ---- */

static bio_artifact directory_artifact(void) {
    bio_artifact made = artifact(FILE_NAME);
    made.form = BIO_FORM_DIRECTORY;
    return made;
}
static int32_t plan_tree(const task *t) { return emit(t, directory_artifact()); }
static int32_t plan_claim(const task *t) {
    bio_artifact made = directory_artifact();
    made.size = 1;
    return emit(t, made);
}
static int32_t good_tree(const task *t) {
    if (mkdir(at(t->job->out_dir, FILE_NAME), 0700) != 0) return BIO_E_IO;
    put_out(t, FILE_NAME "/run");
    put_out(t, FILE_NAME "/text");
    if (chmod(at(t->job->out_dir, FILE_NAME "/run"), 04700) != 0) return BIO_E_IO;
    if (chmod(at(t->job->out_dir, FILE_NAME "/text"), 0666) != 0) return BIO_E_IO;
    if (symlink("text", at(t->job->out_dir, FILE_NAME "/link")) != 0) return BIO_E_IO;
    return emit(t, directory_artifact());
}
static int32_t swap_tree(const task *t) {
    const char *path = at(t->job->out_dir, FILE_NAME);
    if (mkdir(path, 0700) != 0) return BIO_E_IO;
    int32_t code = emit(t, directory_artifact());
    if (rmdir(path) != 0 || symlink("/etc", path) != 0) return BIO_E_IO;
    return code;
}
static int32_t link_in_tree(const task *t) {
    if (mkdir(at(t->job->out_dir, FILE_NAME), 0700) != 0) return BIO_E_IO;
    if (symlink("../../x", at(t->job->out_dir, FILE_NAME "/link")) != 0) return BIO_E_IO;
    return emit(t, directory_artifact());
}
static int32_t fifo_in_tree(const task *t) {
    if (mkdir(at(t->job->out_dir, FILE_NAME), 0700) != 0) return BIO_E_IO;
    if (mkfifo(at(t->job->out_dir, FILE_NAME "/pipe"), 0600) != 0) return BIO_E_IO;
    return emit(t, directory_artifact());
}

/* ---- Places ---- */

static int32_t plan_dot(const task *t) { return emit_path(t, "sub/.hidden"); }
static int32_t plan_with_sidecar(const task *t) {
    bio_artifact side = artifact("theirs.txt");
    side.role = BIO_ARTIFACT_SIDECAR;
    int32_t code = good_plan(t);
    return code != BIO_OK ? code : emit(t, side);
}
static int32_t run_with_sidecar(const task *t) {
    bio_artifact side = artifact("theirs.txt");
    side.role = BIO_ARTIFACT_SIDECAR;
    put_out(t, "theirs.txt");
    int32_t code = good_run(t);
    return code != BIO_OK ? code : emit(t, side);
}
static int32_t tell_places(const task *t) {
    say(t, t->job->out_dir.ptr);
    say(t, t->job->scratch_dir.ptr);
    return good_run(t);
}

const behaviour lies[] = {
    {"bad-kind-bytes", good_validate, bad_kind_bytes, good_run},
    {"unknown-kind", good_validate, unknown_kind, good_run},
    {"unknown-form", good_validate, unknown_form, good_run},
    {"unknown-role", good_validate, unknown_role, good_run},
    {"must-understand", good_validate, must_understand, good_run},
    {"small-artifact", good_validate, small_artifact, good_run},
    {"wrong-size", good_validate, good_plan, wrong_size},
    {"wrong-digest", good_validate, good_plan, wrong_digest},
    {"no-digest", good_validate, good_plan, no_digest},
    {"not-written", good_validate, good_plan, not_written},
    {"never-made", good_validate, good_plan, good_validate},
    {"not-planned", good_validate, good_plan, not_planned},
    {"twice", good_validate, good_plan, twice},
    {"plan-twice", good_validate, plan_twice, good_run},
    {"no-primary", good_validate, plan_sidecar, good_run},
    {"two-primaries", good_validate, plan_two, good_run},
    {"nested", good_validate, plan_nested, good_run},
    {"no-plan", good_validate, plan_nothing, good_run},
    {"emit-early", good_plan, good_plan, good_run},
    {"parent-path", good_validate, plan_parent, good_run},
    {"absolute-path", good_validate, plan_absolute, good_run},
    {"dash-path", good_validate, plan_dash, good_run},
    {"below-link", good_validate, plan_link, run_link},
    {"symlink", good_validate, good_plan, run_symlink},
    {"fifo", good_validate, good_plan, run_fifo},
    {"directory", good_validate, good_plan, run_directory},
    {"rewrite", good_validate, good_plan, rewrite},
    {"rewrite-longer", good_validate, good_plan, rewrite_longer},
    {"swap-for-link", good_validate, good_plan, swap_for_link},
    {"tree", good_validate, plan_tree, good_tree},
    {"tree-claim", good_validate, plan_claim, good_tree},
    {"tree-swapped", good_validate, plan_tree, swap_tree},
    {"tree-with-link", good_validate, plan_tree, link_in_tree},
    {"tree-with-fifo", good_validate, plan_tree, fifo_in_tree},
    {"dot-path", good_validate, plan_dot, good_run},
    {"sidecar", good_validate, plan_with_sidecar, run_with_sidecar},
    {"tell-places", good_validate, good_plan, tell_places},
    {NULL, NULL, NULL, NULL},
};
