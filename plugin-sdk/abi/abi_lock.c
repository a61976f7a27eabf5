// SPDX-License-Identifier: Apache-2.0
// The layout of ABI 1.1, locked at compile time: every offset and size, every function type. A change of the
// header that moves anything stops the build here; the line to change is the decision to break plugins.
// Compiled as C11 and as C++17 (Tests/ArchitectureTests).

#include "bio_export.h"

#if defined(__cplusplus)
#include <type_traits>
#define LOCK(condition, text) static_assert(condition, text)
#define LOCK_FUNCTION(type, member, result, parameters) \
    LOCK((std::is_same<decltype(type::member), result(*) parameters BIO_NOEXCEPT>::value), #type "." #member)
#else
#define LOCK(condition, text) _Static_assert(condition, text)
#define LOCK_FUNCTION(type, member, result, parameters) \
    LOCK(__builtin_types_compatible_p(__typeof__(((type *)0)->member), result(*) parameters), #type "." #member)
#endif

#define LOCK_SIZE(type, bytes) LOCK(sizeof(type) == (bytes), "size of " #type)
#define LOCK_MEMBER(type, member, offset, bytes)                                                              \
    LOCK(offsetof(type, member) == (offset) && sizeof(((type *)0)->member) == (bytes), #type "." #member)

LOCK(sizeof(void *) == 8, "the ABI is for 64-bit machines");
LOCK(BIO_ABI_VERSION == 0x10001, "these offsets are those of ABI 1.1");

LOCK_SIZE(bio_str, 16);
LOCK_MEMBER(bio_str, ptr, 0, 8);
LOCK_MEMBER(bio_str, len, 8, 8);

LOCK_SIZE(bio_kv, 32);
LOCK_MEMBER(bio_kv, key, 0, 16);
LOCK_MEMBER(bio_kv, value, 16, 16);

LOCK_SIZE(bio_edge, 16);
LOCK_MEMBER(bio_edge, from, 0, 4);
LOCK_MEMBER(bio_edge, to, 4, 4);
LOCK_MEMBER(bio_edge, kind, 8, 4);
LOCK_MEMBER(bio_edge, reserved0, 12, 4);

LOCK_SIZE(bio_value, 48);
LOCK_MEMBER(bio_value, kind, 0, 4);
LOCK_MEMBER(bio_value, source, 4, 4);
LOCK_MEMBER(bio_value, integer, 8, 8);
LOCK_MEMBER(bio_value, text, 16, 16);
LOCK_MEMBER(bio_value, items, 32, 8);
LOCK_MEMBER(bio_value, item_count, 40, 8);

LOCK_SIZE(bio_file, 64);
LOCK_MEMBER(bio_file, path, 0, 16);
LOCK_MEMBER(bio_file, link_target, 16, 16);
LOCK_MEMBER(bio_file, digest, 32, 16);
LOCK_MEMBER(bio_file, size, 48, 8);
LOCK_MEMBER(bio_file, kind, 56, 4);
LOCK_MEMBER(bio_file, mode, 60, 4);

LOCK_SIZE(bio_node, 56);
LOCK_MEMBER(bio_node, key, 0, 16);
LOCK_MEMBER(bio_node, text, 16, 16);
LOCK_MEMBER(bio_node, integer, 32, 8);
LOCK_MEMBER(bio_node, kind, 40, 4);
LOCK_MEMBER(bio_node, count, 44, 4);
LOCK_MEMBER(bio_node, line, 48, 4);
LOCK_MEMBER(bio_node, column, 52, 4);

LOCK_SIZE(bio_sink, 24);
LOCK_MEMBER(bio_sink, struct_size, 0, 4);
LOCK_MEMBER(bio_sink, flags, 4, 4);
LOCK_MEMBER(bio_sink, context, 8, 8);
LOCK_MEMBER(bio_sink, write, 16, 8);
LOCK_FUNCTION(bio_sink, write, int32_t, (const bio_sink *, const bio_str *));

LOCK_SIZE(bio_package, 200);
LOCK_MEMBER(bio_package, struct_size, 0, 4);
LOCK_MEMBER(bio_package, flags, 4, 4);
LOCK_MEMBER(bio_package, ident, 8, 16);
LOCK_MEMBER(bio_package, origin, 24, 16);
LOCK_MEMBER(bio_package, name, 40, 16);
LOCK_MEMBER(bio_package, version, 56, 16);
LOCK_MEMBER(bio_package, release, 72, 16);
LOCK_MEMBER(bio_package, target, 88, 16);
LOCK_MEMBER(bio_package, prefix, 104, 16);
LOCK_MEMBER(bio_package, artifact, 120, 16);
LOCK_MEMBER(bio_package, signer, 136, 16);
LOCK_MEMBER(bio_package, installed_size, 152, 8);
LOCK_MEMBER(bio_package, file_count, 160, 8);
LOCK_MEMBER(bio_package, metadata, 168, 8);
LOCK_MEMBER(bio_package, metadata_count, 176, 4);
LOCK_MEMBER(bio_package, reserved0, 180, 4);
LOCK_MEMBER(bio_package, requested, 184, 16);

LOCK_SIZE(bio_graph, 56);
LOCK_MEMBER(bio_graph, struct_size, 0, 4);
LOCK_MEMBER(bio_graph, flags, 4, 4);
LOCK_MEMBER(bio_graph, package_count, 8, 4);
LOCK_MEMBER(bio_graph, edge_count, 12, 4);
LOCK_MEMBER(bio_graph, root_count, 16, 4);
LOCK_MEMBER(bio_graph, reserved0, 20, 4);
LOCK_MEMBER(bio_graph, packages, 24, 8);
LOCK_MEMBER(bio_graph, edges, 32, 8);
LOCK_MEMBER(bio_graph, edge_starts, 40, 8);
LOCK_MEMBER(bio_graph, roots, 48, 8);

LOCK_SIZE(bio_option, 168);
LOCK_MEMBER(bio_option, struct_size, 0, 4);
LOCK_MEMBER(bio_option, flags, 4, 4);
LOCK_MEMBER(bio_option, kind, 8, 4);
LOCK_MEMBER(bio_option, choice_count, 12, 4);
LOCK_MEMBER(bio_option, alias_count, 16, 4);
LOCK_MEMBER(bio_option, reserved0, 20, 4);
LOCK_MEMBER(bio_option, id, 24, 16);
LOCK_MEMBER(bio_option, summary, 40, 16);
LOCK_MEMBER(bio_option, doc, 56, 16);
LOCK_MEMBER(bio_option, value_name, 72, 16);
LOCK_MEMBER(bio_option, default_value, 88, 16);
LOCK_MEMBER(bio_option, environment, 104, 16);
LOCK_MEMBER(bio_option, choices, 120, 8);
LOCK_MEMBER(bio_option, aliases, 128, 8);
LOCK_MEMBER(bio_option, minimum, 136, 8);
LOCK_MEMBER(bio_option, maximum, 144, 8);
LOCK_MEMBER(bio_option, check, 152, 16);

LOCK_SIZE(bio_base_package, 64);
LOCK_MEMBER(bio_base_package, struct_size, 0, 4);
LOCK_MEMBER(bio_base_package, flags, 4, 4);
LOCK_MEMBER(bio_base_package, role, 8, 4);
LOCK_MEMBER(bio_base_package, reserved0, 12, 4);
LOCK_MEMBER(bio_base_package, omit_when, 16, 16);
LOCK_MEMBER(bio_base_package, name, 32, 16);
LOCK_MEMBER(bio_base_package, package, 48, 16);

LOCK_SIZE(bio_job, 104);
LOCK_MEMBER(bio_job, struct_size, 0, 4);
LOCK_MEMBER(bio_job, flags, 4, 4);
LOCK_MEMBER(bio_job, graph, 8, 8);
LOCK_MEMBER(bio_job, values, 16, 8);
LOCK_MEMBER(bio_job, value_count, 24, 4);
LOCK_MEMBER(bio_job, reserved0, 28, 4);
LOCK_MEMBER(bio_job, out_dir, 32, 16);
LOCK_MEMBER(bio_job, scratch_dir, 48, 16);
LOCK_MEMBER(bio_job, output_name, 64, 16);
LOCK_MEMBER(bio_job, target, 80, 16);
LOCK_MEMBER(bio_job, source_date_epoch, 96, 8);

LOCK_SIZE(bio_artifact, 104);
LOCK_MEMBER(bio_artifact, struct_size, 0, 4);
LOCK_MEMBER(bio_artifact, flags, 4, 4);
LOCK_MEMBER(bio_artifact, form, 8, 4);
LOCK_MEMBER(bio_artifact, role, 12, 4);
LOCK_MEMBER(bio_artifact, kind, 16, 16);
LOCK_MEMBER(bio_artifact, media_type, 32, 16);
LOCK_MEMBER(bio_artifact, path, 48, 16);
LOCK_MEMBER(bio_artifact, reference, 64, 16);
LOCK_MEMBER(bio_artifact, digest, 80, 16);
LOCK_MEMBER(bio_artifact, size, 96, 8);

LOCK_SIZE(bio_error, 64);
LOCK_MEMBER(bio_error, struct_size, 0, 4);
LOCK_MEMBER(bio_error, flags, 4, 4);
LOCK_MEMBER(bio_error, code, 8, 4);
LOCK_MEMBER(bio_error, subject_kind, 12, 4);
LOCK_MEMBER(bio_error, subject, 16, 16);
LOCK_MEMBER(bio_error, message, 32, 16);
LOCK_MEMBER(bio_error, hint, 48, 16);

LOCK_SIZE(bio_host, 32);
LOCK_MEMBER(bio_host, struct_size, 0, 4);
LOCK_MEMBER(bio_host, flags, 4, 4);
LOCK_MEMBER(bio_host, context, 8, 8);
LOCK_MEMBER(bio_host, get_extension, 16, 8);
LOCK_FUNCTION(bio_host, get_extension, const void *, (const bio_host *, const char *));
LOCK_MEMBER(bio_host, emit, 24, 8);
LOCK_FUNCTION(bio_host, emit, int32_t, (const bio_host *, const bio_artifact *));

LOCK_SIZE(bio_negotiation, 72);
LOCK_MEMBER(bio_negotiation, struct_size, 0, 4);
LOCK_MEMBER(bio_negotiation, flags, 4, 4);
LOCK_MEMBER(bio_negotiation, abi_min, 8, 4);
LOCK_MEMBER(bio_negotiation, abi_max, 12, 4);
LOCK_MEMBER(bio_negotiation, host_name, 16, 16);
LOCK_MEMBER(bio_negotiation, host_version, 32, 16);
LOCK_MEMBER(bio_negotiation, host, 48, 8);
LOCK_MEMBER(bio_negotiation, directory, 56, 16);

LOCK_SIZE(bio_exporter, 48);
LOCK_MEMBER(bio_exporter, struct_size, 0, 4);
LOCK_MEMBER(bio_exporter, flags, 4, 4);
LOCK_MEMBER(bio_exporter, context, 8, 8);
LOCK_MEMBER(bio_exporter, validate, 16, 8);
LOCK_FUNCTION(bio_exporter, validate, int32_t, (bio_exporter *, const bio_job *));
LOCK_MEMBER(bio_exporter, plan, 24, 8);
LOCK_FUNCTION(bio_exporter, plan, int32_t, (bio_exporter *, const bio_job *));
LOCK_MEMBER(bio_exporter, run, 32, 8);
LOCK_FUNCTION(bio_exporter, run, int32_t, (bio_exporter *, const bio_job *));
LOCK_MEMBER(bio_exporter, destroy, 40, 8);
LOCK_FUNCTION(bio_exporter, destroy, void, (bio_exporter *));

LOCK_SIZE(bio_format, 152);
LOCK_MEMBER(bio_format, struct_size, 0, 4);
LOCK_MEMBER(bio_format, flags, 4, 4);
LOCK_MEMBER(bio_format, id, 8, 16);
LOCK_MEMBER(bio_format, summary, 24, 16);
LOCK_MEMBER(bio_format, doc, 40, 16);
LOCK_MEMBER(bio_format, alias_count, 56, 4);
LOCK_MEMBER(bio_format, option_count, 60, 4);
LOCK_MEMBER(bio_format, group_count, 64, 4);
LOCK_MEMBER(bio_format, base_count, 68, 4);
LOCK_MEMBER(bio_format, artifact_kind_count, 72, 4);
LOCK_MEMBER(bio_format, need_count, 76, 4);
LOCK_MEMBER(bio_format, aliases, 80, 8);
LOCK_MEMBER(bio_format, options, 88, 8);
LOCK_MEMBER(bio_format, groups, 96, 8);
LOCK_MEMBER(bio_format, bases, 104, 8);
LOCK_MEMBER(bio_format, artifact_kinds, 112, 8);
LOCK_MEMBER(bio_format, needs, 120, 8);
LOCK_MEMBER(bio_format, tag_prefix, 128, 16);
LOCK_MEMBER(bio_format, create, 144, 8);
LOCK_FUNCTION(bio_format, create, int32_t, (const bio_format *, const bio_host *, bio_exporter **));

LOCK_SIZE(bio_function, 64);
LOCK_MEMBER(bio_function, struct_size, 0, 4);
LOCK_MEMBER(bio_function, flags, 4, 4);
LOCK_MEMBER(bio_function, name, 8, 16);
LOCK_MEMBER(bio_function, signature, 24, 16);
LOCK_MEMBER(bio_function, doc, 40, 16);
LOCK_MEMBER(bio_function, function, 56, 8);
LOCK_FUNCTION(bio_function, function, void, (void));

LOCK_SIZE(bio_plugin, 144);
LOCK_MEMBER(bio_plugin, struct_size, 0, 4);
LOCK_MEMBER(bio_plugin, flags, 4, 4);
LOCK_MEMBER(bio_plugin, abi, 8, 4);
LOCK_MEMBER(bio_plugin, abi_built, 12, 4);
LOCK_MEMBER(bio_plugin, abi_needed, 16, 4);
LOCK_MEMBER(bio_plugin, format_count, 20, 4);
LOCK_MEMBER(bio_plugin, id, 24, 16);
LOCK_MEMBER(bio_plugin, name, 40, 16);
LOCK_MEMBER(bio_plugin, version, 56, 16);
LOCK_MEMBER(bio_plugin, vendor, 72, 16);
LOCK_MEMBER(bio_plugin, license, 88, 16);
LOCK_MEMBER(bio_plugin, url, 104, 16);
LOCK_MEMBER(bio_plugin, formats, 120, 8);
LOCK_MEMBER(bio_plugin, functions, 128, 8);
LOCK_MEMBER(bio_plugin, function_count, 136, 4);
LOCK_MEMBER(bio_plugin, reserved0, 140, 4);

LOCK_SIZE(bio_log, 24);
LOCK_MEMBER(bio_log, struct_size, 0, 4);
LOCK_MEMBER(bio_log, flags, 4, 4);
LOCK_MEMBER(bio_log, enabled, 8, 8);
LOCK_FUNCTION(bio_log, enabled, uint32_t, (const bio_host *, uint32_t));
LOCK_MEMBER(bio_log, write, 16, 8);
LOCK_FUNCTION(bio_log, write, void, (const bio_host *, uint32_t, const bio_str *));

LOCK_SIZE(bio_progress, 32);
LOCK_MEMBER(bio_progress, struct_size, 0, 4);
LOCK_MEMBER(bio_progress, flags, 4, 4);
LOCK_MEMBER(bio_progress, begin, 8, 8);
LOCK_FUNCTION(bio_progress, begin, bio_handle, (const bio_host *, const bio_str *, uint64_t));
LOCK_MEMBER(bio_progress, step, 16, 8);
LOCK_FUNCTION(bio_progress, step, void, (const bio_host *, bio_handle, uint64_t));
LOCK_MEMBER(bio_progress, end, 24, 8);
LOCK_FUNCTION(bio_progress, end, void, (const bio_host *, bio_handle));

LOCK_SIZE(bio_cancel, 24);
LOCK_MEMBER(bio_cancel, struct_size, 0, 4);
LOCK_MEMBER(bio_cancel, flags, 4, 4);
LOCK_MEMBER(bio_cancel, requested, 8, 8);
LOCK_FUNCTION(bio_cancel, requested, uint32_t, (const bio_host *));
LOCK_MEMBER(bio_cancel, descriptor, 16, 8);
LOCK_FUNCTION(bio_cancel, descriptor, int32_t, (const bio_host *));

LOCK_SIZE(bio_fail, 16);
LOCK_MEMBER(bio_fail, struct_size, 0, 4);
LOCK_MEMBER(bio_fail, flags, 4, 4);
LOCK_MEMBER(bio_fail, fail, 8, 8);
LOCK_FUNCTION(bio_fail, fail, int32_t, (const bio_host *, const bio_error *));

LOCK_SIZE(bio_arena, 16);
LOCK_MEMBER(bio_arena, struct_size, 0, 4);
LOCK_MEMBER(bio_arena, flags, 4, 4);
LOCK_MEMBER(bio_arena, allocate, 8, 8);
LOCK_FUNCTION(bio_arena, allocate, void *, (const bio_host *, uint64_t, uint64_t));

LOCK_SIZE(bio_files, 24);
LOCK_MEMBER(bio_files, struct_size, 0, 4);
LOCK_MEMBER(bio_files, flags, 4, 4);
LOCK_MEMBER(bio_files, page, 8, 8);
LOCK_FUNCTION(bio_files, page, int32_t, (const bio_host *, uint32_t, uint64_t, bio_file *, uint64_t, uint64_t *));
LOCK_MEMBER(bio_files, open, 16, 8);
LOCK_FUNCTION(bio_files, open, int32_t, (const bio_host *, uint32_t, uint64_t, int32_t *));

LOCK_SIZE(bio_rootfs, 64);
LOCK_MEMBER(bio_rootfs, struct_size, 0, 4);
LOCK_MEMBER(bio_rootfs, flags, 4, 4);
LOCK_MEMBER(bio_rootfs, begin, 8, 8);
LOCK_FUNCTION(bio_rootfs, begin, int32_t, (const bio_host *, bio_handle *));
LOCK_MEMBER(bio_rootfs, add_package, 16, 8);
LOCK_FUNCTION(bio_rootfs, add_package, int32_t, (const bio_host *, bio_handle, uint32_t));
LOCK_MEMBER(bio_rootfs, add_copy, 24, 8);
LOCK_FUNCTION(bio_rootfs, add_copy, int32_t, (const bio_host *, bio_handle, const bio_str *, uint32_t, uint64_t));
LOCK_MEMBER(bio_rootfs, add_file, 32, 8);
LOCK_FUNCTION(bio_rootfs, add_file, int32_t, (const bio_host *, bio_handle, const bio_str *, uint32_t, const bio_str *));
LOCK_MEMBER(bio_rootfs, add_directory, 40, 8);
LOCK_FUNCTION(bio_rootfs, add_directory, int32_t, (const bio_host *, bio_handle, const bio_str *, uint32_t));
LOCK_MEMBER(bio_rootfs, add_symlink, 48, 8);
LOCK_FUNCTION(bio_rootfs, add_symlink, int32_t, (const bio_host *, bio_handle, const bio_str *, const bio_str *));
LOCK_MEMBER(bio_rootfs, add_tree, 56, 8);
LOCK_FUNCTION(bio_rootfs, add_tree, int32_t, (const bio_host *, bio_handle, const bio_str *, bio_handle));

LOCK_SIZE(bio_written, 32);
LOCK_MEMBER(bio_written, struct_size, 0, 4);
LOCK_MEMBER(bio_written, flags, 4, 4);
LOCK_MEMBER(bio_written, size, 8, 8);
LOCK_MEMBER(bio_written, digest, 16, 16);

LOCK_SIZE(bio_archive, 24);
LOCK_MEMBER(bio_archive, struct_size, 0, 4);
LOCK_MEMBER(bio_archive, flags, 4, 4);
LOCK_MEMBER(bio_archive, suffix, 8, 8);
LOCK_FUNCTION(bio_archive, suffix, int32_t, (const bio_host *, const bio_str *, bio_str *));
LOCK_MEMBER(bio_archive, write, 16, 8);
LOCK_FUNCTION(bio_archive, write, int32_t, (const bio_host *, bio_handle, const bio_str *, const bio_str *, bio_written *));

LOCK_SIZE(bio_image_config, 200);
LOCK_MEMBER(bio_image_config, struct_size, 0, 4);
LOCK_MEMBER(bio_image_config, flags, 4, 4);
LOCK_MEMBER(bio_image_config, user, 8, 16);
LOCK_MEMBER(bio_image_config, working_dir, 24, 16);
LOCK_MEMBER(bio_image_config, stop_signal, 40, 16);
LOCK_MEMBER(bio_image_config, author, 56, 16);
LOCK_MEMBER(bio_image_config, entrypoint, 72, 8);
LOCK_MEMBER(bio_image_config, command, 80, 8);
LOCK_MEMBER(bio_image_config, ports, 88, 8);
LOCK_MEMBER(bio_image_config, volumes, 96, 8);
LOCK_MEMBER(bio_image_config, health_test, 104, 8);
LOCK_MEMBER(bio_image_config, environment, 112, 8);
LOCK_MEMBER(bio_image_config, labels, 120, 8);
LOCK_MEMBER(bio_image_config, annotations, 128, 8);
LOCK_MEMBER(bio_image_config, entrypoint_count, 136, 4);
LOCK_MEMBER(bio_image_config, command_count, 140, 4);
LOCK_MEMBER(bio_image_config, port_count, 144, 4);
LOCK_MEMBER(bio_image_config, volume_count, 148, 4);
LOCK_MEMBER(bio_image_config, health_test_count, 152, 4);
LOCK_MEMBER(bio_image_config, environment_count, 156, 4);
LOCK_MEMBER(bio_image_config, label_count, 160, 4);
LOCK_MEMBER(bio_image_config, annotation_count, 164, 4);
LOCK_MEMBER(bio_image_config, health_interval, 168, 8);
LOCK_MEMBER(bio_image_config, health_timeout, 176, 8);
LOCK_MEMBER(bio_image_config, health_start_period, 184, 8);
LOCK_MEMBER(bio_image_config, health_retries, 192, 8);

LOCK_SIZE(bio_oci_artifact, 136);
LOCK_MEMBER(bio_oci_artifact, struct_size, 0, 4);
LOCK_MEMBER(bio_oci_artifact, flags, 4, 4);
LOCK_MEMBER(bio_oci_artifact, option, 8, 16);
LOCK_MEMBER(bio_oci_artifact, name, 24, 16);
LOCK_MEMBER(bio_oci_artifact, tag, 40, 16);
LOCK_MEMBER(bio_oci_artifact, config_type, 56, 16);
LOCK_MEMBER(bio_oci_artifact, config, 72, 16);
LOCK_MEMBER(bio_oci_artifact, layer_type, 88, 16);
LOCK_MEMBER(bio_oci_artifact, layer, 104, 16);
LOCK_MEMBER(bio_oci_artifact, annotations, 120, 8);
LOCK_MEMBER(bio_oci_artifact, annotation_count, 128, 4);
LOCK_MEMBER(bio_oci_artifact, reserved0, 132, 4);

LOCK_SIZE(bio_oci, 56);
LOCK_MEMBER(bio_oci, struct_size, 0, 4);
LOCK_MEMBER(bio_oci, flags, 4, 4);
LOCK_MEMBER(bio_oci, reference, 8, 8);
LOCK_FUNCTION(bio_oci, reference, int32_t, (const bio_host *, uint32_t, uint32_t, bio_str *));
LOCK_MEMBER(bio_oci, begin, 16, 8);
LOCK_FUNCTION(bio_oci, begin, int32_t, (const bio_host *, bio_handle *));
LOCK_MEMBER(bio_oci, add_packages, 24, 8);
LOCK_FUNCTION(bio_oci, add_packages, int32_t, (const bio_host *, bio_handle, const uint32_t *, uint64_t));
LOCK_MEMBER(bio_oci, add_tree, 32, 8);
LOCK_FUNCTION(bio_oci, add_tree, int32_t, (const bio_host *, bio_handle, bio_handle, const bio_str *));
LOCK_MEMBER(bio_oci, configure, 40, 8);
LOCK_FUNCTION(bio_oci, configure, int32_t, (const bio_host *, bio_handle, const bio_image_config *));
LOCK_MEMBER(bio_oci, publish, 48, 8);
LOCK_FUNCTION(bio_oci, publish, int32_t, (const bio_host *, bio_handle));

LOCK_SIZE(bio_registry, 16);
LOCK_MEMBER(bio_registry, struct_size, 0, 4);
LOCK_MEMBER(bio_registry, flags, 4, 4);
LOCK_MEMBER(bio_registry, push, 8, 8);
LOCK_FUNCTION(bio_registry, push, int32_t, (const bio_host *, const bio_oci_artifact *));

LOCK_SIZE(bio_child, 48);
LOCK_MEMBER(bio_child, struct_size, 0, 4);
LOCK_MEMBER(bio_child, flags, 4, 4);
LOCK_MEMBER(bio_child, format, 8, 16);
LOCK_MEMBER(bio_child, roots, 24, 8);
LOCK_MEMBER(bio_child, options, 32, 8);
LOCK_MEMBER(bio_child, root_count, 40, 4);
LOCK_MEMBER(bio_child, option_count, 44, 4);

LOCK_SIZE(bio_made, 24);
LOCK_MEMBER(bio_made, struct_size, 0, 4);
LOCK_MEMBER(bio_made, flags, 4, 4);
LOCK_MEMBER(bio_made, artifact_count, 8, 4);
LOCK_MEMBER(bio_made, reserved0, 12, 4);
LOCK_MEMBER(bio_made, artifacts, 16, 8);

LOCK_SIZE(bio_chain, 24);
LOCK_MEMBER(bio_chain, struct_size, 0, 4);
LOCK_MEMBER(bio_chain, flags, 4, 4);
LOCK_MEMBER(bio_chain, run, 8, 8);
LOCK_FUNCTION(bio_chain, run, int32_t, (const bio_host *, const bio_child *, const bio_made **));
LOCK_MEMBER(bio_chain, image, 16, 8);
LOCK_FUNCTION(bio_chain, image, int32_t, (const bio_host *, const bio_child *, bio_handle *));

LOCK_SIZE(bio_secret, 16);
LOCK_MEMBER(bio_secret, struct_size, 0, 4);
LOCK_MEMBER(bio_secret, flags, 4, 4);
LOCK_MEMBER(bio_secret, open, 8, 8);
LOCK_FUNCTION(bio_secret, open, int32_t, (const bio_host *, const bio_str *, bio_handle *));

LOCK_SIZE(bio_tool_call, 80);
LOCK_MEMBER(bio_tool_call, struct_size, 0, 4);
LOCK_MEMBER(bio_tool_call, flags, 4, 4);
LOCK_MEMBER(bio_tool_call, program, 8, 16);
LOCK_MEMBER(bio_tool_call, arguments, 24, 8);
LOCK_MEMBER(bio_tool_call, argument_count, 32, 4);
LOCK_MEMBER(bio_tool_call, seconds, 36, 4);
LOCK_MEMBER(bio_tool_call, input, 40, 16);
LOCK_MEMBER(bio_tool_call, output, 56, 16);
LOCK_MEMBER(bio_tool_call, secret, 72, 8);

LOCK_SIZE(bio_tool_result, 48);
LOCK_MEMBER(bio_tool_result, struct_size, 0, 4);
LOCK_MEMBER(bio_tool_result, flags, 4, 4);
LOCK_MEMBER(bio_tool_result, exit_code, 8, 4);
LOCK_MEMBER(bio_tool_result, reserved0, 12, 4);
LOCK_MEMBER(bio_tool_result, output, 16, 16);
LOCK_MEMBER(bio_tool_result, errors, 32, 16);

LOCK_SIZE(bio_tool, 16);
LOCK_MEMBER(bio_tool, struct_size, 0, 4);
LOCK_MEMBER(bio_tool, flags, 4, 4);
LOCK_MEMBER(bio_tool, run, 8, 8);
LOCK_FUNCTION(bio_tool, run, int32_t, (const bio_host *, const bio_tool_call *, const bio_tool_result **));

LOCK_SIZE(bio_source, 64);
LOCK_MEMBER(bio_source, struct_size, 0, 4);
LOCK_MEMBER(bio_source, flags, 4, 4);
LOCK_MEMBER(bio_source, syntax, 8, 4);
LOCK_MEMBER(bio_source, subject_kind, 12, 4);
LOCK_MEMBER(bio_source, subject, 16, 16);
LOCK_MEMBER(bio_source, name, 32, 16);
LOCK_MEMBER(bio_source, text, 48, 16);

LOCK_SIZE(bio_document, 32);
LOCK_MEMBER(bio_document, struct_size, 0, 4);
LOCK_MEMBER(bio_document, flags, 4, 4);
LOCK_MEMBER(bio_document, root_count, 8, 8);
LOCK_MEMBER(bio_document, node_count, 16, 8);
LOCK_MEMBER(bio_document, nodes, 24, 8);

LOCK_SIZE(bio_documents, 24);
LOCK_MEMBER(bio_documents, struct_size, 0, 4);
LOCK_MEMBER(bio_documents, flags, 4, 4);
LOCK_MEMBER(bio_documents, read, 8, 8);
LOCK_FUNCTION(bio_documents, read, int32_t, (const bio_host *, const bio_source *, const bio_document **));
LOCK_MEMBER(bio_documents, write, 16, 8);
LOCK_FUNCTION(bio_documents, write, int32_t, (const bio_host *, uint32_t, const bio_node *, uint64_t, bio_str *));

LOCK_SIZE(bio_service_call, 72);
LOCK_MEMBER(bio_service_call, struct_size, 0, 4);
LOCK_MEMBER(bio_service_call, flags, 4, 4);
LOCK_MEMBER(bio_service_call, package, 8, 4);
LOCK_MEMBER(bio_service_call, bind_count, 12, 4);
LOCK_MEMBER(bio_service_call, binds, 16, 8);
LOCK_MEMBER(bio_service_call, configuration, 24, 16);
LOCK_MEMBER(bio_service_call, configuration_name, 40, 16);
LOCK_MEMBER(bio_service_call, group, 56, 16);

LOCK_SIZE(bio_hook, 56);
LOCK_MEMBER(bio_hook, struct_size, 0, 4);
LOCK_MEMBER(bio_hook, flags, 4, 4);
LOCK_MEMBER(bio_hook, name, 8, 16);
LOCK_MEMBER(bio_hook, path, 24, 16);
LOCK_MEMBER(bio_hook, interpreter, 40, 16);

LOCK_SIZE(bio_service, 112);
LOCK_MEMBER(bio_service, struct_size, 0, 4);
LOCK_MEMBER(bio_service, flags, 4, 4);
LOCK_MEMBER(bio_service, directory, 8, 16);
LOCK_MEMBER(bio_service, user, 24, 16);
LOCK_MEMBER(bio_service, group, 40, 16);
LOCK_MEMBER(bio_service, stop_signal, 56, 16);
LOCK_MEMBER(bio_service, stop_seconds, 72, 4);
LOCK_MEMBER(bio_service, hook_count, 76, 4);
LOCK_MEMBER(bio_service, hooks, 80, 8);
LOCK_MEMBER(bio_service, environment, 88, 8);
LOCK_MEMBER(bio_service, environment_count, 96, 4);
LOCK_MEMBER(bio_service, left_out_count, 100, 4);
LOCK_MEMBER(bio_service, left_out, 104, 8);

LOCK_SIZE(bio_template, 24);
LOCK_MEMBER(bio_template, struct_size, 0, 4);
LOCK_MEMBER(bio_template, flags, 4, 4);
LOCK_MEMBER(bio_template, render, 8, 8);
LOCK_FUNCTION(bio_template, render, int32_t,
              (const bio_host *, const bio_source *, const bio_node *, uint64_t, bio_str *));
LOCK_MEMBER(bio_template, service, 16, 8);
LOCK_FUNCTION(bio_template, service, int32_t,
              (const bio_host *, const bio_service_call *, bio_handle, const bio_service **));

#if defined(__cplusplus)
LOCK((std::is_same<decltype(&bio_export_entry),
                   int32_t (*)(const bio_negotiation *, const bio_plugin **) BIO_NOEXCEPT>::value),
     "bio_export_entry");
#else
LOCK(__builtin_types_compatible_p(__typeof__(&bio_export_entry),
                                  int32_t (*)(const bio_negotiation *, const bio_plugin **)),
     "bio_export_entry");
#endif
