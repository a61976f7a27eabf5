// SPDX-License-Identifier: Apache-2.0

#include "bio_ffi.h"

#include <bio_system.h>
#include <ffi.h>

#define FUNCTIONS(each)   \
    each(ffi_prep_cif)    \
    each(ffi_call)        \
    each(ffi_type_sint32) \
    each(ffi_type_uint32) \
    each(ffi_type_sint64) \
    each(ffi_type_uint64) \
    each(ffi_type_double) \
    each(ffi_type_pointer)

#define INDEX(name) index_##name,
#define NAME(name) #name,
enum { FUNCTIONS(INDEX) symbol_count };
static const char *const names[] = {FUNCTIONS(NAME)};
static void *slots[symbol_count];
static bio_late_library library = {"libffi.so.8", names, slots, symbol_count, 0};

#define CALL(name) ((__typeof__(&name))slots[index_##name])

static ffi_type *type(bio_ffi_type wanted) {
    switch (wanted) {
    case BIO_FFI_INT32: return slots[index_ffi_type_sint32];
    case BIO_FFI_UINT32: return slots[index_ffi_type_uint32];
    case BIO_FFI_INT64: return slots[index_ffi_type_sint64];
    case BIO_FFI_UINT64: return slots[index_ffi_type_uint64];
    case BIO_FFI_DOUBLE: return slots[index_ffi_type_double];
    case BIO_FFI_POINTER: return slots[index_ffi_type_pointer];
    }
    return NULL;
}

// What libffi widens to ffi_arg is cut to its type again: the upper half says nothing.
static uint64_t cut(bio_ffi_type wanted, uint64_t value) {
    switch (wanted) {
    case BIO_FFI_INT32: return (uint64_t)(int64_t)(int32_t)value;
    case BIO_FFI_UINT32: return (uint32_t)value;
    default: return value;
    }
}

const char *bio_ffi_bind(void) { return bio_late_bind(&library); }

int bio_ffi_call(void (*function)(void), bio_ffi_type result_type, const bio_ffi_type *types, const uint64_t *arguments,
                 size_t count, uint64_t *result) {
    if (count > BIO_FFI_MOST_ARGUMENTS) return 0;
    ffi_type *wanted[BIO_FFI_MOST_ARGUMENTS];
    void *places[BIO_FFI_MOST_ARGUMENTS];
    // Little endian: the first bytes of a value are the value of a shorter type.
    for (size_t i = 0; i < count; i++) {
        wanted[i] = type(types[i]);
        places[i] = (void *)&arguments[i];
        if (!wanted[i]) return 0;
    }
    ffi_cif cif;
    ffi_type *returned = type(result_type);
    if (!returned || CALL(ffi_prep_cif)(&cif, FFI_DEFAULT_ABI, (unsigned)count, returned, wanted) != FFI_OK)
        return 0;
    uint64_t made = 0;
    CALL(ffi_call)(&cif, function, &made, places);
    *result = cut(result_type, made);
    return 1;
}
