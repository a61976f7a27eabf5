/* SPDX-License-Identifier: Apache-2.0
 * What the library is, and what it says of itself. */
#include "broken.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

/* ---- The library ---- */

#ifdef VARIANT_MORE_SYMBOLS
BIO_EXPORT int another_symbol(void);
int another_symbol(void) { return 1; }
#endif

#ifdef VARIANT_UNIQUE_SYMBOL
__asm__(".data\n.globl shared_by_all\n.type shared_by_all, @gnu_unique_object\nshared_by_all: .quad 0\n"
        ".size shared_by_all, 8\n.text\n");
#endif

#ifdef VARIANT_TEXT_RELOCATION
/* The address of the next word, in the code itself. */
__asm__(".text\nbroken_word: .quad broken_word\n");
#endif

#ifdef VARIANT_UNDEFINED_SYMBOL
int nobody_has_this(void);
static int wanting(void) { return nobody_has_this(); }
#else
static int wanting(void) { return 0; }
#endif

/* ---- The description ---- */

static const bio_option level_option = {
    .struct_size = sizeof level_option,
    .kind = BIO_KIND_INT,
#ifdef VARIANT_RESERVED
    .reserved0 = 7,
#endif
    .id = TEXT("level"),
    .summary = TEXT("Use this level"),
    .value_name = TEXT("N"),
    .default_value = TEXT("1"),
    .minimum = 0,
    .maximum = 9,
};
static const bio_option *const options[] = {&level_option};
static const bio_str kinds[] = {TEXT("text")};

static const bio_str needs[] = {
    TEXT(BIO_EXT_FAIL),
    TEXT(BIO_EXT_FILES),
#ifdef VARIANT_UNKNOWN_NEED
    TEXT("bio.host.weather/1"),
#endif
};

static const bio_format format = {
    .struct_size = sizeof format,
#ifdef VARIANT_BAD_TABLE
    .flags = 0x80000000u,
#else
    .flags = BIO_FORMAT_REPRODUCIBLE,
#endif
#ifdef VARIANT_BAD_DESCRIPTION
    .id = TEXT("No Word"),
#else
    .id = TEXT("broken"),
#endif
    .summary = TEXT("Break one rule"),
    .option_count = 1,
    .artifact_kind_count = 1,
    .need_count = sizeof needs / sizeof needs[0],
    .options = options,
    .artifact_kinds = kinds,
    .needs = needs,
    .create = broken_create,
};
#ifdef VARIANT_TWO_FORMATS
/* It is made before the other, whose breach must be seen all the same. */
static const bio_format changing = {
    .struct_size = sizeof changing,
    .id = TEXT("changing"),
    .summary = TEXT("Write the time, as it may"),
    .option_count = 1,
    .artifact_kind_count = 1,
    .need_count = sizeof needs / sizeof needs[0],
    .options = options,
    .artifact_kinds = kinds,
    .needs = needs,
    .create = broken_create_changing,
};
static const bio_format *const formats[] = {&changing, &format};
#else
static const bio_format *const formats[] = {&format};
#endif

static bio_plugin plugin = {
    .struct_size = sizeof plugin,
    .abi = BIO_ABI_1_0,
    .abi_built = BIO_ABI_VERSION,
#ifdef VARIANT_WRONG_ABI
    .abi_needed = BIO_ABI_VERSION + 7,
#elif defined VARIANT_NEEDS_ZERO
    .abi_needed = 0,
#else
    .abi_needed = BIO_ABI_1_0,
#endif
    .format_count = sizeof formats / sizeof formats[0],
    .id = TEXT("org.biome.test.broken"),
    .name = TEXT("broken"),
#ifdef VARIANT_OTHER_VERSION
    .version = TEXT("9.9.9"),
#else
    .version = TEXT("0.0.1"),
#endif
    .vendor = TEXT("tests"),
    .license = TEXT("Apache-2.0"),
    .formats = formats,
    .functions = broken_functions,
    .function_count = BROKEN_FUNCTIONS,
};

static int32_t describe(const bio_negotiation *negotiation) {
    (void)negotiation;
#ifndef VARIANT_TAKES_ANY_HOST
    if (negotiation->abi_max < BIO_ABI_1_0) return BIO_E_NEWER;
#endif
#ifdef VARIANT_EXACT_SIZE
    if (negotiation->struct_size != sizeof *negotiation) return BIO_E_SIZE;
#endif
#ifdef VARIANT_ENTRY_CRASHES
    abort();
#endif
#ifdef VARIANT_ENTRY_FLOODS
    const bio_log *log = negotiation->host->get_extension(negotiation->host, BIO_EXT_LOG);
    bio_str line = TEXT("drip");
    for (int i = 0; log && i < 200000; i++) log->write(negotiation->host, BIO_LOG_NOTE, &line);
#endif
#ifdef VARIANT_ENTRY_FORKS
    if (fork() == 0) _exit(0);
#endif
#ifdef VARIANT_ENTRY_CONNECTS
    int connection = socket(AF_INET, SOCK_STREAM, 0);
    if (connection >= 0) close(connection);
#endif
#ifdef VARIANT_ENTRY_IS_SLOW
    struct timespec pause = {0, 200000000};
    nanosleep(&pause, NULL);
#endif
#ifdef VARIANT_ENTRY_CHANGES_DIRECTORY
    if (chdir("/usr") != 0) return BIO_E_IO;
#endif
#ifdef VARIANT_ENTRY_COUNTS
    static int calls;
    plugin.name = calls++ == 0 ? STR("broken") : STR("broken again");
#endif
    return BIO_OK;
}

#ifdef VARIANT_NO_ENTRY
int32_t another_entry(const bio_negotiation *negotiation, const bio_plugin **out);
int32_t another_entry(const bio_negotiation *negotiation, const bio_plugin **out) {
#else
int32_t bio_export_entry(const bio_negotiation *negotiation, const bio_plugin **out) {
#endif
    int32_t code = describe(negotiation);
    if (code != BIO_OK) return code;
    *out = wanting() == 0 ? &plugin : NULL;
    return BIO_OK;
}
