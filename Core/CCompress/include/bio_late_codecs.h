// SPDX-License-Identifier: Apache-2.0
// liblzma, libzstd, libdeflate and ISA-L are bound when the first stream of theirs begins.

#ifndef BIO_LATE_CODECS_PROBLEM_H
#define BIO_LATE_CODECS_PROBLEM_H

/// Which library the last stream of this thread lacked, as the dynamic linker says it; NULL when it lacked none.
const char *bio_late_codec_problem(void);

#endif
