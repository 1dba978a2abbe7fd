/* SPDX-License-Identifier: Apache-2.0 */
/* Running `kist-layer unpack`, the only program that parses a layer's bytes. */
#ifndef KIST_STORE_LAYER_WORKER_H
#define KIST_STORE_LAYER_WORKER_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/err.h"
#include "lib/spawn.h"
#include "spec/implied.h"
#include "store/layer/layer.h"

enum layer_whiteouts {
	LAYER_WHITEOUTS_APPLY,   /* remove what they name */
	LAYER_WHITEOUTS_OVERLAY, /* keep them in overlayfs's form */
};

struct layer_unpack {
	const struct digest *expect; /* diff_id; NULL: any */
	enum layer_whiteouts whiteouts;
	uint64_t max_size;    /* bytes of the uncompressed tar; 0: no limit */
	uint64_t max_entries; /* 0: no limit */
};

struct layer_worker {
	struct child child;
	int in;      /* to write the layer to, when start() was not given a descriptor; else -1 */
	int info;    /* its result */
	int implied; /* see layer_worker_implied() */
};

/*
 * Start unpacking into dir (borrowed). in is the compressed or plain tar, borrowed; with -1 a pipe
 * is made whose end is worker->in (O_CLOEXEC, blocking; writing after the worker failed is EPIPE:
 * then call finish(), which knows why). The worker dies with the thread that called this. Returns
 * 0; the caller must call finish() or release().
 */
int layer_unpack_start(int dir, int in, const struct layer_unpack *options,
	struct layer_worker *worker, struct err *err);

/*
 * Close worker->in, wait for the end and give the worker's result, or its error as if it had
 * happened here. worker->implied stays open; layer_worker_release() closes it. What a failed worker
 * unpacked is the caller's to remove. Returns 0.
 */
int layer_unpack_finish(struct layer_worker *worker, struct layer_result *result, struct err *err);

/*
 * After finish(): read worker->implied, or the descriptor that it was given to, and call each() for
 * every directory of the list. Parents come before children; a directory that the layer names later
 * is there, too. Returns as implied_read().
 */
int layer_worker_implied(int fd,
	int (*each)(void *arg, const struct implied_directory *directory, struct err *err),
	void *arg, struct err *err);

/* Kill the worker, if it runs, wait for it, and close what is open. */
void layer_worker_release(struct layer_worker *worker);

#endif
