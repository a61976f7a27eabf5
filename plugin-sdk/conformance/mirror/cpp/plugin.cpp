// SPDX-License-Identifier: Apache-2.0
// The mirror in C++: writes the job as JSON.
#include "bio_export.hpp"

#include <cstdio>
#include <fstream>
#include <stdexcept>

namespace {

using bio::Value;

// Bytes as text: what is not printable ASCII, and %, as %XX.
std::string escaped(std::string_view bytes) {
    std::string made;
    for (const unsigned char byte : bytes) {
        char code[4];
        std::snprintf(code, sizeof code, "%%%02X", byte);
        if (byte > 0x20 && byte < 0x7F && byte != '%') made += char(byte);
        else made += code;
    }
    return made;
}

Value value_of(const bio_value &value) {
    switch (value.kind) {
    case BIO_KIND_UNSET: return {};
    case BIO_KIND_BOOL: return Value(value.integer != 0);
    case BIO_KIND_INT: return Value(value.integer);
    case BIO_KIND_LIST: {
        Value list = Value::list();
        for (std::uint64_t i = 0; i < value.item_count; i++) list.add(bio::view(value.items[i]));
        return list;
    }
    default: return Value(bio::view(value.text));
    }
}

Value options_of(const bio::Job &job, const std::vector<bio::Option> &options) {
    static const char *const kinds[] = {"unset", "bool", "int", "string", "path", "choice", "list", "compression"};
    static const char *const sources[] = {"default", "command-line", "environment"};
    Value list = Value::list();
    for (const auto &option : options) {
        const bio_value &value = job.value(option.id);
        list.add(Value::map()
                     .set("id", option.id.c_str())
                     .set("kind", kinds[value.kind])
                     .set("source", sources[value.source])
                     .set("value", value_of(value)));
    }
    return list;
}

Value flags_of(std::uint32_t flags) {
    static const std::pair<std::uint32_t, const char *> names[] = {
        {BIO_PACKAGE_ROOT, "root"}, {BIO_PACKAGE_BASE, "base"}, {BIO_PACKAGE_SERVICE, "service"},
        {BIO_PACKAGE_UNVERIFIED, "unverified"}, {BIO_PACKAGE_INSTALL_HOOK, "install-hook"}, {BIO_PACKAGE_CLI, "cli"},
        {BIO_PACKAGE_SUPERVISOR, "supervisor"}, {BIO_PACKAGE_LAUNCHER, "launcher"}, {BIO_PACKAGE_SHELL, "shell"},
        {BIO_PACKAGE_CERTIFICATES, "certificates"},
    };
    Value list = Value::list();
    for (const auto &name : names)
        if (flags & name.first) list.add(name.second);
    return list;
}

Value file_of(const bio::File &file) {
    static const char *const kinds[] = {"", "file", "directory", "symlink"};
    Value made = Value::map();
    made.set("path", std::string_view(escaped(file.path)));
    made.set("kind", kinds[file.kind]).set("mode", file.mode);
    if (file.kind == BIO_FILE_SYMLINK) made.set("target", std::string_view(escaped(file.link_target)));
    if (file.kind == BIO_FILE_REGULAR) made.set("size", file.size).set("digest", file.digest.c_str());
    return made;
}

class Mirror final : public bio::Exporter {
  public:
    explicit Mirror(bio::Host host) : host(host) {}
    static std::vector<bio::Option> options;

    void validate(const bio::Job &job) override {
        if (!job.text("refuse").empty())
            throw bio::Failure(100, std::string(job.text("refuse")), "leave it out", BIO_SUBJECT_OPTION, "refuse");
    }
    void plan(const bio::Job &job) override { host.emit({"mirror", file_name(job), "application/json"}); }

    void run(const bio::Job &job) override {
        if (job.flag("panic")) throw std::runtime_error("boom");
        Value roots = Value::list(), packages = Value::list();
        for (const auto root : job.roots()) roots.add(root);
        for (const auto &package : job.packages()) packages.add(package_of(job, package));
        const Value document = Value::map()
                                   .set("format", "mirror")
                                   .set("target", job.target())
                                   .set("source_date_epoch", job.raw.source_date_epoch)
                                   .set("output_name", job.output_name())
                                   .set("options", options_of(job, options))
                                   .set("roots", roots)
                                   .set("packages", packages);
        std::ofstream file(std::string(job.out_dir()) + "/" + file_name(job));
        file << host.json(document);
        file.close();
        if (!file) throw bio::Failure(BIO_E_IO, "writing failed");
        plan(job);
    }

  private:
    const bio::Host host;

    static std::string file_name(const bio::Job &job) {
        return job.output_name().empty() ? "mirror.json" : std::string(job.output_name());
    }

    Value package_of(const bio::Job &job, const bio::Package &package) const {
        const bio_package &raw = package.raw;
        Value metadata = Value::map(), dependencies = Value::list(), files = Value::list();
        for (std::uint32_t i = 0; i < raw.metadata_count; i++)
            metadata.set(std::string(bio::view(raw.metadata[i].key)), bio::view(raw.metadata[i].value));
        for (const auto &edge : job.dependencies(package.index))
            dependencies.add(Value::map()
                                 .set("package", edge.to)
                                 .set("kind", edge.kind == BIO_EDGE_DIRECT ? "direct" : "transitive"));
        for (const auto &file : host.files(package.index)) files.add(file_of(file));
        return Value::map()
            .set("ident", bio::view(raw.ident))
            .set("target", bio::view(raw.target))
            .set("prefix", bio::view(raw.prefix))
            .set("artifact", bio::view(raw.artifact))
            .set("signer", bio::view(raw.signer))
            .set("requested", bio::view(raw.requested))
            .set("flags", flags_of(raw.flags))
            .set("installed_size", raw.installed_size)
            .set("file_count", raw.file_count)
            .set("metadata", metadata)
            .set("dependencies", dependencies)
            .set("files", files);
    }
};

std::vector<bio::Option> Mirror::options = {
    {"flag", BIO_KIND_BOOL, "Be on"},
    {"count", BIO_KIND_INT, "So many", "N", "3", "", "", {}, {}, 0, 10},
    {"word", BIO_KIND_STRING, "Say this", "TEXT", "hello"},
    {"path", BIO_KIND_PATH, "Name this file", "FILE"},
    {"shape", BIO_KIND_CHOICE, "Have this shape", "NAME", "round", "", "", {{"round", "without corners"}, {"square", "with four"}}},
    {"item", BIO_KIND_LIST, "Hold this, too", "TEXT"},
    {"packing", BIO_KIND_COMPRESSION, "Be packed so", "NAME", "gzip"},
    {"refuse", BIO_KIND_STRING, "Refuse with these words", "TEXT"},
    {"panic", BIO_KIND_BOOL, "Fail as the language does"},
};

bio::Plugin describe() {
    bio::Format format;
    format.id = "mirror";
    format.summary = "The job as JSON";
    format.options = Mirror::options;
    format.groups = {BIO_GROUP_PACKAGES};
    format.artifact_kinds = {"mirror"};
    format.needs = {BIO_EXT_FAIL, BIO_EXT_FILES, BIO_EXT_DOCUMENT};
    format.flags = BIO_FORMAT_REPRODUCIBLE | BIO_FORMAT_STREAMABLE;
    format.create = [](bio::Host host) -> std::unique_ptr<bio::Exporter> { return std::make_unique<Mirror>(host); };
    return {"org.example.mirror", "mirror", "0.1.0", "Apache-2.0", "", "", {format}};
}

} // namespace

BIO_PLUGIN(describe)
