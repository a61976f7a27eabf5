// SPDX-License-Identifier: Apache-2.0
// Mentions every type of bio_export.h, for abidw: bio_export.abi beside this file is what it makes of ABI 1.1.

#include "bio_export.h"

BIO_EXPORT void bio_abi_probe(
    const bio_archive *archive,
    const bio_arena *arena,
    const bio_artifact *artifact,
    const bio_base_package *base_package,
    const bio_cancel *cancel,
    const bio_chain *chain,
    const bio_child *child,
    const bio_document *document,
    const bio_documents *documents,
    const bio_edge *edge,
    const bio_error *error,
    const bio_exporter *exporter,
    const bio_fail *fail,
    const bio_file *file,
    const bio_files *files,
    const bio_format *format,
    const bio_function *function,
    const bio_graph *graph,
    const bio_hook *hook,
    const bio_host *host,
    const bio_image_config *image_config,
    const bio_job *job,
    const bio_kv *kv,
    const bio_log *log,
    const bio_made *made,
    const bio_negotiation *negotiation,
    const bio_node *node,
    const bio_oci *oci,
    const bio_oci_artifact *oci_artifact,
    const bio_option *option,
    const bio_package *package,
    const bio_plugin *plugin,
    const bio_progress *progress,
    const bio_registry *registry,
    const bio_rootfs *rootfs,
    const bio_secret *secret,
    const bio_service *service,
    const bio_service_call *service_call,
    const bio_sink *sink,
    const bio_source *source,
    const bio_str *str,
    const bio_template *template_table,
    const bio_tool *tool,
    const bio_tool_call *tool_call,
    const bio_tool_result *tool_result,
    const bio_value *value,
    const bio_written *written);

void bio_abi_probe(
    const bio_archive *archive,
    const bio_arena *arena,
    const bio_artifact *artifact,
    const bio_base_package *base_package,
    const bio_cancel *cancel,
    const bio_chain *chain,
    const bio_child *child,
    const bio_document *document,
    const bio_documents *documents,
    const bio_edge *edge,
    const bio_error *error,
    const bio_exporter *exporter,
    const bio_fail *fail,
    const bio_file *file,
    const bio_files *files,
    const bio_format *format,
    const bio_function *function,
    const bio_graph *graph,
    const bio_hook *hook,
    const bio_host *host,
    const bio_image_config *image_config,
    const bio_job *job,
    const bio_kv *kv,
    const bio_log *log,
    const bio_made *made,
    const bio_negotiation *negotiation,
    const bio_node *node,
    const bio_oci *oci,
    const bio_oci_artifact *oci_artifact,
    const bio_option *option,
    const bio_package *package,
    const bio_plugin *plugin,
    const bio_progress *progress,
    const bio_registry *registry,
    const bio_rootfs *rootfs,
    const bio_secret *secret,
    const bio_service *service,
    const bio_service_call *service_call,
    const bio_sink *sink,
    const bio_source *source,
    const bio_str *str,
    const bio_template *template_table,
    const bio_tool *tool,
    const bio_tool_call *tool_call,
    const bio_tool_result *tool_result,
    const bio_value *value,
    const bio_written *written) {
    (void)archive;
    (void)arena;
    (void)artifact;
    (void)base_package;
    (void)cancel;
    (void)chain;
    (void)child;
    (void)document;
    (void)documents;
    (void)edge;
    (void)error;
    (void)exporter;
    (void)fail;
    (void)file;
    (void)files;
    (void)format;
    (void)function;
    (void)graph;
    (void)hook;
    (void)host;
    (void)image_config;
    (void)job;
    (void)kv;
    (void)log;
    (void)made;
    (void)negotiation;
    (void)node;
    (void)oci;
    (void)oci_artifact;
    (void)option;
    (void)package;
    (void)plugin;
    (void)progress;
    (void)registry;
    (void)rootfs;
    (void)secret;
    (void)service;
    (void)service_call;
    (void)sink;
    (void)source;
    (void)str;
    (void)template_table;
    (void)tool;
    (void)tool_call;
    (void)tool_result;
    (void)value;
    (void)written;
}
