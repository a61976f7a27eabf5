// SPDX-License-Identifier: Apache-2.0
#ifndef BIO_GO_ENTRY_H
#define BIO_GO_ENTRY_H

#include "bio_export.h"

// In entry.go.
int32_t bioGoEntry(bio_negotiation *negotiation, bio_plugin **out);
int32_t bioGoCreate(bio_format *format, bio_host *host, bio_exporter **out);
int32_t bioGoEnter(bio_exporter *exporter, bio_job *job, int32_t phase);
void bioGoDestroy(bio_exporter *exporter);

// In entry.c.
void bio_go_fill_format(bio_format *format);
void bio_go_fill_exporter(bio_exporter *exporter);
const void *bio_go_service(const bio_host *host, const char *id);
int32_t bio_go_emit(const bio_host *host, const bio_artifact *artifact);
int32_t bio_go_fail(const bio_host *host, const bio_error *error);
void bio_go_log(const bio_host *host, uint32_t level, bio_str line);
uint32_t bio_go_cancelled(const bio_host *host);
int32_t bio_go_page(const bio_host *host, uint32_t package, uint64_t first, bio_file *out, uint64_t room,
                    uint64_t *count);
int32_t bio_go_open(const bio_host *host, uint32_t package, uint64_t file, int32_t *descriptor);
int32_t bio_go_json(const bio_host *host, const bio_node *nodes, uint64_t count, bio_str *text);
int32_t bio_go_render(const bio_host *host, const bio_source *source, const bio_node *nodes, uint64_t count,
                      bio_str *text);
int32_t bio_go_render_service(const bio_host *host, const bio_service_call *call, bio_handle tree,
                              bio_service *service);
int32_t bio_go_begin(const bio_host *host, bio_handle *tree);
int32_t bio_go_archive(const bio_host *host, bio_handle tree, bio_str path, bio_str compression);

#endif
