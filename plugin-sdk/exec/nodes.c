/* SPDX-License-Identifier: Apache-2.0
 * Walks documents that the host has read: values in one array, each before what is in it. */
#include "bridge.h"

#include <stdlib.h>

const bio_node *node_after(const bio_node *node) {
    uint64_t open = 1;
    while (open-- > 0) {
        if (node->kind == BIO_NODE_LIST || node->kind == BIO_NODE_MAP) open += node->count;
        node++;
    }
    return node;
}

nodes node_member(nodes map, const char *key) {
    nodes found = {NULL};
    if (!node_is(map, BIO_NODE_MAP)) return found;
    const bio_node *member = node_first(map);
    for (uint32_t i = 0; i < map.first->count; i++, member = node_after(member)) {
        if (!bio_is(member->key, key)) continue;
        found.first = member;
        break;
    }
    return found;
}

bio_str text_kept(bio_str text) {
    char *copy = malloc(text.len + 1);
    if (!copy) return bio_text("");
    if (text.len > 0) memcpy(copy, text.ptr, text.len);
    copy[text.len] = 0;
    bio_str made = {copy, text.len};
    return made;
}
