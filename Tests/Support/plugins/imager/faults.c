/* SPDX-License-Identifier: Apache-2.0
 * Calls of bio.host.oci/1 that the host must refuse. */
#include "imager.h"

static int32_t publish(const task *t, bio_handle image) { return oci(t)->publish(t->host, image); }

/* ---- Handles and order ---- */

static int32_t zero_handle(const task *t) { return publish(t, 0); }
static int32_t tree_as_image(const task *t) { return publish(t, new_tree(t)); }
static int32_t stale_handle(const task *t) { return publish(t, whole_image(t) + 1); }
static int32_t image_as_tree(const task *t) {
    bio_handle image = new_image(t);
    bio_str title = text("users");
    return oci(t)->add_tree(t->host, image, image, &title);
}
static int32_t many_images(const task *t) {
    bio_handle image;
    int32_t code = BIO_OK;
    for (int i = 0; i < 17 && code == BIO_OK; i++) code = oci(t)->begin(t->host, &image);
    return code;
}
static int32_t not_configured(const task *t) {
    bio_handle image = new_image(t);
    add_all(t, image);
    return publish(t, image);
}
static int32_t no_layers(const task *t) {
    bio_handle image = new_image(t);
    configure(t, image, config());
    return publish(t, image);
}
static int32_t publish_twice(const task *t) {
    bio_handle image = whole_image(t);
    int32_t code = publish(t, image);
    return code == BIO_OK ? publish(t, image) : code;
}
static int32_t second_image(const task *t) {
    int32_t code = publish(t, whole_image(t));
    return code == BIO_OK ? publish(t, whole_image(t)) : code;
}
static int32_t add_after_publish(const task *t) {
    bio_handle image = whole_image(t);
    int32_t code = publish(t, image);
    return code == BIO_OK ? add_tree(t, image, "late") : code;
}
static int32_t nothing(const task *t) {
    (void)t;
    return BIO_OK;
}
static int32_t ignore_refusal(const task *t) {
    good(t);
    return BIO_OK;
}

/* ---- Layers ---- */

static int32_t add(const task *t, const uint32_t *packages, uint64_t count) {
    return oci(t)->add_packages(t->host, new_image(t), packages, count);
}
static int32_t package_range(const task *t) {
    const uint32_t packages[] = {0, 4000000000u};
    return add(t, packages, 2);
}
static int32_t package_twice(const task *t) {
    const uint32_t packages[] = {0, 1, 0};
    return add(t, packages, 3);
}
static int32_t no_packages(const task *t) { return add(t, NULL, 0); }
static int32_t null_packages(const task *t) { return add(t, NULL, 3); }
static int32_t endless_packages(const task *t) {
    const uint32_t packages[] = {0};
    return add(t, packages, UINT64_MAX);
}
static int32_t packages_on_tree(const task *t) {
    bio_handle image = new_image(t);
    add_tree(t, image, "users");
    return add_all(t, image);
}
static int32_t empty_tree(const task *t) {
    const bio_rootfs *rootfs = service(t, BIO_EXT_ROOTFS);
    bio_handle tree = 0;
    bio_str title = text("nothing");
    rootfs->begin(t->host, &tree);
    return oci(t)->add_tree(t->host, new_image(t), tree, &title);
}
static int32_t many_trees(const task *t) {
    bio_handle image = new_image(t);
    int32_t code = BIO_OK;
    for (int i = 0; i < 17 && code == BIO_OK; i++) code = add_tree(t, image, "users");
    return code;
}
static int32_t no_title(const task *t) { return add_tree(t, new_image(t), ""); }
static int32_t title_of_lines(const task *t) { return add_tree(t, new_image(t), "two\nlines"); }

/* ---- Configuration ---- */

static int32_t configure_twice(const task *t) {
    bio_handle image = new_image(t);
    configure(t, image, config());
    return configure(t, image, config());
}
static int32_t with(const task *t, bio_image_config made) { return configure(t, new_image(t), made); }
static int32_t with_ports(const task *t, const char *first, const char *second) {
    bio_image_config made = config();
    bio_str ports[] = {text(first), text(second)};
    made.ports = ports;
    made.port_count = 2;
    return with(t, made);
}
static int32_t port_word(const task *t) { return with_ports(t, "80/tcp", "http"); }
static int32_t port_large(const task *t) { return with_ports(t, "65536/tcp", "80/tcp"); }
static int32_t port_twice(const task *t) { return with_ports(t, "80/tcp", "80/tcp"); }
static int32_t with_variable(const task *t, const char *name) {
    bio_image_config made = config();
    bio_kv environment[] = {{text("A"), text("1")}, {text(name), text("2")}};
    made.environment = environment;
    made.environment_count = 2;
    return with(t, made);
}
static int32_t variable_equals(const task *t) { return with_variable(t, "B=C"); }
static int32_t variable_empty(const task *t) { return with_variable(t, ""); }
static int32_t variable_twice(const task *t) { return with_variable(t, "A"); }
static int32_t bad_user(const task *t) {
    bio_image_config made = config();
    made.user = text("a:b:c");
    return with(t, made);
}
static int32_t relative_directory(const task *t) {
    bio_image_config made = config();
    made.working_dir = text("srv");
    return with(t, made);
}
static int32_t bad_signal(const task *t) {
    bio_image_config made = config();
    made.stop_signal = text("STOP");
    return with(t, made);
}
static int32_t times_without_test(const task *t) {
    bio_image_config made = config();
    made.health_interval = 5;
    return with(t, made);
}
static int32_t bad_test(const task *t) {
    bio_image_config made = config();
    const bio_str test[] = {TEXT("curl")};
    made.health_test = test;
    made.health_test_count = 1;
    return with(t, made);
}
static int32_t long_interval(const task *t) {
    bio_image_config made = config();
    made.health_timeout = 86401;
    return with(t, made);
}
static int32_t many_labels(const task *t) {
    static bio_kv labels[257];
    bio_image_config made = config();
    made.labels = labels;
    made.label_count = COUNT(labels);
    return with(t, made);
}
static int32_t much_text(const task *t) {
    static char bytes[40000];
    bio_image_config made = config();
    memset(bytes, 'x', sizeof bytes);
    made.author.ptr = bytes;
    made.author.len = sizeof bytes;
    made.working_dir = made.author;
    return with(t, made);
}
static int32_t counts_without_array(const task *t) {
    bio_image_config made = config();
    made.volume_count = 3;
    return with(t, made);
}
static int32_t short_struct(const task *t) {
    bio_image_config made = config();
    made.struct_size = 24;
    return with(t, made);
}
static int32_t new_flags(const task *t) {
    bio_image_config made = config();
    made.flags = 1u << 20;
    return with(t, made);
}

const behaviour faults[] = {
    {"zero-handle", 'p', zero_handle},
    {"tree-as-image", 'p', tree_as_image},
    {"stale-handle", 'p', stale_handle},
    {"image-as-tree", 'p', image_as_tree},
    {"many-images", 'p', many_images},
    {"not-configured", 'p', not_configured},
    {"no-layers", 'p', no_layers},
    {"publish-twice", 'p', publish_twice},
    {"second-image", 'p', second_image},
    {"second-image-run", 'r', second_image},
    {"add-after-publish", 'p', add_after_publish},
    {"publish-early", 'v', good},
    {"never-published", 'r', nothing},
    {"never-planned", 'p', nothing},
    {"ignore-refusal", 'r', ignore_refusal},
    {"package-range", 'p', package_range},
    {"package-twice", 'p', package_twice},
    {"no-packages", 'p', no_packages},
    {"null-packages", 'p', null_packages},
    {"endless-packages", 'p', endless_packages},
    {"packages-on-tree", 'p', packages_on_tree},
    {"empty-tree", 'p', empty_tree},
    {"many-trees", 'p', many_trees},
    {"no-title", 'p', no_title},
    {"title-of-lines", 'p', title_of_lines},
    {"configure-twice", 'p', configure_twice},
    {"port-word", 'p', port_word},
    {"port-large", 'p', port_large},
    {"port-twice", 'p', port_twice},
    {"variable-equals", 'p', variable_equals},
    {"variable-empty", 'p', variable_empty},
    {"variable-twice", 'p', variable_twice},
    {"bad-user", 'p', bad_user},
    {"relative-directory", 'p', relative_directory},
    {"bad-signal", 'p', bad_signal},
    {"times-without-test", 'p', times_without_test},
    {"bad-test", 'p', bad_test},
    {"long-interval", 'p', long_interval},
    {"many-labels", 'p', many_labels},
    {"much-text", 'p', much_text},
    {"counts-without-array", 'p', counts_without_array},
    {"short-struct", 'p', short_struct},
    {"new-flags", 'p', new_flags},
    {NULL, 0, NULL},
};
