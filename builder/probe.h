/* SPDX-License-Identifier: Apache-2.0 */
/* What a file is, by its first bytes. The inflating is done by kist-build-probe, a sandboxed child.
 */
#ifndef KIST_BUILDER_PROBE_H
#define KIST_BUILDER_PROBE_H

#include <stddef.h>

#include "lib/err.h"

#define PROBE_SIZE (64 * 1024) /* bytes that are looked at */

enum probe_result {
	PROBE_OTHER,
	PROBE_TAR,         /* plain, or inside of gzip or zstd: what kist-layer unpacks */
	PROBE_UNSUPPORTED, /* bzip2 or xz: docker would unpack it, we cannot */
};

/* Judge the first bytes of a file or stream. Returns an enum probe_result, or a negative code. */
int probe(const void *data, size_t len, struct err *err);

#endif
