// SPDX-License-Identifier: Apache-2.0
// A call of a function whose type is known only at run time, through libffi. No closures: no memory is ever executable.
// libffi is bound on first use, so that a program start does not pay for it.

#ifndef BIO_FFI_H
#define BIO_FFI_H

#include <stddef.h>
#include <stdint.h>

typedef enum bio_ffi_type {
    BIO_FFI_INT32 = 1,
    BIO_FFI_UINT32,
    BIO_FFI_INT64,
    BIO_FFI_UINT64,
    BIO_FFI_DOUBLE,
    BIO_FFI_POINTER,
} bio_ffi_type;

enum { BIO_FFI_MOST_ARGUMENTS = 9 };

/// Binds libffi. Returns NULL, or a static text that says what is missing. Any thread.
const char *bio_ffi_bind(void);

/// Calls `function(arguments…)`. Every value has 8 bytes: an integer extended as its type says, the bits of a double, or
/// an address. libffi is bound. Returns 1 with *result set, or 0 for a type or number of arguments that there is not. Any
/// thread.
int bio_ffi_call(void (*function)(void), bio_ffi_type result_type, const bio_ffi_type *types, const uint64_t *arguments,
                 size_t count, uint64_t *result);

#endif
