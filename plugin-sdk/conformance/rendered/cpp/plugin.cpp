// SPDX-License-Identifier: Apache-2.0
// A text and a service, rendered by the host, in C++.
#include "bio_template.hpp"

#include <fstream>

namespace {

using bio::Value;

Value list_of(const std::vector<std::string> &texts) {
    Value list = Value::list();
    for (const auto &text : texts) list.add(text.c_str());
    return list;
}

class Rendered final : public bio::Exporter {
  public:
    explicit Rendered(bio::Host host) : host(host) {}

    void plan(const bio::Job &) override {
        host.emit({"rendered", "rendered.json", "application/json"});
        host.emit({"rendered-tree", "rendered.tar", "application/x-tar", BIO_FORM_FILE, BIO_ARTIFACT_SIDECAR});
    }

    void run(const bio::Job &job) override {
        const auto root = job.roots().front();
        const auto context = Value::map()
                                 .set("package", bio::view(job.packages()[root].raw.name))
                                 .set("port", 6379)
                                 .set("tags", list_of({"a", "b"}))
                                 .set("on", true);
        const auto text =
            bio::render(host, job.text("template"), "the template", context, BIO_SUBJECT_OPTION, "template");

        bio_handle tree = 0;
        bio::check(host.service<bio_rootfs>(BIO_EXT_ROOTFS).begin(host.raw, &tree));
        bio::ServiceCall call{root, {}, "greeting = \"made\"\n", "made.toml", "blue"};
        for (const auto bind : job.list("bind")) call.binds.emplace_back(bind);
        const auto service = bio::render(host, call, tree);

        Value hooks = Value::list(), environment = Value::map();
        for (const auto &hook : service.hooks)
            hooks.add(Value::map()
                          .set("name", hook.name.c_str())
                          .set("path", hook.path.c_str())
                          .set("interpreter", hook.interpreter.c_str()));
        for (const auto &variable : service.environment) environment.set(variable.first, variable.second.c_str());
        std::ofstream file(std::string(job.out_dir()) + "/rendered.json");
        file << host.json(Value::map()
                              .set("text", text.c_str())
                              .set("directory", service.directory.c_str())
                              .set("user", service.user.c_str())
                              .set("group", service.group.c_str())
                              .set("stop_signal", service.stop_signal.c_str())
                              .set("stop_seconds", service.stop_seconds)
                              .set("hooks", hooks)
                              .set("environment", environment)
                              .set("left_out", list_of(service.left_out)));
        file.close();
        if (!file) throw bio::Failure(BIO_E_IO, "writing failed");

        const auto path = bio::borrow("rendered.tar"), compression = bio::borrow("none");
        auto written = bio::table<bio_written>();
        bio::check(host.service<bio_archive>(BIO_EXT_ARCHIVE).write(host.raw, tree, &path, &compression, &written));
        plan(job);
    }

  private:
    const bio::Host host;
};

bio::Plugin describe() {
    bio::Format format;
    format.id = "rendered";
    format.summary = "What the host renders";
    format.options = {
        {"template", BIO_KIND_STRING, "Render this", "TEXT", "{{package}} on {{port}}"},
        {"bind", BIO_KIND_LIST, "Bind the service so", "NAME=HOST:PORT"},
    };
    format.groups = {BIO_GROUP_PACKAGES};
    format.artifact_kinds = {"rendered", "rendered-tree"};
    format.needs = {BIO_EXT_FAIL, BIO_EXT_DOCUMENT, BIO_EXT_ROOTFS, BIO_EXT_ARCHIVE, BIO_EXT_TEMPLATE};
    format.create = [](bio::Host host) -> std::unique_ptr<bio::Exporter> { return std::make_unique<Rendered>(host); };
    return {"org.example.rendered", "rendered", "0.1.0", "Apache-2.0", "", "", {format}};
}

} // namespace

BIO_PLUGIN(describe)
