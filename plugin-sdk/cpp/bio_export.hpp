// SPDX-License-Identifier: Apache-2.0
//
// bio_export.h for C++17: values instead of pointers, exceptions instead of codes. No exception leaves a plugin: each
// function that the host enters is noexcept, and what is thrown below it becomes the reason of the failed phase.
//
//     static bio::Plugin describe() { … }
//     BIO_PLUGIN(describe)
//
// What is not wrapped here is reached by Host::service and the C header.
#ifndef BIO_EXPORT_HPP
#define BIO_EXPORT_HPP

#include "bio_export.h"
#include "bio_function.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <exception>
#include <memory>
#include <new>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace bio {

// ---- Texts and tables ----

inline std::string_view view(const bio_str &text) { return {text.ptr ? text.ptr : "", std::size_t(text.len)}; }
inline bio_str borrow(std::string_view text) { return {text.data(), text.size()}; }

// An open struct, zero but for its size.
template <class Table> Table table() {
    Table made;
    std::memset(&made, 0, sizeof made);
    made.struct_size = std::uint32_t(sizeof made);
    return made;
}

// A copy of an open struct of the other side: as many bytes as both know, the rest zero.
template <class Table> Table copied(const Table *theirs) {
    Table made;
    std::memset(static_cast<void *>(&made), 0, sizeof made);
    if (theirs) std::memcpy(static_cast<void *>(&made), theirs, std::min<std::size_t>(theirs->struct_size, sizeof made));
    return made;
}

// ---- Failures ----

// Why an export cannot go on, as the user reads it: message in lower case without a final period, hint the next step.
// A Failure without a message is one that the host has explained already.
struct Failure : std::exception {
    std::int32_t code;
    std::string message, hint;
    std::uint32_t subject_kind;
    std::string subject;

    explicit Failure(std::int32_t code, std::string message = "", std::string hint = "",
                     std::uint32_t subject_kind = BIO_SUBJECT_NONE, std::string subject = "")
        : code(code), message(std::move(message)), hint(std::move(hint)), subject_kind(subject_kind),
          subject(std::move(subject)) {}
    const char *what() const noexcept override { return message.c_str(); }
};

inline void check(std::int32_t code) {
    if (code != BIO_OK) throw Failure(code);
}

// ---- Documents: what Host::json writes ----

struct Value {
    std::uint32_t kind = BIO_NODE_NULL;
    std::int64_t integer = 0;
    std::string text;
    std::vector<std::pair<std::string, Value>> items; // of a list without keys

    Value() = default;
    Value(bool truth) : kind(BIO_NODE_BOOL), integer(truth) {}
    template <class Number, std::enable_if_t<std::is_integral_v<Number> && !std::is_same_v<Number, bool>, int> = 0>
    Value(Number number) : kind(BIO_NODE_INTEGER), integer(std::int64_t(number)) {}
    Value(std::string_view text) : kind(BIO_NODE_STRING), text(text) {}
    Value(const char *text) : Value(std::string_view(text)) {}

    static Value list() { return of(BIO_NODE_LIST); }
    static Value map() { return of(BIO_NODE_MAP); }
    Value &add(Value item) { return items.emplace_back("", std::move(item)), *this; }
    Value &set(std::string key, Value item) { return items.emplace_back(std::move(key), std::move(item)), *this; }

    void flatten(std::vector<bio_node> &nodes, std::string_view key) const {
        bio_node node{};
        node.key = borrow(key);
        node.text = borrow(text);
        node.integer = integer;
        node.kind = kind;
        node.count = std::uint32_t(items.size());
        nodes.push_back(node);
        for (const auto &item : items) item.second.flatten(nodes, item.first);
    }

  private:
    static Value of(std::uint32_t kind) {
        Value made;
        made.kind = kind;
        return made;
    }
};

// ---- What an export is about ----

struct File {
    std::string path; // bytes, relative to the package's prefix
    std::string link_target, digest;
    std::uint64_t size;
    std::uint32_t kind, mode; // BIO_FILE_…
};

struct Package {
    std::uint32_t index;
    bio_package raw;

    std::string_view ident() const { return view(raw.ident); }
    bool is(std::uint32_t flag) const { return (raw.flags & flag) != 0; }
    // The text of a metafile; nullptr when there is none.
    const bio_kv *metadata(std::string_view name) const {
        for (std::uint32_t i = 0; i < raw.metadata_count; i++)
            if (view(raw.metadata[i].key) == name) return &raw.metadata[i];
        return nullptr;
    }
};

struct Format;

class Job {
  public:
    Job(const bio_job *job, const Format &format) : raw(copied(job)), graph(copied(raw.graph)), format(format) {}

    const bio_job raw;
    const bio_graph graph;

    std::string_view out_dir() const { return view(raw.out_dir); }
    std::string_view scratch_dir() const { return view(raw.scratch_dir); }
    std::string_view output_name() const { return view(raw.output_name); }
    std::string_view target() const { return view(raw.target); }

    std::vector<Package> packages() const {
        std::vector<Package> made;
        for (std::uint32_t i = 0; i < graph.package_count; i++) made.push_back({i, copied(graph.packages[i])});
        return made;
    }
    std::vector<std::uint32_t> roots() const { return {graph.roots, graph.roots + graph.root_count}; }
    // What a package needs; bio_edge::to is an index of packages().
    std::vector<bio_edge> dependencies(std::uint32_t package) const {
        return {graph.edges + graph.edge_starts[package], graph.edges + graph.edge_starts[package + 1]};
    }

    // The value of an option of this format, by id.
    inline const bio_value &value(std::string_view option) const;
    std::string_view text(std::string_view option) const { return view(value(option).text); }
    std::int64_t integer(std::string_view option) const { return value(option).integer; }
    bool flag(std::string_view option) const { return value(option).integer != 0; }
    std::vector<std::string_view> list(std::string_view option) const {
        std::vector<std::string_view> made;
        for (std::uint64_t i = 0; i < value(option).item_count; i++) made.push_back(view(value(option).items[i]));
        return made;
    }

  private:
    const Format &format;
};

// ---- The host ----

struct Artifact {
    std::string kind, path, media_type;
    std::uint32_t form = BIO_FORM_FILE, role = BIO_ARTIFACT_PRIMARY, flags = BIO_ARTIFACT_REPRODUCIBLE;
    std::string reference = {}, digest = {};
    std::uint64_t size = 0;
};

class Host {
  public:
    explicit Host(const bio_host *raw) : raw(raw) {}
    const bio_host *const raw;

    // A service's table, BIO_EXT_…; refused when this host does not have it.
    template <class Table> Table service(const char *id) const {
        auto found = copied(static_cast<const Table *>(raw->get_extension(raw, id)));
        if (found.struct_size == 0) throw Failure(BIO_E_UNSUPPORTED, std::string("this host does not offer ") + id);
        return found;
    }
    void log(std::uint32_t level, std::string_view line) const {
        const bio_str text = borrow(line);
        service<bio_log>(BIO_EXT_LOG).write(raw, level, &text);
    }
    bool cancelled() const { return service<bio_cancel>(BIO_EXT_CANCEL).requested(raw) != 0; }

    void emit(const Artifact &artifact) const {
        auto made = table<bio_artifact>();
        made.flags = artifact.flags;
        made.form = artifact.form;
        made.role = artifact.role;
        made.kind = borrow(artifact.kind);
        made.media_type = borrow(artifact.media_type);
        made.path = borrow(artifact.path);
        made.reference = borrow(artifact.reference);
        made.digest = borrow(artifact.digest);
        made.size = artifact.size;
        check(raw->emit(raw, &made));
    }
    // Every entry of a package, in byte order of their paths: the number of one is its index.
    std::vector<File> files(std::uint32_t package) const {
        const auto files = service<bio_files>(BIO_EXT_FILES);
        std::vector<File> made;
        bio_file page[256];
        for (std::uint64_t count = 0;; ) {
            check(files.page(raw, package, made.size(), page, 256, &count));
            if (count == 0) return made;
            for (std::uint64_t i = 0; i < count; i++)
                made.push_back({std::string(view(page[i].path)), std::string(view(page[i].link_target)),
                                std::string(view(page[i].digest)), page[i].size, page[i].kind, page[i].mode});
        }
    }
    // A descriptor of a package's file, which the caller closes.
    int open(std::uint32_t package, std::uint64_t file) const {
        std::int32_t descriptor = -1;
        check(service<bio_files>(BIO_EXT_FILES).open(raw, package, file, &descriptor));
        return descriptor;
    }
    // The text of a document, two blanks a level; it lives until the exporter ends.
    std::string_view json(const Value &value) const {
        std::vector<bio_node> nodes;
        value.flatten(nodes, "");
        bio_str text{};
        check(service<bio_documents>(BIO_EXT_DOCUMENT)
                  .write(raw, BIO_SYNTAX_JSON, nodes.data(), nodes.size(), &text));
        return view(text);
    }

    // Hands a failure's reason to the host; returns its code.
    std::int32_t fail(const Failure &failure) const noexcept {
        const std::int32_t code = failure.code >= 1 && failure.code <= 999 ? failure.code : BIO_E_FAILED;
        const auto service = copied(static_cast<const bio_fail *>(raw->get_extension(raw, BIO_EXT_FAIL)));
        if (failure.message.empty() || !service.fail) return code;
        auto error = table<bio_error>();
        error.code = code;
        error.subject_kind = failure.subject_kind;
        error.subject = borrow(failure.subject);
        error.message = borrow(failure.message);
        error.hint = borrow(failure.hint);
        service.fail(raw, &error);
        return code;
    }
    // Runs `body`, whose exceptions become a code and its reason.
    template <class Body> std::int32_t guarded(Body body) const noexcept {
        try {
            body();
            return BIO_OK;
        } catch (const Failure &failure) {
            return fail(failure);
        } catch (const std::bad_alloc &) {
            return no_memory();
        } catch (const std::exception &error) {
            return unexpected(error.what());
        } catch (...) {
            return unexpected("something that is no std::exception");
        }
    }

  private:
    // Without a std::string, which would ask for more of it.
    std::int32_t no_memory() const noexcept {
        const auto service = copied(static_cast<const bio_fail *>(raw->get_extension(raw, BIO_EXT_FAIL)));
        auto error = table<bio_error>();
        error.code = BIO_E_LIMIT;
        error.message = borrow("there is not enough memory");
        error.hint = borrow("export fewer packages at once, or give bio more memory");
        if (service.fail) service.fail(raw, &error);
        return BIO_E_LIMIT;
    }
    std::int32_t unexpected(const char *what) const noexcept {
        try {
            return fail(Failure(BIO_E_FAILED, std::string("the plugin threw: ") + what, "tell its author"));
        } catch (...) { return BIO_E_FAILED; }
    }
};

// ---- What a plugin offers ----

class Exporter {
  public:
    virtual ~Exporter() = default;
    // Refuses what cannot be exported; writes nothing.
    virtual void validate(const Job &) {}
    // Emits the artifacts that run would make; writes nothing.
    virtual void plan(const Job &job) = 0;
    // Makes the planned artifacts and emits them.
    virtual void run(const Job &job) = 0;
};

struct Option {
    std::string id;
    std::uint32_t kind; // BIO_KIND_…
    std::string summary, value_name = {}, default_value = {}, doc = {}, environment = {};
    std::vector<std::pair<std::string, std::string>> choices = {}; // each value and what it means
    std::vector<std::string> aliases = {};
    std::int64_t minimum = 0, maximum = 0;
    std::uint32_t flags = 0; // BIO_OPTION_…
    std::string check = {};  // the name of a bio::check of the plugin
};

struct Format {
    std::string id, summary, doc;
    std::vector<Option> options;
    std::vector<std::string> groups, artifact_kinds, needs;
    std::unique_ptr<Exporter> (*create)(Host host);
    std::uint32_t flags = BIO_FORMAT_REPRODUCIBLE;
    std::vector<std::string> aliases = {};
};

struct Plugin {
    std::string id, name, version, license, vendor, url;
    std::vector<Format> formats;
    std::vector<Function> functions = {};
};

inline const bio_value &Job::value(std::string_view option) const {
    for (std::size_t i = 0; i < format.options.size() && i < raw.value_count; i++)
        if (format.options[i].id == option) return raw.values[i];
    throw Failure(BIO_E_MISUSE, "the plugin asks for an option that it does not have: " + std::string(option));
}

// ---- The tables behind bio_export_entry, built once and kept for ever ----

class Entry {
  public:
    explicit Entry(Plugin described) : plugin(std::move(described)), head(table<bio_plugin>()) {
        for (const Format &format : plugin.formats) records.push_back(std::make_unique<Record>(format));
        for (const auto &record : records) formats.push_back(&record->table);
        head.abi = head.abi_needed = BIO_ABI_1_0;
        head.abi_built = BIO_ABI_VERSION;
        head.id = borrow(plugin.id);
        head.name = borrow(plugin.name);
        head.version = borrow(plugin.version);
        head.vendor = borrow(plugin.vendor);
        head.license = borrow(plugin.license);
        head.url = borrow(plugin.url);
        head.format_count = std::uint32_t(formats.size());
        head.formats = formats.data();
        for (const Function &described : plugin.functions) {
            auto made = table<bio_function>();
            made.name = borrow(described.name);
            made.signature = borrow(described.signature);
            made.doc = borrow(described.doc);
            made.function = described.function;
            functions.push_back(made);
        }
        for (const bio_function &function : functions) function_pointers.push_back(&function);
        head.function_count = std::uint32_t(functions.size());
        head.functions = function_pointers.data();
    }
    std::int32_t answer(const bio_negotiation *theirs, const bio_plugin **out) const noexcept {
        if (theirs->abi_max < head.abi_needed) return BIO_E_NEWER;
        *out = &head;
        return BIO_OK;
    }

  private:
    struct Record {
        bio_format table; // first: the host hands it back to create
        const Format &format;
        std::vector<bio_option> options;
        std::vector<std::vector<bio_kv>> choices;
        std::vector<std::vector<bio_str>> spellings;
        std::vector<const bio_option *> pointers;
        std::vector<bio_str> aliases, groups, kinds, needs;

        explicit Record(const Format &format) : table(bio::table<bio_format>()), format(format) {
            for (const Option &option : format.options) add(option);
            for (std::size_t i = 0; i < options.size(); i++) {
                options[i].choices = choices[i].data();
                options[i].aliases = spellings[i].data();
                pointers.push_back(&options[i]);
            }
            table.flags = format.flags;
            table.id = borrow(format.id);
            table.summary = borrow(format.summary);
            table.doc = borrow(format.doc);
            table.option_count = std::uint32_t(pointers.size());
            table.options = pointers.data();
            set(aliases, format.aliases, table.alias_count, table.aliases);
            set(groups, format.groups, table.group_count, table.groups);
            set(kinds, format.artifact_kinds, table.artifact_kind_count, table.artifact_kinds);
            set(needs, format.needs, table.need_count, table.needs);
            table.create = create;
        }
        static void set(std::vector<bio_str> &kept, const std::vector<std::string> &texts, std::uint32_t &count,
                        const bio_str *&start) {
            for (const auto &text : texts) kept.push_back(borrow(text));
            count = std::uint32_t(kept.size());
            start = kept.data();
        }
        void add(const Option &option) {
            auto made = bio::table<bio_option>();
            made.flags = option.flags;
            made.kind = option.kind;
            made.id = borrow(option.id);
            made.summary = borrow(option.summary);
            made.doc = borrow(option.doc);
            made.value_name = borrow(option.value_name);
            made.default_value = borrow(option.default_value);
            made.environment = borrow(option.environment);
            made.check = borrow(option.check);
            made.minimum = option.minimum;
            made.maximum = option.maximum;
            made.choice_count = std::uint32_t(option.choices.size());
            made.alias_count = std::uint32_t(option.aliases.size());
            auto &values = choices.emplace_back();
            for (const auto &choice : option.choices) values.push_back({borrow(choice.first), borrow(choice.second)});
            auto &others = spellings.emplace_back();
            for (const auto &alias : option.aliases) others.push_back(borrow(alias));
            options.push_back(made);
        }
    };

    // The exporter as the host sees it, and ours behind it.
    struct Life {
        bio_exporter table; // first: a bio_exporter * is a Life *
        Host host;
        const Format &format;
        std::unique_ptr<Exporter> exporter;
    };

    static std::int32_t create(const bio_format *table, const bio_host *raw, bio_exporter **out) noexcept {
        const auto *record = reinterpret_cast<const Record *>(table);
        const Host host(raw);
        return host.guarded([&] {
            for (const auto &need : record->format.needs)
                if (!raw->get_extension(raw, need.c_str()))
                    throw Failure(BIO_E_UNSUPPORTED, "this host does not offer " + need, "use a newer bio");
            auto life = std::make_unique<Life>(
                Life{bio::table<bio_exporter>(), host, record->format, record->format.create(host)});
            life->table.validate = validate;
            life->table.plan = plan;
            life->table.run = run;
            life->table.destroy = destroy;
            *out = &life.release()->table;
        });
    }
    template <void (Exporter::*phase)(const Job &)>
    static std::int32_t enter(bio_exporter *table, const bio_job *job) noexcept {
        auto *life = reinterpret_cast<Life *>(table);
        return life->host.guarded([&] { (life->exporter.get()->*phase)(Job(job, life->format)); });
    }
    static std::int32_t validate(bio_exporter *table, const bio_job *job) noexcept {
        return enter<&Exporter::validate>(table, job);
    }
    static std::int32_t plan(bio_exporter *table, const bio_job *job) noexcept {
        return enter<&Exporter::plan>(table, job);
    }
    static std::int32_t run(bio_exporter *table, const bio_job *job) noexcept { return enter<&Exporter::run>(table, job); }
    static void destroy(bio_exporter *table) noexcept { delete reinterpret_cast<Life *>(table); }

    const Plugin plugin;
    std::vector<std::unique_ptr<Record>> records;
    std::vector<const bio_format *> formats;
    std::vector<bio_function> functions;
    std::vector<const bio_function *> function_pointers;
    bio_plugin head;
};

} // namespace bio

// The exported function of a plugin that `describe` describes: a function without arguments that gives a bio::Plugin.
#define BIO_PLUGIN(describe)                                                                                          \
    extern "C" std::int32_t bio_export_entry(const bio_negotiation *negotiation, const bio_plugin **out) noexcept {   \
        try {                                                                                                         \
            static const bio::Entry *const entry = new bio::Entry(describe());                                        \
            return entry->answer(negotiation, out);                                                                   \
        } catch (...) { return BIO_E_FAILED; }                                                                        \
    }

#endif // BIO_EXPORT_HPP
