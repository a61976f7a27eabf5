/* SPDX-License-Identifier: Apache-2.0
 * What the files of the image-making test plugin share. */
#ifndef IMAGER_H
#define IMAGER_H

#include "bio_export.h"

#include <stdio.h>
#include <string.h>

#define TEXT(literal) {literal, sizeof literal - 1}
#define COUNT(array) (uint32_t)(sizeof(array) / sizeof(array)[0])

/* What a behaviour gets. */
typedef struct task {
    const bio_host *host;
    const bio_job *job;
} task;

typedef int32_t (*step)(const task *);

/* A behaviour is honest but for one phase. */
typedef struct behaviour {
    const char *name; /* null: the end of the table */
    char phase;       /* 'v'alidate, 'p'lan, 'r'un */
    step step;
} behaviour;

extern const behaviour faults[]; /* faults.c */

static inline bio_str text(const char *chars) {
    bio_str made = {chars, strlen(chars)};
    return made;
}

static inline const void *service(const task *t, const char *id) { return t->host->get_extension(t->host, id); }
static inline const bio_oci *oci(const task *t) { return service(t, BIO_EXT_OCI); }

static inline bio_handle new_image(const task *t) {
    bio_handle image = 0;
    oci(t)->begin(t->host, &image);
    return image;
}

/* A tree with one file. */
static inline bio_handle new_tree(const task *t) {
    const bio_rootfs *rootfs = service(t, BIO_EXT_ROOTFS);
    bio_handle tree = 0;
    bio_str path = text("etc/passwd"), content = text("root:x:0:0:root:/root:/bin/sh\n");
    rootfs->begin(t->host, &tree);
    rootfs->add_file(t->host, tree, &path, 0644, &content);
    return tree;
}

static inline int32_t add_tree(const task *t, bio_handle image, const char *title) {
    bio_str name = text(title);
    return oci(t)->add_tree(t->host, image, new_tree(t), &name);
}

static inline int32_t add_all(const task *t, bio_handle image) {
    uint32_t packages[16];
    for (uint32_t i = 0; i < t->job->graph->package_count && i < COUNT(packages); i++) packages[i] = i;
    return oci(t)->add_packages(t->host, image, packages, t->job->graph->package_count);
}

static inline bio_image_config config(void) {
    static const bio_str command[] = {TEXT("/bin/hello"), TEXT("--loud")};
    static const bio_str ports[] = {TEXT("9631/tcp"), TEXT("9638/udp")};
    static const bio_kv environment[] = {{TEXT("PATH"), TEXT("/bin")}};
    static const bio_kv labels[] = {{TEXT("org.example.made-by"), TEXT("imager")}};
    bio_image_config made;
    memset(&made, 0, sizeof made);
    made.struct_size = sizeof made;
    made.user = text("42:42");
    made.working_dir = text("/");
    made.command = command;
    made.command_count = COUNT(command);
    made.ports = ports;
    made.port_count = COUNT(ports);
    made.environment = environment;
    made.environment_count = COUNT(environment);
    made.labels = labels;
    made.label_count = COUNT(labels);
    return made;
}

static inline int32_t configure(const task *t, bio_handle image, bio_image_config made) {
    return oci(t)->configure(t->host, image, &made);
}

/* An image that lacks nothing but being published. */
static inline bio_handle whole_image(const task *t) {
    bio_handle image = new_image(t);
    add_all(t, image);
    add_tree(t, image, "users");
    configure(t, image, config());
    return image;
}

static inline int32_t good(const task *t) {
    const bio_log *log = service(t, BIO_EXT_LOG);
    bio_str name;
    for (uint32_t i = 0; oci(t)->reference(t->host, t->job->graph->roots[0], i, &name) == BIO_OK; i++) log->write(t->host, BIO_LOG_NOTE, &name);
    return oci(t)->publish(t->host, whole_image(t));
}

#endif
