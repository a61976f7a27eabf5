/* SPDX-License-Identifier: Apache-2.0
 * A plugin that is wrong before an export begins. Compiled once for each -DVARIANT_…; without one it is sound, and its
 * export makes nothing. */
#define _GNU_SOURCE
#include "bio_export.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#define TEXT(literal) {literal, sizeof literal - 1}

/* ---- The exporter ---- */

static int32_t nothing(bio_exporter *exporter, const bio_job *job) {
    (void)exporter;
    (void)job;
    return BIO_OK;
}
static void destroy(bio_exporter *exporter) {
    (void)exporter;
#ifdef VARIANT_DESTROY_CRASHES
    abort();
#endif
}

static int32_t create(const bio_format *format, const bio_host *host, bio_exporter **out) {
    (void)format;
    (void)host;
    static bio_exporter exporter = {sizeof exporter, 0, NULL, nothing, nothing, nothing, destroy};
#if defined VARIANT_CREATE_CRASHES
    fputs("create is about to crash\n", stderr);
    abort();
#elif defined VARIANT_CREATE_FAILS
    return 104;
#elif defined VARIANT_CREATE_GIVES_NOTHING
    return BIO_OK;
#elif defined VARIANT_EXPORTER_TOO_SMALL
    exporter.struct_size = 16;
#elif defined VARIANT_EXPORTER_WITHOUT_RUN
    exporter.run = NULL;
#elif defined VARIANT_EXPORTER_FLAG
    exporter.flags = (uint32_t)1 << 31;
#endif
    *out = &exporter;
    return BIO_OK;
}

/* ---- The description ---- */

static const bio_kv choices[] = {{TEXT("one"), TEXT("the first")}};
static const bio_option first_option = {
    .struct_size = sizeof first_option,
#if defined VARIANT_UNKNOWN_OPTION_KIND
    .kind = 99,
#else
    .kind = BIO_KIND_CHOICE,
#endif
#if !defined VARIANT_CHOICE_WITHOUT_CHOICES
    .choice_count = 1,
#endif
#if defined VARIANT_BAD_OPTION_NAME
    .id = TEXT("Bad Name"),
#else
    .id = TEXT("which"),
#endif
    .summary = TEXT("Choose one"),
#if defined VARIANT_CHECK_OF_NOBODY
    .check = TEXT("nobody"),
#else
    .check = TEXT("look"),
#endif
    .value_name = TEXT("WHICH"),
#if !defined VARIANT_CHOICES_WITHOUT_ARRAY
    .choices = choices,
#endif
};
static const bio_option second_option = {
    .struct_size = sizeof second_option,
    .kind = BIO_KIND_BOOL,
#if defined VARIANT_DUPLICATE_OPTION
    .id = TEXT("which"),
#else
    .id = TEXT("small"),
#endif
    .summary = TEXT("Make it small"),
};
#if defined VARIANT_NULL_IN_ARRAY
static const bio_option *const options[] = {&first_option, NULL};
#else
static const bio_option *const options[] = {&first_option, &second_option};
#endif

static const bio_base_package shell = {
    .struct_size = sizeof shell,
#if defined VARIANT_UNKNOWN_ROLE
    .role = 77,
#else
    .role = BIO_ROLE_SHELL,
#endif
#if defined VARIANT_OMIT_WHEN_UNKNOWN
    .omit_when = TEXT("tiny"),
#elif defined VARIANT_OMIT_WHEN_IMPOSSIBLE
    .omit_when = TEXT("which"),
#else
    .omit_when = TEXT("which=one"),
#endif
};
static const bio_base_package *const bases[] = {&shell};

#if defined VARIANT_UNKNOWN_GROUP
static const bio_str groups[] = {TEXT("bio.options.packages/2")};
#else
static const bio_str groups[] = {TEXT(BIO_GROUP_PACKAGES)};
#endif
static const bio_str kinds[] = {TEXT("nothing")};
static const bio_str needs[] = {TEXT("bio.host.time-travel/1")};
static const bio_format format = {
    .struct_size = sizeof format,
#if defined VARIANT_MUST_UNDERSTAND_FLAG
    .flags = (uint32_t)1 << 16,
#endif
    .id = TEXT("misdescribed"),
#if defined VARIANT_BAD_UTF8
    .summary = TEXT("Not \xc3\x28 text"),
#elif defined VARIANT_STEERS_TERMINAL
    .summary = TEXT("Read \xe2\x80\xae" " backwards"),
#elif defined VARIANT_CONTROL_CHARACTERS
    .summary = TEXT("Clear \033[2J the screen"),
#elif defined VARIANT_TEXT_WITHOUT_BYTES
    .summary = {NULL, 12},
#elif defined VARIANT_HUGE_TEXT
    .summary = {"short", (uint64_t)1 << 60},
#else
    .summary = TEXT("Nothing at all"),
#endif
    .option_count = 2,
#if !defined VARIANT_NO_GROUP
    .group_count = 1,
#endif
    .groups = groups,
    .options = options,
    .base_count = 1,
    .bases = bases,
    .artifact_kind_count = 1,
    .artifact_kinds = kinds,
#if defined VARIANT_UNKNOWN_SERVICE
    .need_count = 1,
#endif
    .needs = needs,
#if !defined VARIANT_NO_CREATE
    .create = create,
#endif
};
static const bio_format *const formats[] = {&format};

static void look(void) {}
static const bio_function function = {
    .struct_size = sizeof function,
#if defined VARIANT_BAD_SIGNATURE
    .signature = TEXT("s(bio_str)"),
#elif defined VARIANT_BAD_CHECK
    .signature = TEXT("s(s)"),
#else
    .signature = TEXT("check(s)"),
#endif
#if defined VARIANT_BAD_FUNCTION_NAME
    .name = TEXT("each"),
#else
    .name = TEXT("look"),
#endif
#if defined VARIANT_FUNCTION_WITHOUT_ADDRESS
    .function = (void (*)(void))0,
#else
    .function = look,
#endif
};
#if defined VARIANT_FUNCTION_TWICE
static const bio_function *const functions[] = {&function, &function};
#elif defined VARIANT_NULL_FUNCTION
static const bio_function *const functions[] = {0, &function};
#else
static const bio_function *const functions[] = {&function};
#endif

static const bio_plugin plugin = {
#if defined VARIANT_PLUGIN_TOO_SMALL
    .struct_size = 32,
#elif defined VARIANT_PLUGIN_TINY
    .struct_size = 8,
#else
    .struct_size = sizeof plugin,
#endif
#if defined VARIANT_NEWER_ABI
    .abi = BIO_ABI_VERSION + 1,
    .abi_built = BIO_ABI_VERSION + 1,
    .abi_needed = BIO_ABI_VERSION + 1,
#elif defined VARIANT_OLDER_ABI
    .abi = 9,
    .abi_built = 9,
    .abi_needed = 9,
#elif defined VARIANT_OTHER_MAJOR
    .abi = 0x20000,
    .abi_built = 0x20000,
    .abi_needed = 0x20000,
#elif defined VARIANT_BUILT_WITH_NEWER
    .abi = BIO_ABI_1_0,
    .abi_built = BIO_ABI_VERSION + 1,
    .abi_needed = BIO_ABI_1_0,
#elif defined VARIANT_USES_NEWER
    .abi = BIO_ABI_VERSION + 1,
    .abi_built = BIO_ABI_VERSION + 1,
    .abi_needed = BIO_ABI_1_0,
#elif defined VARIANT_USES_LESS_THAN_IT_NEEDS
    .abi = 0xFFFF,
    .abi_built = BIO_ABI_VERSION,
    .abi_needed = BIO_ABI_1_0,
#elif defined VARIANT_NEEDS_MORE_THAN_BUILT
    .abi = BIO_ABI_VERSION,
    .abi_built = BIO_ABI_VERSION,
    .abi_needed = BIO_ABI_VERSION + 1,
#else
    .abi = BIO_ABI_VERSION,
    .abi_built = BIO_ABI_VERSION,
    .abi_needed = BIO_ABI_VERSION,
#endif
#if !defined VARIANT_NO_FORMATS
    .format_count = 1,
#endif
#if defined VARIANT_OTHER_ID
    .id = TEXT("org.biome.test.other"),
#elif defined VARIANT_BAD_ID
    .id = TEXT("nonsense"),
#else
    .id = TEXT("org.biome.test.misdescribed"),
#endif
    .name = TEXT("misdescribed"),
    .version = TEXT("0.0.1"),
    .license = TEXT("Apache-2.0"),
    .formats = formats,
    .functions = functions,
    .function_count = sizeof functions / sizeof functions[0],
};

/* ---- The entry ---- */

#if defined VARIANT_UNDEFINED_SYMBOL
void bio_nobody_defines_this(void);
#endif

#if defined VARIANT_DESCRIPTION_IS_EVENT
/* Sends the runner's own "described", with an event that would keep a reader waiting for ever. */
static void send_event(void) {
    char kind = 1;
    struct iovec part = {&kind, 1};
    union {
        struct cmsghdr header;
        char bytes[CMSG_SPACE(sizeof(int))];
    } control;
    memset(&control, 0, sizeof control);
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    int event = eventfd(0, 0);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof event);
    memcpy(CMSG_DATA(header), &event, sizeof event);
    sendmsg(3, &message, 0);
    for (;;) pause();
}
#endif

#if defined VARIANT_NO_ENTRY
int32_t bio_other_entry(const bio_negotiation *negotiation, const bio_plugin **out) {
#else
int32_t bio_export_entry(const bio_negotiation *negotiation, const bio_plugin **out) {
#endif
    (void)negotiation;
#if defined VARIANT_ENTRY_CRASHES
    fputs("entering badly\n", stderr);
    abort();
#elif defined VARIANT_ENTRY_HANGS
    for (;;) pause();
#elif defined VARIANT_ENTRY_EXITS
    exit(3);
#elif defined VARIANT_ENTRY_REFUSES
    return BIO_E_NEWER;
#elif defined VARIANT_ENTRY_GIVES_NOTHING
    return BIO_OK;
#elif defined VARIANT_UNDEFINED_SYMBOL
    bio_nobody_defines_this();
#elif defined VARIANT_ENTRY_SHOWS_PROGRESS
    static const unsigned char end_of_piece[] = {6, 1, 0, 0, 0, 0, 0, 0, 0};
    for (;;) send(3, end_of_piece, sizeof end_of_piece, MSG_NOSIGNAL);
#elif defined VARIANT_ENTRY_ASKS_FOR_MORE
    const bio_host *host = negotiation->host;
    if (!host->get_extension(host, BIO_EXT_LOG)) abort();
    if (host->get_extension(host, BIO_EXT_FAIL)) return BIO_E_MISUSE;
    return 777;
#elif defined VARIANT_DESCRIPTION_IS_EVENT
    send_event();
#endif
    *out = &plugin;
    return BIO_OK;
}
