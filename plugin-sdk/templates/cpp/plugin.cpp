// SPDX-License-Identifier: Apache-2.0
// The format @FORMAT@: the packages of an export, one a line, under a heading.
#include "bio_export.hpp"

#include <fstream>

namespace {

class PackageList final : public bio::Exporter {
  public:
    explicit PackageList(bio::Host host) : host(host) {}

    void validate(const bio::Job &job) override {
        if (job.text("heading").find('\n') != std::string_view::npos)
            throw bio::Failure(BIO_E_INVALID, "the heading has more than one line", "leave the newline out",
                               BIO_SUBJECT_OPTION, "heading");
    }
    void plan(const bio::Job &job) override { host.emit({"package-list", file_name(job), "text/plain"}); }

    void run(const bio::Job &job) override {
        std::ofstream file(std::string(job.out_dir()) + "/" + file_name(job));
        file << job.text("heading") << '\n';
        for (const auto &package : job.packages()) file << package.ident() << '\n';
        file.close();
        if (!file) throw bio::Failure(BIO_E_IO, "writing failed", "look at the disk", BIO_SUBJECT_PATH, file_name(job));
        plan(job);
    }

  private:
    const bio::Host host;

    static std::string file_name(const bio::Job &job) {
        return job.output_name().empty() ? "@NAME@.txt" : std::string(job.output_name());
    }
};

bio::Plugin describe() {
    bio::Format format;
    format.id = "@FORMAT@";
    format.summary = "@SUMMARY@";
    format.options = {{"heading", BIO_KIND_STRING, "Begin with this line", "TEXT", "packages"}};
    format.groups = {BIO_GROUP_PACKAGES};
    format.artifact_kinds = {"package-list"};
    format.needs = {BIO_EXT_FAIL};
    format.flags = BIO_FORMAT_REPRODUCIBLE | BIO_FORMAT_STREAMABLE;
    format.create = [](bio::Host host) -> std::unique_ptr<bio::Exporter> { return std::make_unique<PackageList>(host); };
    return {"@ID@", "@NAME@", "0.1.0", "@LICENSE@", "", "", {format}};
}

} // namespace

BIO_PLUGIN(describe)
