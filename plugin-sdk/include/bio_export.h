/* SPDX-License-Identifier: Apache-2.0
 *
 * bio_export.h: the contract between `bio` and a plugin that exports packages to a format. ABI 1.1.
 *
 * THE PROMISE
 *   A plugin is one shared library that exports one function, bio_export_entry, and offers one or more formats. The
 *   host resolves packages, verifies them, computes their graph, parses options, and moves bytes; the plugin knows
 *   one format: which files, which metadata, which names. Plugin and host share no language runtime, no allocator
 *   and no symbol besides the entry. A plugin that needs ABI 1.n runs on every host that speaks 1.n or newer (EVOLUTION).
 *
 * A QUICK TOUR (plugin-sdk/examples/graph-json is a complete format on one page)
 *   1 describe   The host loads the library in a child process and calls bio_export_entry. The plugin returns a
 *                static bio_plugin: who it is, its formats, their options. No side effects; under 100 ms.
 *                Its typed functions (bio_function) may be called from now on, also when nothing is exported.
 *   2 create     For one export the host calls bio_format.create, which makes a bio_exporter.
 *   3 validate   Options and graph are looked at; nothing is written.
 *   4 plan       The plugin emits the artifacts it intends to make (no digests yet). `--dry-run` ends here.
 *   5 run        The plugin makes them through host services, and emits the same artifacts.
 *   6 destroy    Called once after a successful create, unless the plugin crashed, hung or lied: then its process is
 *                ended without it.
 *
 * RULES OF LAYOUT
 *   Frozen leaves (bio_str, bio_kv, bio_edge, bio_value, bio_file, bio_node) never change and may sit in flat arrays.
 *   Every other struct is open: it begins with struct_size and flags, is only passed by pointer, and arrays of it are
 *   arrays of pointers. struct_size is the size that the struct has in the header it was compiled with, also when it is
 *   the head of something larger. The reader uses min(their size, its size) bytes and takes the rest for zero; less than
 *   the size in ABI 1.0, or in the version that the struct came with, is BIO_E_SIZE.
 *   Integers have fixed widths; there are no enums, bit fields, unions, variadics, or structs by value. 64-bit only.
 *   Flag bits 0-15 that are not named are zero, but may be ignored by a reader that does not know them. Bits 16-31 and
 *   reserved members are zero, or must be understood or refused.
 *   Functions within struct_size are there, in tables of the host and of the plugin; one that was retired returns
 *   BIO_E_UNSUPPORTED.
 *
 * RULES OF MEMORY (nobody frees the other side's memory)
 *   arguments of a call        valid during the call; the callee copies what it keeps
 *   graph, job, option values  from create until destroy returns
 *   descriptors of a plugin    for ever (static)
 *   arena memory               until destroy returns; the host frees it
 *   strings                    UTF-8 unless said otherwise; strings from the host also have a NUL at ptr[len]
 *
 * RULES OF THREADS
 *   [load]  during bio_export_entry and typed functions: no host service but log and document, through the host of
 *           bio_negotiation; typed functions are called one at a time, and not while an exporter lives
 *   [job]   the one thread inside create, validate, plan, run and destroy
 *   [any]   any thread the plugin started; it joins them before the phase returns
 *   The host never enters one exporter twice at a time.
 *
 * RULES OF CONDUCT (docs/reference/plugin-rules.md has all of them, with what breaking one leads to)
 *   A plugin does not exit, abort, chdir, or change umask, environment, locale or signal dispositions, and leaves
 *   standard input and output alone. It writes in out_dir and scratch_dir alone, opens no socket, and starts no process
 *   unless its plugin.toml says kind = "exec" or processes = true; then it does not fork without exec.
 *   The host ends a plugin whose entry or typed function takes 5 seconds, validate 10, plan 30; whose run shows no work (a
 *   call of a [job] service, a step of progress) for 300; that goes on for 2 seconds after the user asked to stop; that
 *   writes 100,000 log lines, or has more than 64 pieces of progress open.
 *
 * EVOLUTION (docs/reference/abi.md)
 *   A minor version adds: members at the end of open structs, services, option kinds, flags, codes. Within a major nothing
 *   is removed, moved, or given another meaning. A plugin says which ABI it was compiled with, the oldest it works with,
 *   which is 1.0 unless it calls what is newer, and the one in use, bio_plugin.abi. The host keeps to that one: it sets no
 *   flag 16-31 and gives no kind, form, role, code or other number that the version in use lacks. So a plugin looks at no
 *   flags of the host; what an export cannot do without, a host refuses by itself to a plugin that is too old for it.
 *   Before a plugin has answered, the version in use is 1.0. A struct of this side that is longer than the other side's is
 *   read as far as that one goes. Another major would be another entry function, and both are kept for two years.
 *
 * In comments below each function says, in this order: Does, Thread, Lives, Returns.
 */
#ifndef BIO_EXPORT_H
#define BIO_EXPORT_H

#include <stddef.h>
#include <stdint.h>

#if UINTPTR_MAX != 0xFFFFFFFFFFFFFFFFu
#error "the ABI is one of 64-bit machines"
#endif

#if defined(__cplusplus)
#define BIO_NOEXCEPT noexcept
#else
#define BIO_NOEXCEPT
#endif

#if defined(__GNUC__)
#define BIO_EXPORT __attribute__((visibility("default")))
#else
#define BIO_EXPORT
#endif

/* Nullability: Swift imports honest optionals from it; other compilers see nothing. */
#if defined(__clang__)
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wnullability-extension"
#define BIO_NONNULL _Nonnull
#define BIO_NULLABLE _Nullable
#else
#define BIO_NONNULL
#define BIO_NULLABLE
#endif

#if defined(__cplusplus)
extern "C" {
#endif

/* The version of this header: major << 16 | minor. */
#define BIO_ABI_VERSION ((uint32_t)0x10001)

/* What bio_plugin.abi_needed is, unless the plugin uses what came later. A service that a format names in `needs` is no
 * reason: a host that lacks it says so. */
#define BIO_ABI_1_0 ((uint32_t)0x10000)
#define BIO_ABI_1_1 ((uint32_t)0x10001) /* bio.host.template/1 */

/* Flag bits that a reader must understand or refuse (RULES OF LAYOUT). */
#define BIO_FLAGS_MUST_UNDERSTAND ((uint32_t)0xFFFF0000u)

/* ---- Status codes ------------------------------------------------------------------------------------------- */

/* Zero is done; 1-99 are listed here; 100-999 are the plugin's own. Before returning anything but BIO_OK a plugin
 * says why through bio.host.fail/1. When a host service failed in that phase, its own reason is kept and need not be
 * repeated, whatever code is returned; the reason that the plugin gives comes before it, and the last service's. */
#define BIO_OK ((int32_t)0)
#define BIO_E_FAILED ((int32_t)1)      /* failed; the reason is in the error */
#define BIO_E_INVALID ((int32_t)2)     /* an argument or option value is not acceptable */
#define BIO_E_UNSUPPORTED ((int32_t)3) /* this side does not offer that */
#define BIO_E_NEWER ((int32_t)4)       /* a must-understand flag or version is newer than this side */
#define BIO_E_SIZE ((int32_t)5)        /* a struct is smaller than its first published size */
#define BIO_E_HANDLE ((int32_t)6)      /* stale, forged, or of another kind */
#define BIO_E_CANCELLED ((int32_t)7)   /* the user asked to stop */
#define BIO_E_IO ((int32_t)8)          /* reading or writing failed */
#define BIO_E_LIMIT ((int32_t)9)       /* larger or more than allowed */
#define BIO_E_DIGEST ((int32_t)10)     /* content and digest or size disagree */
#define BIO_E_NOT_FOUND ((int32_t)11)  /* no such package, file or member */
#define BIO_E_EXISTS ((int32_t)12)     /* already there with another content */
#define BIO_E_MISUSE ((int32_t)13)     /* called in a wrong phase or from a wrong thread */

/* ---- Frozen leaves ------------------------------------------------------------------------------------------ */

/* Text or bytes: `len` bytes at `ptr`; ptr may be null only when len is 0. */
typedef struct bio_str {
    const char *BIO_NULLABLE ptr;
    uint64_t len;
} bio_str;

/* A name and its value. */
typedef struct bio_kv {
    bio_str key;
    bio_str value;
} bio_kv;

/* `from` needs `to`; both are indices into bio_graph.packages. */
typedef struct bio_edge {
    uint32_t from;
    uint32_t to;
    uint32_t kind; /* BIO_EDGE_… */
    uint32_t reserved0;
} bio_edge;

#define BIO_EDGE_DIRECT ((uint32_t)1)     /* named in DEPS */
#define BIO_EDGE_TRANSITIVE ((uint32_t)2) /* named in TDEPS alone */

/* The parsed value of an option. */
typedef struct bio_value {
    uint32_t kind;   /* the option's BIO_KIND_…, or BIO_KIND_UNSET when there is no value and no default */
    uint32_t source; /* BIO_SOURCE_… */
    int64_t integer; /* BOOL: 0 or 1; INT */
    bio_str text;    /* STRING, PATH, CHOICE, COMPRESSION */
    const bio_str *BIO_NULLABLE items; /* LIST */
    uint64_t item_count;
} bio_value;

#define BIO_SOURCE_DEFAULT ((uint32_t)0)
#define BIO_SOURCE_COMMAND_LINE ((uint32_t)1)
#define BIO_SOURCE_ENVIRONMENT ((uint32_t)2)

/* One entry of an installed package. */
typedef struct bio_file {
    bio_str path;        /* bytes, relative to the package's prefix, no NUL; need not be UTF-8 */
    bio_str link_target; /* SYMLINK: bytes as in the link */
    bio_str digest;      /* FILE: "blake2b-256:" and 64 hexadecimal digits */
    uint64_t size;       /* FILE: bytes */
    uint32_t kind;       /* BIO_FILE_… */
    uint32_t mode;       /* permission, set-id and sticky bits, 07777 */
} bio_file;

#define BIO_FILE_REGULAR ((uint32_t)1)
#define BIO_FILE_DIRECTORY ((uint32_t)2)
#define BIO_FILE_SYMLINK ((uint32_t)3)

/* One value of a document, with its name and place. The values of a document stand in one array, each before what is
 * in it: behind a LIST, MAP or SECTION come its `count` items, each followed by all that is in that item. */
typedef struct bio_node {
    bio_str key;     /* of a member of a MAP: its name; else empty */
    bio_str text;    /* see BIO_NODE_…; any UTF-8, NUL included */
    int64_t integer; /* BOOL: 0 or 1; INTEGER */
    uint32_t kind;   /* BIO_NODE_… */
    uint32_t count;  /* LIST, MAP, SECTION: their items */
    uint32_t line;   /* from 1, where the value was read: a member's name, else the value itself; 0: it was not read */
    uint32_t column; /* from 1, in characters */
} bio_node;

/* ---- The graph ---------------------------------------------------------------------------------------------- */

/* A package of the closure: read from its verified artifact, not from the installed directory. */
typedef struct bio_package {
    uint32_t struct_size;
    uint32_t flags; /* BIO_PACKAGE_… */
    bio_str ident;  /* origin/name/version/release */
    bio_str origin;
    bio_str name;
    bio_str version;
    bio_str release;
    bio_str target;   /* x86_64-linux */
    bio_str prefix;   /* hab/pkgs/origin/name/version/release: no leading slash */
    bio_str artifact; /* "blake2b-256:…" of the whole .hart; empty when BIO_PACKAGE_UNVERIFIED */
    bio_str signer;   /* the origin key, name-revision; empty when BIO_PACKAGE_UNVERIFIED */
    uint64_t installed_size; /* bytes of all regular files */
    uint64_t file_count;     /* entries that bio.host.files/1 pages */
    const bio_kv *BIO_NULLABLE metadata; /* metafiles by name in byte order, text trimmed: DEPS, EXPOSES, SVC_USER… */
    uint32_t metadata_count;
    uint32_t reserved0;
    bio_str requested; /* ROOT: the ident as the user typed it, or origin/name when he named a .hart file; else empty */
} bio_package;

#define BIO_PACKAGE_ROOT ((uint32_t)1 << 0)         /* named by the user */
#define BIO_PACKAGE_BASE ((uint32_t)1 << 1)         /* a base package, or in the closure of one */
#define BIO_PACKAGE_SERVICE ((uint32_t)1 << 2)      /* has a run hook */
#define BIO_PACKAGE_UNVERIFIED ((uint32_t)1 << 3)   /* installed, but no verified artifact is known */
#define BIO_PACKAGE_INSTALL_HOOK ((uint32_t)1 << 4) /* has an install hook, which the export does not run */
#define BIO_PACKAGE_CLI ((uint32_t)1 << 8)          /* the base package of that role (BIO_ROLE_…), as a flag */
#define BIO_PACKAGE_SUPERVISOR ((uint32_t)1 << 9)
#define BIO_PACKAGE_LAUNCHER ((uint32_t)1 << 10)
#define BIO_PACKAGE_SHELL ((uint32_t)1 << 11)
#define BIO_PACKAGE_CERTIFICATES ((uint32_t)1 << 12)

/* The runtime closure of everything that is exported. An index into `packages` is a package's identity. */
typedef struct bio_graph {
    uint32_t struct_size;
    uint32_t flags;
    uint32_t package_count;
    uint32_t edge_count;
    uint32_t root_count;
    uint32_t reserved0;
    const bio_package *BIO_NONNULL const *BIO_NULLABLE packages; /* layer order: base first, dependencies before
                                                                    dependents; stable when one package changes */
    const bio_edge *BIO_NULLABLE edges;       /* by from, then to */
    const uint32_t *BIO_NULLABLE edge_starts; /* package_count + 1: edges of package i are starts[i] ..< starts[i+1] */
    const uint32_t *BIO_NULLABLE roots;       /* the packages the user named, in his order */
} bio_graph;

/* ---- Options ------------------------------------------------------------------------------------------------ */

#define BIO_KIND_UNSET ((uint32_t)0)
#define BIO_KIND_BOOL ((uint32_t)1)        /* --id */
#define BIO_KIND_INT ((uint32_t)2)         /* --id N, within minimum and maximum */
#define BIO_KIND_STRING ((uint32_t)3)      /* --id TEXT */
#define BIO_KIND_PATH ((uint32_t)4)        /* --id PATH */
#define BIO_KIND_CHOICE ((uint32_t)5)      /* --id one-of-choices */
#define BIO_KIND_LIST ((uint32_t)6)        /* --id TEXT, repeatable */
#define BIO_KIND_COMPRESSION ((uint32_t)7) /* --id gzip|gzip:fast|gzip:small|zstd[:N]|xz|none, checked by the host */

#define BIO_OPTION_HIDDEN ((uint32_t)1 << 0)
#define BIO_OPTION_DEPRECATED ((uint32_t)1 << 1)
#define BIO_OPTION_REQUIRED ((uint32_t)1 << 16)
/* Its value may also be the last word behind the packages: `bio pkg export cf PKG MAPPING.toml`. One for a format. */
#define BIO_OPTION_OPERAND ((uint32_t)1 << 17)

/* One option of a format. The parser, --help and completions are made from this; a plugin parses nothing. */
typedef struct bio_option {
    uint32_t struct_size;
    uint32_t flags; /* BIO_OPTION_… */
    uint32_t kind;  /* BIO_KIND_… */
    uint32_t choice_count;
    uint32_t alias_count;
    uint32_t reserved0;
    bio_str id;      /* [a-z][a-z0-9-]*, without the two dashes */
    bio_str summary; /* one line, imperative, no final period */
    bio_str doc;     /* more, or empty */
    bio_str value_name;    /* FILE, NAME … as help shows it; empty for BOOL */
    bio_str default_value; /* as text; empty for none. A PATH has none: what may be read the user says */
    bio_str environment;   /* a variable that gives the value, BIO_EXPORT_…, or empty */
    const bio_kv *BIO_NULLABLE choices;  /* CHOICE: value and what it means */
    const bio_str *BIO_NULLABLE aliases; /* further spellings, hidden in help */
    int64_t minimum; /* INT; both 0: no limits */
    int64_t maximum;
    bio_str check; /* a bio_function of the plugin that looks at the value before anything else happens, or empty:
                      check(s), or check(i64) of an INT; of a LIST at each of its values. Not of a BOOL, not at defaults */
} bio_option;

/* Option groups that a format includes by id instead of repeating them. The host parses and acts on them. */
#define BIO_GROUP_PACKAGES "bio.options.packages/1"     /* where packages come from, and the base packages */
#define BIO_GROUP_IMAGE_NAME "bio.options.image-name/1" /* what an image is called (docs/reference/image-options.md) */
#define BIO_GROUP_IMAGE "bio.options.image/1"           /* where images go, and how their layers are made and packed */
/* A format that needs bio.host.oci/1 makes the image itself; the options of one that does not are for the exports that
 * it asks for through bio.host.chain/1. */

/* Base packages: what a format adds to the user's packages so that the result can run. */
#define BIO_ROLE_CLI ((uint32_t)1)          /* the package manager itself */
#define BIO_ROLE_SUPERVISOR ((uint32_t)2)
#define BIO_ROLE_LAUNCHER ((uint32_t)3)
#define BIO_ROLE_SHELL ((uint32_t)4)        /* a static busybox */
#define BIO_ROLE_CERTIFICATES ((uint32_t)5) /* CA certificates */
#define BIO_ROLE_OTHER ((uint32_t)6)        /* what `package` says */

typedef struct bio_base_package {
    uint32_t struct_size;
    uint32_t flags;
    uint32_t role; /* BIO_ROLE_… */
    uint32_t reserved0;
    bio_str omit_when; /* conditions with blanks between them, any of which is enough: "option" (a BOOL that is set) or
                          "option=value"; empty: never omitted */
    bio_str name;      /* OTHER: the user chooses another with --NAME-pkg; [a-z][a-z0-9-]* */
    bio_str package;   /* OTHER: "name", of the origin that the other base packages have, or "origin/name" */
} bio_base_package;

/* ---- Jobs, artifacts, errors -------------------------------------------------------------------------------- */

/* What one export is asked to do. */
typedef struct bio_job {
    uint32_t struct_size;
    uint32_t flags;
    const bio_graph *BIO_NONNULL graph;
    const bio_value *BIO_NULLABLE values; /* values[i] belongs to bio_format.options[i] */
    uint32_t value_count;
    uint32_t reserved0;
    bio_str out_dir;     /* absolute; the only place for artifacts; empty at first */
    bio_str scratch_dir; /* absolute; gone after the export */
    bio_str output_name; /* file name the primary artifact must have, or empty: the plugin names it */
    bio_str target;      /* x86_64-linux */
    int64_t source_date_epoch; /* seconds; the only time a plugin may write */
} bio_job;

#define BIO_FORM_FILE ((uint32_t)1)
#define BIO_FORM_DIRECTORY ((uint32_t)2)
#define BIO_FORM_REFERENCE ((uint32_t)3) /* registry/name:tag, image id */

#define BIO_ARTIFACT_PRIMARY ((uint32_t)1)
#define BIO_ARTIFACT_SIDECAR ((uint32_t)2)

#define BIO_ARTIFACT_REPRODUCIBLE ((uint32_t)1 << 0)
#define BIO_ARTIFACT_SHOWN ((uint32_t)1 << 1) /* FILE of text, at most 1 MiB: printed as the result, too */

/* Something an export makes. The host re-hashes what it did not write itself and refuses lies. A DIRECTORY holds
 * regular files, directories, and relative links that stay inside; modes become 0644 or 0755, and it claims no digest
 * or size. A SIDECAR replaces a file that is there only when its path is the user's output name, or
 * origin-name-version-release of a package that he named, or begins with one of them and a '.' or '-'. */
typedef struct bio_artifact {
    uint32_t struct_size;
    uint32_t flags; /* BIO_ARTIFACT_REPRODUCIBLE, SHOWN */
    uint32_t form;  /* BIO_FORM_… */
    uint32_t role;  /* BIO_ARTIFACT_… */
    bio_str kind;       /* one of bio_format.artifact_kinds */
    bio_str media_type; /* IANA media type, or empty */
    bio_str path;       /* FILE, DIRECTORY: relative to out_dir; a name in it that begins with a dot is the user's */
    bio_str reference;  /* REFERENCE */
    bio_str digest;     /* "sha256:…" if the plugin knows it; empty: the host computes it */
    uint64_t size;      /* bytes if the plugin knows them, else 0 */
} bio_artifact;

#define BIO_SUBJECT_NONE ((uint32_t)0)
#define BIO_SUBJECT_OPTION ((uint32_t)1)
#define BIO_SUBJECT_PACKAGE ((uint32_t)2)
#define BIO_SUBJECT_PATH ((uint32_t)3)

/* Why something failed, and what the user does next. */
typedef struct bio_error {
    uint32_t struct_size;
    uint32_t flags;
    int32_t code;          /* BIO_E_… or 100-999 */
    uint32_t subject_kind; /* BIO_SUBJECT_… */
    bio_str subject; /* option id, package ident or path */
    bio_str message; /* lower case, no final period */
    bio_str hint;    /* the next step, or empty */
} bio_error;

/* ---- The host as a plugin sees it --------------------------------------------------------------------------- */

typedef struct bio_host bio_host;

struct bio_host {
    uint32_t struct_size;
    uint32_t flags;
    void *BIO_NULLABLE context; /* the host's own */

    /* Does     gives the table of a service, BIO_EXT_….
     * Thread   [load] (null for anything but log and document), [any].
     * Lives    the table lives as long as this host.
     * Returns  null when this host does not offer that id; a format lists what it cannot do without in `needs`. */
    const void *BIO_NULLABLE (*BIO_NULLABLE get_extension)(const bio_host *BIO_NONNULL host,
                                                           const char *BIO_NONNULL id) BIO_NOEXCEPT;

    /* Does     takes one artifact: intended during plan, made during run. What run emits, plan had emitted.
     * Thread   [job], in plan and run only.
     * Lives    everything is copied.
     * Returns  BIO_OK, or BIO_E_INVALID, BIO_E_DIGEST, BIO_E_NOT_FOUND, BIO_E_EXISTS (emitted already, or inside another
     *          artifact), BIO_E_LIMIT, BIO_E_IO, BIO_E_MISUSE. */
    int32_t (*BIO_NULLABLE emit)(const bio_host *BIO_NONNULL host,
                                 const bio_artifact *BIO_NONNULL artifact) BIO_NOEXCEPT;
};

/* ---- Entry, plugin, format, exporter ------------------------------------------------------------------------ */

typedef struct bio_negotiation {
    uint32_t struct_size;
    uint32_t flags;
    uint32_t abi_min; /* the host accepts abi_min ... abi_max */
    uint32_t abi_max;
    bio_str host_name;
    bio_str host_version;
    const bio_host *BIO_NONNULL host; /* for log and document, here and in typed functions; lives until the next entry */
    bio_str directory; /* absolute: the plugin's own, which is read and never written; lives as `host` */
} bio_negotiation;

typedef struct bio_exporter bio_exporter;

struct bio_exporter {
    uint32_t struct_size;
    uint32_t flags;
    void *BIO_NULLABLE context; /* the plugin's own */

    /* Does     refuses options or graphs that cannot be exported; writes nothing.
     * Thread   [job].  Lives  the job until destroy.  Returns  BIO_OK or a code, after bio.host.fail/1. */
    int32_t (*BIO_NULLABLE validate)(bio_exporter *BIO_NONNULL exporter, const bio_job *BIO_NONNULL job) BIO_NOEXCEPT;

    /* Does     emits the artifacts that run would make; writes nothing.
     * Thread   [job].  Lives  the job until destroy.  Returns  BIO_OK or a code, after bio.host.fail/1. */
    int32_t (*BIO_NULLABLE plan)(bio_exporter *BIO_NONNULL exporter, const bio_job *BIO_NONNULL job) BIO_NOEXCEPT;

    /* Does     makes the planned artifacts and emits them. At most once per exporter.
     * Thread   [job].  Lives  the job until destroy.  Returns  BIO_OK or a code, after bio.host.fail/1. */
    int32_t (*BIO_NULLABLE run)(bio_exporter *BIO_NONNULL exporter, const bio_job *BIO_NONNULL job) BIO_NOEXCEPT;

    /* Does     ends the exporter and frees what it owns. Called once, also when a phase failed; not after a crash, a
     *          hang or a lie.
     * Thread   [job].  Lives  nothing after it.  Returns  nothing. */
    void (*BIO_NULLABLE destroy)(bio_exporter *BIO_NONNULL exporter) BIO_NOEXCEPT;
};

#define BIO_FORMAT_REPRODUCIBLE ((uint32_t)1 << 0) /* same graph and options, same bytes */
#define BIO_FORMAT_STREAMABLE ((uint32_t)1 << 1)   /* one primary FILE: `-o -` can send it to standard output */
#define BIO_FORMAT_STREAMED ((uint32_t)1 << 2)     /* STREAMABLE, and it goes there when the user names no place */

typedef struct bio_format bio_format;

struct bio_format {
    uint32_t struct_size;
    uint32_t flags; /* BIO_FORMAT_… */
    bio_str id;     /* what the user types: [a-z][a-z0-9-]{1,31} */
    bio_str summary;
    bio_str doc;
    uint32_t alias_count;
    uint32_t option_count;
    uint32_t group_count;
    uint32_t base_count;
    uint32_t artifact_kind_count;
    uint32_t need_count;
    const bio_str *BIO_NULLABLE aliases;
    const bio_option *BIO_NONNULL const *BIO_NULLABLE options;
    const bio_str *BIO_NULLABLE groups; /* BIO_GROUP_… */
    const bio_base_package *BIO_NONNULL const *BIO_NULLABLE bases;
    const bio_str *BIO_NULLABLE artifact_kinds; /* "tarball", "oci-image", "helm-chart" … */
    const bio_str *BIO_NULLABLE needs; /* BIO_EXT_…, each with a NUL at ptr[len]; of a host that lacks one the format is not
                                          offered, but create looks for itself and returns BIO_E_UNSUPPORTED */
    bio_str tag_prefix; /* before every tag that the user's naming options make (BIO_GROUP_IMAGE_NAME): "cf-"; or empty */

    /* Does     makes an exporter for one export. `host` is this export's own and goes to every service call.
     * Thread   [job].  Lives  *out until destroy.  Returns  BIO_OK with *out set, or a code after bio.host.fail/1. */
    int32_t (*BIO_NULLABLE create)(const bio_format *BIO_NONNULL format, const bio_host *BIO_NONNULL host,
                                   bio_exporter *BIO_NULLABLE *BIO_NONNULL out) BIO_NOEXCEPT;
};

/* Takes the text that a typed function makes (bio_function). */
typedef struct bio_sink bio_sink;

struct bio_sink {
    uint32_t struct_size;
    uint32_t flags;
    void *BIO_NULLABLE context; /* the host's own */

    /* Does     takes more of the text, behind what it has; all of it has 64 KiB at most.
     * Thread   that of the typed function.
     * Lives    copied; the sink until the typed function returns.
     * Returns  BIO_OK, BIO_E_LIMIT, BIO_E_INVALID (a length without bytes), BIO_E_MISUSE (later than that). */
    int32_t (*BIO_NULLABLE write)(const bio_sink *BIO_NONNULL sink, const bio_str *BIO_NONNULL text) BIO_NOEXCEPT;
};

/* A function with natural types, which the host calls with values of the user: from a naming template of his
 * (--image-name '{{short_name name 20}}'), and as the check of an option. `signature` is its type:
 *
 *   s(s,i64)     check(s)     i64(d,d)     "*"          a result, and in parentheses at most 8 arguments
 *
 *   b    uint32_t, 0 or 1          i32, u32   int32_t, uint32_t          d   double
 *   s    const bio_str *           i64, u64   int64_t, uint64_t
 *
 * With the result `s` or `check` it returns int32_t and has one more argument, const bio_sink *out, the last. `s`: it
 * writes its result to `out` and returns BIO_OK; or it writes why it has none, and returns a code. `check`: it returns
 * BIO_OK when the values will do; else it writes why they do not, and returns a code. "*" takes whatever it is given, as
 * int32_t f(const bio_value *values, uint32_t count, const bio_sink *out), and answers as `s` and `check` do: BOOL, INT,
 * and everything else as STRING, numbers as JSON writes them. The host checks number and types of values before a call,
 * and texts that come back.
 *
 * The same values give the same result: no files, threads, environment or network. A signature that is not the
 * function's type is undefined behaviour: let the compiler derive it where the SDK of your language can. */
typedef struct bio_function {
    uint32_t struct_size;
    uint32_t flags;
    bio_str name; /* [a-z][a-z0-9_]*, at most 32 characters, and none that templates have by themselves */
    bio_str signature;
    bio_str doc;  /* one line: what it gives or wants */

    /* Does     what `signature` says.  Thread  [load].  Lives  arguments during the call.  Returns  as above. */
    void (*BIO_NULLABLE function)(void) BIO_NOEXCEPT;
} bio_function;

typedef struct bio_plugin {
    uint32_t struct_size;
    uint32_t flags;
    uint32_t abi;        /* the version in use: abi_needed <= abi <= abi_built and the host's abi_max */
    uint32_t abi_built;  /* BIO_ABI_VERSION when it was compiled */
    uint32_t abi_needed; /* the oldest it can work with: BIO_ABI_1_0 or newer */
    uint32_t format_count;
    bio_str id; /* reverse domain: org.biome.tar */
    bio_str name;
    bio_str version;
    bio_str vendor;
    bio_str license; /* SPDX expression */
    bio_str url;
    const bio_format *BIO_NONNULL const *BIO_NULLABLE formats;
    const bio_function *BIO_NONNULL const *BIO_NULLABLE functions;
    uint32_t function_count;
    uint32_t reserved0;
} bio_plugin;

/* Does     describes the plugin. Pure: no threads, environment or network, no files but those in
 *          negotiation->directory; may be called again.
 * Thread   [load].
 * Lives    *out for ever.
 * Returns  BIO_OK with *out set, or BIO_E_NEWER when the host's range does not reach what the plugin needs. */
BIO_EXPORT int32_t bio_export_entry(const bio_negotiation *BIO_NONNULL negotiation,
                                    const bio_plugin *BIO_NULLABLE *BIO_NONNULL out) BIO_NOEXCEPT;

/* ---- Host services ------------------------------------------------------------------------------------------ */

/* A host resource: a checked number, never a pointer. 0 is none. */
typedef uint64_t bio_handle;

#define BIO_EXT_LOG "bio.host.log/1"

#define BIO_LOG_DEBUG ((uint32_t)1)
#define BIO_LOG_NOTE ((uint32_t)2)
#define BIO_LOG_WARNING ((uint32_t)3)

typedef struct bio_log {
    uint32_t struct_size;
    uint32_t flags;

    /* Does     says whether a level is shown, so that a plugin need not build text in vain.
     * Thread   [any], [load].  Lives  -.  Returns  1 or 0. */
    uint32_t (*BIO_NULLABLE enabled)(const bio_host *BIO_NONNULL host, uint32_t level) BIO_NOEXCEPT;

    /* Does     shows one line to the user, with the plugin's name. Longer than 4,096 bytes is cut.
     * Thread   [any], [load].  Lives  copied.  Returns  nothing. */
    void (*BIO_NULLABLE write)(const bio_host *BIO_NONNULL host, uint32_t level,
                               const bio_str *BIO_NONNULL message) BIO_NOEXCEPT;
} bio_log;

#define BIO_EXT_PROGRESS "bio.host.progress/1"

typedef struct bio_progress {
    uint32_t struct_size;
    uint32_t flags;

    /* Does     begins one piece of long work of `total` steps (0: unknown).
     * Thread   [any].  Lives  copied, of the title 1,024 bytes at most.
     * Returns  its number; 0 when it is not taken (no title, or a longer one). */
    bio_handle (*BIO_NULLABLE begin)(const bio_host *BIO_NONNULL host, const bio_str *BIO_NONNULL title,
                                     uint64_t total) BIO_NOEXCEPT;

    /* Does     says how many steps are done; may go back. Each is a sign of work, also when nothing is shown.
     * Thread   [any].  Lives  -.  Returns  nothing. A number that begin did not give, other than 0, ends the export. */
    void (*BIO_NULLABLE step)(const bio_host *BIO_NONNULL host, bio_handle progress, uint64_t done) BIO_NOEXCEPT;

    /* Does     ends it.  Thread  [any].  Lives  -.  Returns  nothing. */
    void (*BIO_NULLABLE end)(const bio_host *BIO_NONNULL host, bio_handle progress) BIO_NOEXCEPT;
} bio_progress;

#define BIO_EXT_CANCEL "bio.host.cancel/1"

typedef struct bio_cancel {
    uint32_t struct_size;
    uint32_t flags;

    /* Does     says whether the user asked to stop. To be noticed within 2 seconds: then the child is killed.
     * Thread   [any].  Lives  -.  Returns  1 or 0. */
    uint32_t (*BIO_NULLABLE requested)(const bio_host *BIO_NONNULL host) BIO_NOEXCEPT;

    /* Does     gives a descriptor that becomes readable, for good, when the user asks to stop: poll it, never read
     *          from it. The host owns it.
     * Thread   [any].  Lives  until destroy.  Returns  the descriptor; -1 when there is none: ask requested. */
    int32_t (*BIO_NULLABLE descriptor)(const bio_host *BIO_NONNULL host) BIO_NOEXCEPT;
} bio_cancel;

#define BIO_EXT_FAIL "bio.host.fail/1"

typedef struct bio_fail {
    uint32_t struct_size;
    uint32_t flags;

    /* Does     keeps the reason for the code that the phase is about to return. The last one counts. Texts are cut to
     *          4,096 bytes each.
     * Thread   [any], during a phase.  Lives  copied.
     * Returns  error->code, so that `return fail->fail(…)` works; BIO_E_INVALID when the error cannot be read or its
     *          code is not within 1-999. */
    int32_t (*BIO_NULLABLE fail)(const bio_host *BIO_NONNULL host, const bio_error *BIO_NONNULL error) BIO_NOEXCEPT;
} bio_fail;

#define BIO_EXT_ARENA "bio.host.arena/1"

typedef struct bio_arena {
    uint32_t struct_size;
    uint32_t flags;

    /* Does     gives zeroed memory; `alignment` is a power of two up to 4,096.
     * Thread   [any].  Lives  until destroy returns.  Returns  null when size is 0 or more than 1 GiB, the alignment is
     *          wrong, or there is no memory. */
    void *BIO_NULLABLE (*BIO_NULLABLE allocate)(const bio_host *BIO_NONNULL host, uint64_t size,
                                                uint64_t alignment) BIO_NOEXCEPT;
} bio_arena;

#define BIO_EXT_FILES "bio.host.files/1"

typedef struct bio_files {
    uint32_t struct_size;
    uint32_t flags;

    /* Does     lists entries of a package, in byte order of their paths, from number `first` on.
     * Thread   [job].
     * Lives    the strings until the next call of page with this host.
     * Returns  BIO_OK with *count <= capacity entries written to `out`; *count 0 is the end. */
    int32_t (*BIO_NULLABLE page)(const bio_host *BIO_NONNULL host, uint32_t package, uint64_t first,
                                 bio_file *BIO_NONNULL out, uint64_t capacity,
                                 uint64_t *BIO_NONNULL count) BIO_NOEXCEPT;

    /* Does     opens entry number `file` of a package for reading. The host has not checked its digest.
     * Thread   [job].
     * Lives    the descriptor is the plugin's, who closes it; a program that it starts does not get it.
     * Returns  BIO_OK with *descriptor set, or BIO_E_NOT_FOUND, BIO_E_INVALID (not a regular file), BIO_E_DIGEST
     *          (not the file that the package holds), BIO_E_IO. */
    int32_t (*BIO_NULLABLE open)(const bio_host *BIO_NONNULL host, uint32_t package, uint64_t file,
                                 int32_t *BIO_NONNULL descriptor) BIO_NOEXCEPT;
} bio_files;

#define BIO_EXT_ROOTFS "bio.host.rootfs/1"

/* A file tree under construction. Paths are bytes, relative, without empty, "." or ".." components. Parents appear
 * by themselves as directories of mode 0755. Owners are 0:0 and times are the job's epoch, always. Adding the same
 * entry again is fine; another entry under the same path is BIO_E_EXISTS. All trees of an export together hold at most
 * 64 MiB of what the plugin gives (paths and their parents, targets, content, 64 bytes for each entry), or it is
 * BIO_E_LIMIT. */
typedef struct bio_rootfs {
    uint32_t struct_size;
    uint32_t flags;

    /* Does     begins an empty tree.
     * Thread   [job].  Lives  the handle until destroy.  Returns  BIO_OK, or BIO_E_LIMIT over 64 trees. */
    int32_t (*BIO_NULLABLE begin)(const bio_host *BIO_NONNULL host, bio_handle *BIO_NONNULL rootfs) BIO_NOEXCEPT;

    /* Does     adds every entry of a package under its prefix, with the modes of its artifact.
     * Thread   [job].  Lives  -.  Returns  BIO_OK, BIO_E_HANDLE, BIO_E_NOT_FOUND, BIO_E_EXISTS, BIO_E_LIMIT. */
    int32_t (*BIO_NULLABLE add_package)(const bio_host *BIO_NONNULL host, bio_handle rootfs,
                                        uint32_t package) BIO_NOEXCEPT;

    /* Does     adds a copy of entry number `file` of a package at `path`. A relative link is made absolute, so that
     *          it still leads into the package.
     * Thread   [job].  Lives  -.
     * Returns  BIO_OK, BIO_E_HANDLE, BIO_E_NOT_FOUND, BIO_E_INVALID, BIO_E_EXISTS, BIO_E_LIMIT. */
    int32_t (*BIO_NULLABLE add_copy)(const bio_host *BIO_NONNULL host, bio_handle rootfs,
                                     const bio_str *BIO_NONNULL path, uint32_t package, uint64_t file) BIO_NOEXCEPT;

    /* Does     adds a file of the given content (at most 64 KiB) and mode.
     * Thread   [job].  Lives  copied.  Returns  BIO_OK, BIO_E_HANDLE, BIO_E_INVALID, BIO_E_LIMIT, BIO_E_EXISTS. */
    int32_t (*BIO_NULLABLE add_file)(const bio_host *BIO_NONNULL host, bio_handle rootfs,
                                     const bio_str *BIO_NONNULL path, uint32_t mode,
                                     const bio_str *BIO_NONNULL content) BIO_NOEXCEPT;

    /* Does     adds a directory.
     * Thread   [job].  Lives  copied.  Returns  BIO_OK, BIO_E_HANDLE, BIO_E_INVALID, BIO_E_EXISTS, BIO_E_LIMIT. */
    int32_t (*BIO_NULLABLE add_directory)(const bio_host *BIO_NONNULL host, bio_handle rootfs,
                                          const bio_str *BIO_NONNULL path, uint32_t mode) BIO_NOEXCEPT;

    /* Does     adds a symbolic link; the target is any non-empty bytes without NUL.
     * Thread   [job].  Lives  copied.  Returns  BIO_OK, BIO_E_HANDLE, BIO_E_INVALID, BIO_E_EXISTS, BIO_E_LIMIT. */
    int32_t (*BIO_NULLABLE add_symlink)(const bio_host *BIO_NONNULL host, bio_handle rootfs,
                                        const bio_str *BIO_NONNULL path,
                                        const bio_str *BIO_NONNULL target) BIO_NOEXCEPT;

    /* Does     adds every entry of another tree, as it is now, below `path`, which becomes a directory.
     * Thread   [job].  Lives  copied.
     * Returns  BIO_OK, BIO_E_HANDLE, BIO_E_INVALID (also when both are one tree), BIO_E_EXISTS, BIO_E_LIMIT. */
    int32_t (*BIO_NULLABLE add_tree)(const bio_host *BIO_NONNULL host, bio_handle rootfs,
                                     const bio_str *BIO_NONNULL path, bio_handle other) BIO_NOEXCEPT;
} bio_rootfs;

#define BIO_EXT_ARCHIVE "bio.host.archive/1"

/* What a host service wrote. The caller sets struct_size and everything else to zero. */
typedef struct bio_written {
    uint32_t struct_size;
    uint32_t flags;
    uint64_t size;  /* bytes */
    bio_str digest; /* "sha256:" and 64 hexadecimal digits */
} bio_written;

typedef struct bio_archive {
    uint32_t struct_size;
    uint32_t flags;

    /* Does     gives the usual suffix of a tar with that compression: ".tar.gz", ".tar.zst", ".tar.xz", ".tar".
     * Thread   [job].  Lives  *suffix until destroy.  Returns  BIO_OK, or BIO_E_INVALID for an unknown name. */
    int32_t (*BIO_NULLABLE suffix)(const bio_host *BIO_NONNULL host, const bio_str *BIO_NONNULL compression,
                                   bio_str *BIO_NONNULL suffix) BIO_NOEXCEPT;

    /* Does     writes a tree as a tar (docs/reference/tar.md) to `path` in out_dir, compressed, every file checked
     *          against the digest of its package.
     * Thread   [job], in run only.
     * Lives    copied; written->digest until destroy.
     * Returns  BIO_OK with *written filled, or BIO_E_HANDLE, BIO_E_INVALID, BIO_E_DIGEST (an installed file differs
     *          from its artifact), BIO_E_EXISTS (written already), BIO_E_LIMIT (over 256 archives),
     *          BIO_E_IO, BIO_E_CANCELLED, BIO_E_MISUSE. */
    int32_t (*BIO_NULLABLE write)(const bio_host *BIO_NONNULL host, bio_handle rootfs,
                                  const bio_str *BIO_NONNULL path, const bio_str *BIO_NONNULL compression,
                                  bio_written *BIO_NONNULL written) BIO_NOEXCEPT;
} bio_archive;

#define BIO_EXT_OCI "bio.host.oci/1"

/* How a container of an image runs (OCI image-spec 1.1, config.md). Counts and arrays belong together. Every text is
 * UTF-8 without NUL; an array has at most 256 members, and all texts together at most 64 KiB. */
typedef struct bio_image_config {
    uint32_t struct_size;
    uint32_t flags;
    bio_str user;        /* name, uid, name:group or uid:gid; empty: not set, which is root */
    bio_str working_dir; /* absolute; empty: not set */
    bio_str stop_signal; /* SIGTERM, 15 …; empty: not set */
    bio_str author;      /* empty: not set */
    const bio_str *BIO_NULLABLE entrypoint;
    const bio_str *BIO_NULLABLE command;
    const bio_str *BIO_NULLABLE ports;       /* "9631/tcp", "9638/udp"; each once */
    const bio_str *BIO_NULLABLE volumes;     /* absolute paths; each once */
    const bio_str *BIO_NULLABLE health_test; /* "CMD", program, argument … or "CMD-SHELL", line or "NONE" */
    const bio_kv *BIO_NULLABLE environment;  /* each name once */
    const bio_kv *BIO_NULLABLE labels;       /* each key once */
    const bio_kv *BIO_NULLABLE annotations;  /* of the manifest; each key once */
    uint32_t entrypoint_count;
    uint32_t command_count;
    uint32_t port_count;
    uint32_t volume_count;
    uint32_t health_test_count;
    uint32_t environment_count;
    uint32_t label_count;
    uint32_t annotation_count;
    int64_t health_interval; /* seconds, at most a day; 0: the engine's default */
    int64_t health_timeout;
    int64_t health_start_period;
    int64_t health_retries; /* at most 1,000; 0: the engine's default */
} bio_image_config;

/* Container images. A plugin says what is in one and how it runs; the host makes the layers, takes those it has from
 * its cache, and brings the image to every place that the user named (BIO_GROUP_IMAGE). An image has 1 to 125 layers
 * from the bottom up. */
typedef struct bio_oci {
    uint32_t struct_size;
    uint32_t flags;

    /* Does     gives name number `index` of those that the user's naming options make (BIO_GROUP_IMAGE_NAME) of an
     *          image that is about `package`: whole references such as "core/redis:7.2.1", the first first. Of a format
     *          that makes images, when the user sends them to a registry (--to docker://…), the names there.
     * Thread   [job].
     * Lives    *reference until destroy.
     * Returns  BIO_OK, BIO_E_NOT_FOUND after the last, or for no such package; BIO_E_UNSUPPORTED when the format does
     *          not include the group. */
    int32_t (*BIO_NULLABLE reference)(const bio_host *BIO_NONNULL host, uint32_t package, uint32_t index,
                                      bio_str *BIO_NONNULL reference) BIO_NOEXCEPT;

    /* Does     begins an image without layers.
     * Thread   [job].  Lives  the handle until destroy.
     * Returns  BIO_OK, BIO_E_LIMIT over 16 images, BIO_E_UNSUPPORTED when the format lacks BIO_GROUP_IMAGE. */
    int32_t (*BIO_NULLABLE begin)(const bio_host *BIO_NONNULL host, bio_handle *BIO_NONNULL image) BIO_NOEXCEPT;

    /* Does     adds packages, by index; how they are cut into layers is the host's affair (docs/reference/layers.md).
     * Thread   [job].
     * Lives    copied.
     * Returns  BIO_OK, BIO_E_HANDLE, BIO_E_NOT_FOUND, BIO_E_EXISTS (a package twice), BIO_E_LIMIT,
     *          BIO_E_MISUSE (published already). */
    int32_t (*BIO_NULLABLE add_packages)(const bio_host *BIO_NONNULL host, bio_handle image,
                                         const uint32_t *BIO_NULLABLE packages, uint64_t count) BIO_NOEXCEPT;

    /* Does     adds a tree as one layer on top of what is there. `title` is what users see of it: "users, links".
     * Thread   [job].
     * Lives    the tree is copied as it is now.
     * Returns  BIO_OK, BIO_E_HANDLE, BIO_E_INVALID (the title is none, the tree is empty), BIO_E_LIMIT,
     *          BIO_E_MISUSE. */
    int32_t (*BIO_NULLABLE add_tree)(const bio_host *BIO_NONNULL host, bio_handle image, bio_handle rootfs,
                                     const bio_str *BIO_NONNULL title) BIO_NOEXCEPT;

    /* Does     says how a container of the image runs. Once for an image; of one that bio.host.chain/1 gave, once more:
     *          what is set replaces what was there, variables, labels and annotations each for themselves.
     * Thread   [job].
     * Lives    copied.
     * Returns  BIO_OK, BIO_E_HANDLE, BIO_E_INVALID (what is wrong is said), BIO_E_LIMIT, BIO_E_EXISTS (configured
     *          already), BIO_E_MISUSE. */
    int32_t (*BIO_NULLABLE configure)(const bio_host *BIO_NONNULL host, bio_handle image,
                                      const bio_image_config *BIO_NONNULL config) BIO_NOEXCEPT;

    /* Does     in plan: emits what the image would become at every place that the user chose. In run: makes it and
     *          emits it; it appears in its places after the plugin has ended. Once in each of the two phases, for
     *          images that are the same in both. The artifacts' kind is the first of bio_format.artifact_kinds.
     * Thread   [job], in plan and run only.
     * Lives    -.
     * Returns  BIO_OK, BIO_E_HANDLE, BIO_E_INVALID (no layers), BIO_E_EXISTS (published already), BIO_E_DIGEST (an
     *          installed file differs from its artifact), BIO_E_IO, BIO_E_CANCELLED, BIO_E_MISUSE (not configured). */
    int32_t (*BIO_NULLABLE publish)(const bio_host *BIO_NONNULL host, bio_handle image) BIO_NOEXCEPT;
} bio_oci;

#define BIO_EXT_REGISTRY "bio.host.registry/1"

/* Something for a registry that is no image: a blob with a type (OCI image-spec 1.1, manifest.md, "Guidelines for
 * Artifact Usage"). */
typedef struct bio_oci_artifact {
    uint32_t struct_size;
    uint32_t flags;
    bio_str option;      /* id of the STRING option in which the user named the place: oci://REGISTRY[/PATH] */
    bio_str name;        /* of the repository, below that path */
    bio_str tag;
    bio_str config_type; /* media type of the configuration */
    bio_str config;      /* its bytes, at most 64 KiB */
    bio_str layer_type;  /* media type of the blob */
    bio_str layer;       /* the blob: a FILE in out_dir that is written already when run asks */
    const bio_kv *BIO_NULLABLE annotations; /* of the manifest; each key once */
    uint32_t annotation_count;
    uint32_t reserved0;
} bio_oci_artifact;

/* Registries, for what is no image: only the host knows who the user is there. */
typedef struct bio_registry {
    uint32_t struct_size;
    uint32_t flags;

    /* Does     in plan: emits the reference that the artifact would have. In run: makes it ready and emits it; it is
     *          pushed when everything that the user's export makes is in its place, with the credentials that his
     *          options give (BIO_GROUP_IMAGE). The emitted artifact's kind is the last of bio_format.artifact_kinds.
     * Thread   [job], in plan and run only.
     * Lives    copied.
     * Returns  BIO_OK, BIO_E_INVALID (no such option, the user did not give it, or its value or the name or the tag is
     *          none), BIO_E_UNSUPPORTED (the format does not include the group), BIO_E_NOT_FOUND (no such file),
     *          BIO_E_EXISTS (pushed already), BIO_E_LIMIT, BIO_E_IO, BIO_E_CANCELLED, BIO_E_MISUSE. */
    int32_t (*BIO_NULLABLE push)(const bio_host *BIO_NONNULL host,
                                 const bio_oci_artifact *BIO_NONNULL artifact) BIO_NOEXCEPT;
} bio_registry;

#define BIO_EXT_CHAIN "bio.host.chain/1"

/* An export that this one asks for: another format, of the same packages or of some of them. The options of groups that
 * both formats include have the user's values; so has what the host does for every format. It writes nothing to standard
 * output. */
typedef struct bio_child {
    uint32_t struct_size;
    uint32_t flags;
    bio_str format;
    const uint32_t *BIO_NULLABLE roots;  /* of the packages that the user named, these; none: all */
    const bio_kv *BIO_NULLABLE options;  /* of the format's own: id, and value as on its command line ("true" of a
                                            BOOL); a LIST several times; empty values count */
    uint32_t root_count;
    uint32_t option_count;
} bio_child;

/* What came of it: of an image one artifact for each place. In plan without digests and sizes. */
typedef struct bio_made {
    uint32_t struct_size;
    uint32_t flags;
    uint32_t artifact_count;
    uint32_t reserved0;
    const bio_artifact *BIO_NONNULL const *BIO_NULLABLE artifacts; /* `path` as the user reaches it */
} bio_made;

/* Exports through other formats. Four deep at most, and none through itself. What the user asked to stop, limits and
 * shows of an export counts for its children too. */
typedef struct bio_chain {
    uint32_t struct_size;
    uint32_t flags;

    /* Does     in plan: plans a child export. In run: makes one that was planned; its artifacts come to their places
     *          together with this export's, or not at all.
     * Thread   [job], in plan and run only.
     * Lives    *made until destroy.
     * Returns  BIO_OK, BIO_E_UNSUPPORTED (no plugin offers the format, it is disabled, or it is a cycle or too deep),
     *          BIO_E_INVALID (an option will not do), BIO_E_FAILED (the child failed: the user is told why),
     *          BIO_E_CANCELLED, BIO_E_MISUSE (not planned), BIO_E_LIMIT (over 64 children). */
    int32_t (*BIO_NULLABLE run)(const bio_host *BIO_NONNULL host, const bio_child *BIO_NONNULL child,
                                const bio_made *BIO_NULLABLE *BIO_NONNULL made) BIO_NOEXCEPT;

    /* Does     gives the image that a format would make of all packages, without making it: to be added to, configured
     *          once more and published by this export. The format must be one that makes images itself.
     * Thread   [job], in plan and run only.
     * Lives    the handle until destroy.
     * Returns  as run; BIO_E_INVALID also when it makes no image. */
    int32_t (*BIO_NULLABLE image)(const bio_host *BIO_NONNULL host, const bio_child *BIO_NONNULL child,
                                  bio_handle *BIO_NONNULL image) BIO_NOEXCEPT;
} bio_chain;

#define BIO_EXT_SECRET "bio.host.secret/1"

/* Passwords and the like. A plugin handles them and never sees them. */
typedef struct bio_secret {
    uint32_t struct_size;
    uint32_t flags;

    /* Does     takes the first line of the file that a PATH option names; "-" is standard input.
     * Thread   [job].
     * Lives    the handle until destroy.
     * Returns  BIO_OK, BIO_E_INVALID (no such option, not given, or not readable), BIO_E_LIMIT (a longer line than
     *          4,096 bytes, over 16 secrets), BIO_E_CANCELLED. */
    int32_t (*BIO_NULLABLE open)(const bio_host *BIO_NONNULL host, const bio_str *BIO_NONNULL option,
                                 bio_handle *BIO_NONNULL secret) BIO_NOEXCEPT;
} bio_secret;

#define BIO_EXT_TOOL "bio.host.tool/1"

/* A program of this machine, to be run by the host without a shell. */
typedef struct bio_tool_call {
    uint32_t struct_size;
    uint32_t flags;
    bio_str program; /* a name, which `tools` in plugin.toml lists; found in PATH */
    const bio_str *BIO_NULLABLE arguments;
    uint32_t argument_count; /* at most 256 */
    uint32_t seconds;  /* it is ended after these, at most 3,600; 0: 60 */
    bio_str input;     /* a FILE in out_dir that is written already, for its standard input; empty: nothing */
    bio_str output;    /* a new FILE in out_dir that gets its standard output, at most 1 GiB; empty: it is returned */
    bio_handle secret; /* to be read from descriptor 3; 0: none */
} bio_tool_call;

typedef struct bio_tool_result {
    uint32_t struct_size;
    uint32_t flags;
    int32_t exit_code; /* 128 + N when a signal ended it */
    uint32_t reserved0;
    bio_str output; /* at most 64 KiB, as text: what is none is replaced, and so are secrets */
    bio_str errors; /* the end of its standard error, at most 4 KiB, likewise */
} bio_tool_result;

typedef struct bio_tool {
    uint32_t struct_size;
    uint32_t flags;

    /* Does     runs a program and waits for its end; what it started in its process group ends with it. Its working
     *          directory is scratch_dir, its environment HOME, PATH (absolute directories alone), LANG=C and what tells
     *          gpg where its keys, its agent and its user are. Its name is part of a provenance.
     * Thread   [job], in run only.
     * Lives    *result until destroy.
     * Returns  BIO_OK whatever its exit code, BIO_E_UNSUPPORTED (not listed, not granted, or not there),
     *          BIO_E_INVALID, BIO_E_NOT_FOUND (no such input), BIO_E_EXISTS (the output is there), BIO_E_HANDLE,
     *          BIO_E_LIMIT (too much output, too long, or over 256 runs), BIO_E_IO, BIO_E_CANCELLED, BIO_E_MISUSE. */
    int32_t (*BIO_NULLABLE run)(const bio_host *BIO_NONNULL host, const bio_tool_call *BIO_NONNULL call,
                                const bio_tool_result *BIO_NULLABLE *BIO_NONNULL result) BIO_NOEXCEPT;
} bio_tool;

#define BIO_EXT_DOCUMENT "bio.host.document/1"

/* Documents, so that no plugin reads or writes JSON, TOML or YAML by hand. What a plugin writes is read back unchanged by
 * other readers, whatever its texts hold: quotes, newlines, `yes`, `0777`, `{{`. Nothing leaves the plugin's process.
 * A text that is read has at most 4 MiB, one that is written 16 MiB, a document 262,144 values and 64 of them inside
 * each other, and all that an export reads and writes 64 MiB, or it is BIO_E_LIMIT. */

#define BIO_SYNTAX_JSON ((uint32_t)1) /* RFC 8259; written with two blanks a level */
#define BIO_SYNTAX_TOML ((uint32_t)2) /* 1.0; times are read as STRING */
#define BIO_SYNTAX_YAML ((uint32_t)3) /* 1.2, core schema; aliases and << are read as what they stand for */
#define BIO_SYNTAX_JSON_COMPACT ((uint32_t)4)  /* written only: one line without blanks or newline */
#define BIO_SYNTAX_YAML_TEMPLATE ((uint32_t)5) /* written only: a Go template that yields YAML, for Helm */

#define BIO_NODE_NULL ((uint32_t)1)
#define BIO_NODE_BOOL ((uint32_t)2)
#define BIO_NODE_INTEGER ((uint32_t)3)
#define BIO_NODE_NUMBER ((uint32_t)4) /* any other number: its text as JSON writes it */
#define BIO_NODE_STRING ((uint32_t)5)
#define BIO_NODE_LIST ((uint32_t)6)
#define BIO_NODE_MAP ((uint32_t)7)     /* its members have different keys */
#define BIO_NODE_COMMENT ((uint32_t)8) /* among items: lines with a # before them; JSON and TOML leave it out */
/* YAML_TEMPLATE alone. The text is one line without braces in pairs. */
#define BIO_NODE_EXPRESSION ((uint32_t)9) /* {{ text }}: one scalar, which the expression quotes itself */
#define BIO_NODE_LINES ((uint32_t)10)   /* {{- text | nindent N }}: lines of YAML; the host counts N. A value, or items */
#define BIO_NODE_SECTION ((uint32_t)11) /* among items: {{- text }} items {{- end }}; the text begins with if, range, with
                                           or define; items in a MAP have keys */

/* A text to be read. */
typedef struct bio_source {
    uint32_t struct_size;
    uint32_t flags;
    uint32_t syntax;       /* BIO_SYNTAX_JSON, TOML, YAML */
    uint32_t subject_kind; /* what the text came from, for the user who reads that it is wrong: BIO_SUBJECT_… */
    bio_str subject;       /* option id, package ident or path */
    bio_str name;          /* what the text is called in the message, as in user.toml; or empty */
    bio_str text;
} bio_source;

/* What was read. */
typedef struct bio_document {
    uint32_t struct_size;
    uint32_t flags;
    uint64_t root_count;  /* documents: one, but in YAML also none or many */
    uint64_t node_count;
    const bio_node *BIO_NULLABLE nodes; /* the documents one after the other */
} bio_document;

typedef struct bio_documents {
    uint32_t struct_size;
    uint32_t flags;

    /* Does     reads a text. When it is wrong, the user is told `NAME:LINE:COLUMN: why`, with the source's subject.
     * Thread   [any].  Lives  *document until destroy.
     * Returns  BIO_OK, BIO_E_INVALID (what is wrong is said), BIO_E_UNSUPPORTED (no such syntax, or a library is
     *          missing), BIO_E_LIMIT. */
    int32_t (*BIO_NULLABLE read)(const bio_host *BIO_NONNULL host, const bio_source *BIO_NONNULL source,
                                 const bio_document *BIO_NULLABLE *BIO_NONNULL document) BIO_NOEXCEPT;

    /* Does     writes documents as one text: in JSON and TOML exactly one, in TOML a MAP without null; in YAML any
     *          number, with COMMENT, LINES and SECTION between them.
     * Thread   [any].  Lives  *text until destroy.
     * Returns  BIO_OK, BIO_E_INVALID (what is wrong is said), BIO_E_UNSUPPORTED (no such syntax), BIO_E_LIMIT. */
    int32_t (*BIO_NULLABLE write)(const bio_host *BIO_NONNULL host, uint32_t syntax,
                                  const bio_node *BIO_NULLABLE nodes, uint64_t count,
                                  bio_str *BIO_NONNULL text) BIO_NOEXCEPT;
} bio_documents;

#define BIO_EXT_TEMPLATE "bio.host.template/1" /* since 1.1 */

/* A service that is configured once, when it is exported, and runs without a supervisor. */
typedef struct bio_service_call {
    uint32_t struct_size;
    uint32_t flags;
    uint32_t package; /* its index */
    uint32_t bind_count;
    const bio_str *BIO_NULLABLE binds; /* where binds lead, as the user writes it: "database=10.0.0.7:5432" */
    bio_str configuration;      /* TOML, over the package's default.toml; empty: nothing */
    bio_str configuration_name; /* what messages call that, as in "user.toml"; or empty */
    bio_str group;              /* the service's; empty: default */
} bio_service_call;

/* A program of a service. */
typedef struct bio_hook {
    uint32_t struct_size;
    uint32_t flags;
    bio_str name;        /* init, run, post-run, post-stop, health-check */
    bio_str path;        /* in the tree: "hab/svc/redis/hooks/run" */
    bio_str interpreter; /* absolute, of its first line: "/bin/sh" */
} bio_hook;

/* What whoever starts the service must know. */
typedef struct bio_service {
    uint32_t struct_size;
    uint32_t flags;
    bio_str directory;   /* in the tree: "hab/svc/redis"; the packages' variables and files name it */
    bio_str user;        /* by name, as the package says or the flavour has it */
    bio_str group;
    bio_str stop_signal; /* without SIG: "TERM" */
    uint32_t stop_seconds;
    uint32_t hook_count;
    const bio_hook *BIO_NONNULL const *BIO_NULLABLE hooks; /* "run" is among them */
    const bio_kv *BIO_NULLABLE environment; /* of its programs, PATH too; in byte order of the names */
    uint32_t environment_count;
    uint32_t left_out_count;
    const bio_str *BIO_NULLABLE left_out; /* hooks of the package that a supervisor would run: "reload" */
} bio_service;

/* Templates, as packages have them (docs/reference/templates.md). */
typedef struct bio_template {
    uint32_t struct_size;
    uint32_t flags;

    /* Does     renders the template `source`, whose syntax is 0. `context` is the nodes of one MAP, as
     *          document.write takes them: its members are what the template finds. A name that is not there is an error
     *          that says where.
     * Thread   [job].
     * Lives    *text until destroy.
     * Returns  BIO_OK, BIO_E_INVALID (the template or the context is none, or they do not fit), BIO_E_LIMIT. */
    int32_t (*BIO_NULLABLE render)(const bio_host *BIO_NONNULL host, const bio_source *BIO_NONNULL source,
                                   const bio_node *BIO_NULLABLE context, uint64_t count,
                                   bio_str *BIO_NONNULL text) BIO_NOEXCEPT;

    /* Does     renders the configuration and the hooks of a service into a tree, below its directory. Files have mode 0640,
     *          as they may hold secrets, and programs 0755; the directories that a service writes to (config, data, files,
     *          static, var) are there, 0770, and logs, 0755. `run` is the run hook, once more.
     *          A template that needs a running supervisor is refused with its place, and the user told why.
     * Thread   [job].
     * Lives    *service until destroy.
     * Returns  BIO_OK, BIO_E_NOT_FOUND (no such package), BIO_E_HANDLE, BIO_E_INVALID (it is no service, or cannot be
     *          rendered with these choices), BIO_E_EXISTS, BIO_E_LIMIT, BIO_E_DIGEST (an installed file differs from its
     *          artifact), BIO_E_IO. */
    int32_t (*BIO_NULLABLE service)(const bio_host *BIO_NONNULL host, const bio_service_call *BIO_NONNULL call,
                                    bio_handle rootfs,
                                    const bio_service *BIO_NULLABLE *BIO_NONNULL service) BIO_NOEXCEPT;
} bio_template;

#if defined(__cplusplus)
} /* extern "C" */
#endif

#if defined(__clang__)
#pragma clang diagnostic pop
#endif

#endif /* BIO_EXPORT_H */
