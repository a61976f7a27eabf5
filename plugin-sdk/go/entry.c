// SPDX-License-Identifier: Apache-2.0
// The exported function, and calls that Go cannot make: through function pointers. The functions that the host enters are
// in entry.go; each of them recovers from panics.
#include "entry.h"

#include <string.h>

int32_t bio_export_entry(const bio_negotiation *negotiation, const bio_plugin **out) {
    return bioGoEntry((bio_negotiation *)negotiation, (bio_plugin **)out);
}

static int32_t create(const bio_format *format, const bio_host *host, bio_exporter **out) {
    return bioGoCreate((bio_format *)format, (bio_host *)host, out);
}
static int32_t validate(bio_exporter *exporter, const bio_job *job) { return bioGoEnter(exporter, (bio_job *)job, 0); }
static int32_t plan(bio_exporter *exporter, const bio_job *job) { return bioGoEnter(exporter, (bio_job *)job, 1); }
static int32_t run(bio_exporter *exporter, const bio_job *job) { return bioGoEnter(exporter, (bio_job *)job, 2); }
static void destroy(bio_exporter *exporter) { bioGoDestroy(exporter); }

void bio_go_fill_format(bio_format *format) { format->create = create; }

void bio_go_fill_exporter(bio_exporter *exporter) {
    exporter->validate = validate;
    exporter->plan = plan;
    exporter->run = run;
    exporter->destroy = destroy;
}

const void *bio_go_service(const bio_host *host, const char *id) { return host->get_extension(host, id); }

int32_t bio_go_emit(const bio_host *host, const bio_artifact *artifact) { return host->emit(host, artifact); }

int32_t bio_go_fail(const bio_host *host, const bio_error *error) {
    const bio_fail *service = bio_go_service(host, BIO_EXT_FAIL);
    return service ? service->fail(host, error) : error->code;
}

void bio_go_log(const bio_host *host, uint32_t level, bio_str line) {
    const bio_log *service = bio_go_service(host, BIO_EXT_LOG);
    if (service) service->write(host, level, &line);
}

uint32_t bio_go_cancelled(const bio_host *host) {
    const bio_cancel *service = bio_go_service(host, BIO_EXT_CANCEL);
    return service ? service->requested(host) : 0;
}

int32_t bio_go_page(const bio_host *host, uint32_t package, uint64_t first, bio_file *out, uint64_t room,
                    uint64_t *count) {
    const bio_files *service = bio_go_service(host, BIO_EXT_FILES);
    return service ? service->page(host, package, first, out, room, count) : BIO_E_UNSUPPORTED;
}

int32_t bio_go_open(const bio_host *host, uint32_t package, uint64_t file, int32_t *descriptor) {
    const bio_files *service = bio_go_service(host, BIO_EXT_FILES);
    return service ? service->open(host, package, file, descriptor) : BIO_E_UNSUPPORTED;
}

int32_t bio_go_json(const bio_host *host, const bio_node *nodes, uint64_t count, bio_str *text) {
    const bio_documents *service = bio_go_service(host, BIO_EXT_DOCUMENT);
    return service ? service->write(host, BIO_SYNTAX_JSON, nodes, count, text) : BIO_E_UNSUPPORTED;
}

int32_t bio_go_render(const bio_host *host, const bio_source *source, const bio_node *nodes, uint64_t count,
                      bio_str *text) {
    const bio_template *service = bio_go_service(host, BIO_EXT_TEMPLATE);
    return service ? service->render(host, source, nodes, count, text) : BIO_E_UNSUPPORTED;
}

/* As many bytes as both sides know, the rest zero. */
int32_t bio_go_render_service(const bio_host *host, const bio_service_call *call, bio_handle tree,
                              bio_service *service) {
    const bio_template *templates = bio_go_service(host, BIO_EXT_TEMPLATE);
    if (!templates) return BIO_E_UNSUPPORTED;
    const bio_service *theirs = NULL;
    int32_t code = templates->service(host, call, tree, &theirs);
    if (code != BIO_OK) return code;
    memset(service, 0, sizeof *service);
    memcpy(service, theirs, theirs->struct_size < sizeof *service ? theirs->struct_size : sizeof *service);
    return BIO_OK;
}

int32_t bio_go_begin(const bio_host *host, bio_handle *tree) {
    const bio_rootfs *service = bio_go_service(host, BIO_EXT_ROOTFS);
    return service ? service->begin(host, tree) : BIO_E_UNSUPPORTED;
}

int32_t bio_go_archive(const bio_host *host, bio_handle tree, bio_str path, bio_str compression) {
    const bio_archive *service = bio_go_service(host, BIO_EXT_ARCHIVE);
    bio_written written = {.struct_size = sizeof written};
    return service ? service->write(host, tree, &path, &compression, &written) : BIO_E_UNSUPPORTED;
}
