/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The one line by which kist-layer says what a layer is, on stdout or --info-fd:
 * {"diff_id":"sha256:...","size":N,"entries":N}; or, on --info-fd alone, why there is none:
 * {"error":"...","code":N}.
 */
#ifndef KIST_SPEC_LAYER_RESULT_H
#define KIST_SPEC_LAYER_RESULT_H

#include <stdint.h>

#include "lib/buf.h"
#include "lib/err.h"
#include "spec/digest.h"

struct layer_result {
	struct digest diff_id; /* of the uncompressed tar */
	uint64_t size;         /* bytes of the uncompressed tar */
	uint64_t entries;
	uint64_t skipped; /* device nodes that could not be made without root, sockets */
};

/* Append the line for a layer, or (error not NULL, with a code) for why there is none. */
void layer_result_write(
	const struct layer_result *result, const struct err *error, struct buf *out);

/*
 * Read what kist-layer wrote. Returns 0 with *result, or the error that it tells; E_CHILD when the
 * line is not understood.
 */
int layer_result_read(const char *text, size_t len, struct layer_result *result, struct err *err);

#endif
