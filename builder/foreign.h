/* SPDX-License-Identifier: Apache-2.0 */
/* bzip2 and xz, which docker's ADD and contexts may come in but layers may not: by libarchive. */
#ifndef KIST_BUILDER_FOREIGN_H
#define KIST_BUILDER_FOREIGN_H

#include "lib/stream.h"

/* Blocks of what is compressed in fd (borrowed), read from where it stands. The caller frees it. */
struct stream *foreign_stream(int fd);

#endif
