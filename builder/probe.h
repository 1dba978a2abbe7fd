/* SPDX-License-Identifier: Apache-2.0 */
/* What a file is, by its first bytes. The inflating is done by kist-build-probe, a sandboxed child.
 */
#ifndef KIST_BUILDER_PROBE_H
#define KIST_BUILDER_PROBE_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/err.h"

#define PROBE_SIZE (64 * 1024) /* bytes that are looked at */

enum probe_result {
	PROBE_OTHER,
	PROBE_TAR,     /* plain, or inside of gzip or zstd: what kist-layer unpacks */
	PROBE_FOREIGN, /* bzip2 or xz: for inflater.h; whether a tar is in it, probe_foreign() tells
			*/
};

/* Judge the first bytes of a file or stream. Returns an enum probe_result, or a negative code. */
int probe(const void *data, size_t len, struct err *err);

/*
 * Is there a tar inside of a bzip2 or xz file? Reads fd from its beginning as far as it must
 * (bzip2 gives nothing before a whole block, up to 900 kB). Returns 1 or 0, or a negative code.
 */
int probe_foreign(int fd, struct err *err);

#endif
