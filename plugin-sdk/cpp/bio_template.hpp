// SPDX-License-Identifier: Apache-2.0
//
// bio.host.template/1 for C++17: texts rendered as packages' templates are, and whole services rendered when they are
// exported. A format that uses it has BIO_EXT_TEMPLATE among its needs.
#ifndef BIO_TEMPLATE_HPP
#define BIO_TEMPLATE_HPP

#include "bio_export.hpp"

namespace bio {

// A service that is configured once, when it is exported: bio_service_call.
struct ServiceCall {
    std::uint32_t package;                            // its index
    std::vector<std::string> binds = {};              // where binds lead, as the user writes it: "database=10.0.0.7:5432"
    std::string configuration = {};                   // TOML over the package's default.toml
    std::string configuration_name = {}, group = {};  // what messages call that; empty: default
};

struct Hook {
    std::string name;        // init, run, post-run, post-stop, health-check
    std::string path;        // in the tree
    std::string interpreter; // absolute, of its first line
};

// What whoever starts the service must know: bio_service.
struct RenderedService {
    std::string directory; // in the tree: hab/svc/redis
    std::string user, group, stop_signal;
    std::uint32_t stop_seconds;
    std::vector<Hook> hooks; // run is among them
    std::vector<std::pair<std::string, std::string>> environment; // of its programs, PATH too
    std::vector<std::string> left_out;                            // hooks that only a supervisor runs
};

// The text of a template, with the members of the map `context` filled in. `name` is what messages call it, and the subject
// what it came from.
inline std::string render(const Host &host, std::string_view text, std::string_view name, const Value &context,
                          std::uint32_t subject_kind = BIO_SUBJECT_NONE, std::string_view subject = "") {
    auto source = table<bio_source>();
    source.subject_kind = subject_kind;
    source.subject = borrow(subject);
    source.name = borrow(name);
    source.text = borrow(text);
    std::vector<bio_node> nodes;
    context.flatten(nodes, "");
    bio_str made{};
    check(host.service<bio_template>(BIO_EXT_TEMPLATE).render(host.raw, &source, nodes.data(), nodes.size(), &made));
    return std::string(view(made));
}

// Renders the configuration and the hooks of a service into a tree of bio_rootfs, below its directory.
inline RenderedService render(const Host &host, const ServiceCall &call, bio_handle tree) {
    std::vector<bio_str> binds;
    for (const auto &bind : call.binds) binds.push_back(borrow(bind));
    auto raw = table<bio_service_call>();
    raw.package = call.package;
    raw.bind_count = std::uint32_t(binds.size());
    raw.binds = binds.data();
    raw.configuration = borrow(call.configuration);
    raw.configuration_name = borrow(call.configuration_name);
    raw.group = borrow(call.group);
    const bio_service *theirs = nullptr;
    check(host.service<bio_template>(BIO_EXT_TEMPLATE).service(host.raw, &raw, tree, &theirs));
    const auto service = copied(theirs);
    const auto text = [](const bio_str &text) { return std::string(view(text)); };
    RenderedService made{text(service.directory), text(service.user), text(service.group),
                         text(service.stop_signal), service.stop_seconds, {}, {}, {}};
    for (std::uint32_t i = 0; i < service.hook_count; i++) {
        const auto hook = copied(service.hooks[i]);
        made.hooks.push_back({text(hook.name), text(hook.path), text(hook.interpreter)});
    }
    for (std::uint32_t i = 0; i < service.environment_count; i++)
        made.environment.emplace_back(text(service.environment[i].key), text(service.environment[i].value));
    for (std::uint32_t i = 0; i < service.left_out_count; i++) made.left_out.push_back(text(service.left_out[i]));
    return made;
}

} // namespace bio

#endif
