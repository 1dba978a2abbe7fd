/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The layer as it comes in: decompressed and digested in a thread of its own, which runs ahead of
 * the one that makes files by up to a megabyte.
 */
#ifndef KIST_STORE_LAYER_INPUT_H
#define KIST_STORE_LAYER_INPUT_H

#include <stdint.h>

#include "lib/err.h"
#include "lib/stream.h"
#include "store/layer/layer.h"

struct layer_input;

/*
 * Prepare to read fd; nothing is read yet, but everything is loaded that the sandbox would keep
 * out. max_size (0: none) limits the uncompressed tar. The result lives as long as the process: its
 * thread may be in the middle of a read(2) that cannot be called off.
 */
struct layer_input *layer_input_new(int fd, uint64_t max_size);

/* Start the thread, which waits for the first stream_next(). Returns 0. */
int layer_input_start(struct layer_input *in, struct err *err);

/* The uncompressed tar. Borrowed. */
struct stream *layer_input_stream(struct layer_input *in);

/* Read what follows the tar's end, then fill in diff_id and size. Returns 0. */
int layer_input_finish(struct layer_input *in, struct layer_result *result, struct err *err);

#endif
