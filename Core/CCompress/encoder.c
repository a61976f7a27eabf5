// SPDX-License-Identifier: Apache-2.0

#define _GNU_SOURCE
#include "bio_encoder.h"

#include "codec.h"
#include "late_codecs.h"

#include <elf.h>
#include <link.h>
#include <string.h>

/// Looks for the build id of the library that a function lies in.
typedef struct build_search {
    uintptr_t address;
    bio_encoder_library *found;
} build_search;

static uintptr_t aligned(uintptr_t size) { return (size + 3) & ~(uintptr_t)3; }

static void read_notes(uintptr_t at, uintptr_t end, bio_encoder_library *found) {
    while (at + sizeof(ElfW(Nhdr)) <= end) {
        const ElfW(Nhdr) *note = (const ElfW(Nhdr) *)at;
        uintptr_t name = at + sizeof *note, content = name + aligned(note->n_namesz);
        if (content > end || note->n_descsz > end - content) return;
        if (note->n_type == NT_GNU_BUILD_ID && note->n_namesz == 4 && memcmp((const void *)name, "GNU", 4) == 0) {
            found->build_count = note->n_descsz < sizeof found->build ? note->n_descsz : sizeof found->build;
            memcpy(found->build, (const void *)content, found->build_count);
            return;
        }
        at = content + aligned(note->n_descsz);
    }
}

static int search_object(struct dl_phdr_info *object, size_t size, void *argument) {
    (void)size;
    build_search *search = argument;
    int is_it = 0;
    for (unsigned i = 0; i < object->dlpi_phnum; i++) {
        const ElfW(Phdr) *part = &object->dlpi_phdr[i];
        uintptr_t start = object->dlpi_addr + part->p_vaddr;
        if (part->p_type == PT_LOAD && search->address >= start && search->address - start < part->p_memsz) is_it = 1;
    }
    if (!is_it) return 0;
    for (unsigned i = 0; i < object->dlpi_phnum && search->found->build_count == 0; i++) {
        const ElfW(Phdr) *part = &object->dlpi_phdr[i];
        uintptr_t start = object->dlpi_addr + part->p_vaddr;
        if (part->p_type == PT_NOTE) read_notes(start, start + part->p_memsz, search->found);
    }
    return 1;
}

static void find_build(const void *function, bio_encoder_library *found) {
    build_search search = {(uintptr_t)function, found};
    dl_iterate_phdr(search_object, &search);
}

int bio_encoder_find(bio_codec codec, bio_encoder_library *found) {
    *found = (bio_encoder_library){.piece = piece_size(codec)};
    if (!codec_bind(codec)) return 0;
    unsigned number;
    switch (codec) {
    case BIO_CODEC_NONE: return 1;
    case BIO_CODEC_GZIP_FAST:
        found->name = "isal";
        found->major = ISAL_MAJOR_VERSION;
        found->minor = ISAL_MINOR_VERSION;
        found->patch = ISAL_PATCH_VERSION;
        find_build(late_isal[0], found);
        break;
    case BIO_CODEC_GZIP:
        found->name = "libdeflate";
        found->major = LIBDEFLATE_VERSION_MAJOR;
        found->minor = LIBDEFLATE_VERSION_MINOR;
        find_build(late_deflate[0], found);
        break;
    case BIO_CODEC_ZSTD:
        number = ZSTD_versionNumber();
        found->name = "libzstd";
        found->major = number / 10000;
        found->minor = number / 100 % 100;
        found->patch = number % 100;
        find_build(late_zstd[0], found);
        break;
    case BIO_CODEC_XZ:
        number = lzma_version_number();
        found->name = "liblzma";
        found->major = number / 10000000;
        found->minor = number / 10000 % 1000;
        found->patch = number / 10 % 1000;
        find_build(late_lzma[0], found);
        break;
    }
    return 1;
}
