/* SPDX-License-Identifier: Apache-2.0 */

/* Accounts by name, from the two files that every root has: a static program must not load what else might know them. */
#define _GNU_SOURCE
#include "account.h"

#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* The user's number; -1 when nobody is called so. */
static int find_user(struct spec *spec) {
    FILE *file = fopen("/etc/passwd", "re");
    int found = -1;
    for (struct passwd *entry; file && found && (entry = fgetpwent(file));) {
        if (strcmp(entry->pw_name, spec->user)) continue;
        spec->uid = entry->pw_uid;
        found = 0;
    }
    if (file) fclose(file);
    return found;
}

static int has_member(const struct group *group, const char *user) {
    for (char **member = group->gr_mem; *member; member++) {
        if (!strcmp(*member, user)) return 1;
    }
    return 0;
}

static void add_group(struct spec *spec, gid_t gid) {
    for (size_t index = 0; index < spec->group_count; index++) {
        if (spec->groups[index] == gid) return;
    }
    if (spec->group_count < spec_most_groups) spec->groups[spec->group_count++] = gid;
}

static int find_groups(struct spec *spec) {
    FILE *file = fopen("/etc/group", "re");
    int found = -1;
    for (struct group *entry; file && (entry = fgetgrent(file));) {
        int is_own = found && !strcmp(entry->gr_name, spec->group);
        if (is_own) {
            spec->gid = entry->gr_gid;
            found = 0;
        }
        if (is_own || has_member(entry, spec->user)) add_group(spec, entry->gr_gid);
    }
    if (file) fclose(file);
    return found;
}

int account_find(struct spec *spec) {
    if (!spec->user || geteuid() != 0) return 0;
    if (find_user(spec) < 0) {
        SAY("the service's user '", spec->user, "' is not in /etc/passwd; make it: useradd --system ", spec->user);
        return -1;
    }
    if (find_groups(spec) < 0) {
        SAY("the service's group '", spec->group, "' is not in /etc/group; make it: groupadd --system ", spec->group);
        return -1;
    }
    spec->has_user = 1;
    return 0;
}
