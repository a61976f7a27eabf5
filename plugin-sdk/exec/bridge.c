/* SPDX-License-Identifier: Apache-2.0
 * The entry, and an exporter whose phases are runs of the script. */
#include "bridge.h"

#include <stdlib.h>

static exec_plugin *described;

typedef struct exporter {
    bio_exporter base; /* first, so that a bio_exporter * is an exporter * */
    const bio_host *host;
    const exec_format *format;
} exporter;

static int32_t enter(bio_exporter *self, const bio_job *job, const char *phase) {
    const exporter *exec = (const exporter *)self;
    bio_str request;
    int32_t code = request_write(exec->host, exec->format, job, phase, &request);
    if (code != BIO_OK) return code;
    script_end *end = malloc(sizeof *end);
    if (!end) return bio_no_memory(exec->host);
    code = script_run(exec->host, described, exec->format, job, phase, request, end);
    if (code == BIO_OK) code = answer_take(exec->host, described, exec->format, phase, end);
    free((void *)end->output.ptr);
    free(end);
    return code;
}

static int32_t validate(bio_exporter *self, const bio_job *job) { return enter(self, job, "validate"); }
static int32_t plan(bio_exporter *self, const bio_job *job) { return enter(self, job, "plan"); }
static int32_t run(bio_exporter *self, const bio_job *job) { return enter(self, job, "run"); }
static void destroy(bio_exporter *self) { free(self); }

static int32_t create(const bio_format *format, const bio_host *host, bio_exporter **out) {
    int32_t code = bio_check_needs(format, host);
    if (code != BIO_OK) return code;
    exporter *made = calloc(1, sizeof *made);
    if (!made) return bio_no_memory(host);
    made->base.struct_size = sizeof made->base;
    made->base.validate = validate;
    made->base.plan = plan;
    made->base.run = run;
    made->base.destroy = destroy;
    made->host = host;
    made->format = (const exec_format *)format;
    *out = &made->base;
    return BIO_OK;
}

int32_t bio_export_entry(const bio_negotiation *negotiation, const bio_plugin **out) {
    if (negotiation->abi_max < BIO_ABI_1_0) return BIO_E_NEWER;
    if (negotiation->struct_size < offsetof(bio_negotiation, directory) + sizeof(bio_str)) return BIO_E_SIZE;
    if (!described) described = plugin_described(negotiation->host, negotiation->directory, create);
    if (!described) return BIO_E_INVALID;
    *out = &described->table;
    return BIO_OK;
}
