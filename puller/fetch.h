/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One blob on its way into the store: downloaded (or continued), digested and written, and, when it
 * is a layer, unpacked while it comes. Every step runs in the HTTP loop; none of them waits.
 */
#ifndef KIST_PULLER_FETCH_H
#define KIST_PULLER_FETCH_H

#include "puller/feed.h"
#include "puller/progress.h"
#include "puller/registry.h"
#include "store/blob.h"
#include "store/layer/layer_worker.h"
#include "store/layer_store.h"
#include "store/store.h"

/* What the blobs of one pull share. */
struct fetch_context {
	struct store *store;
	struct store_batch *batch;
	struct registry *registry;
	struct progress *progress;
	struct err failure; /* the first one; code 0: none so far */
};

enum fetch_state {
	FETCH_PENDING,
	FETCH_BLOCKED, /* another process works on the blob or its layer */
	FETCH_RUNNING,
	FETCH_DONE, /* the blob is in the batch or the store; temp holds its layer */
};

struct fetch {
	struct fetch_context *context;
	struct digest digest;
	int64_t size;
	bool is_layer;
	struct digest diff_id; /* of a layer */

	enum fetch_state state;
	int64_t blocked_since;   /* http_now(); 0: not blocked */
	struct layer_sink *temp; /* the unpacked layer, when it was not in the store */

	/* private */
	bool blob_ready, layer_ready, transferred;
	struct call call;
	struct blob_writer *writer;
	struct layer_worker worker;
	bool worker_running;
	struct http_watch result;
	struct feed feed;
	struct err worker_error;
	bool continued, anew;
};

/* Set the first part, then this; d is borrowed. diff_id NULL: no layer. Returns 0. */
int fetch_init(struct fetch *f, struct fetch_context *context, const struct descriptor *d,
	const char *diff_id, struct err *err);

/* Is there nothing to do, as far as can be seen before it is begun? */
bool fetch_is_there(const struct fetch *f);

/*
 * Begin a pending or blocked one, as far as others let it. wait_over: it was blocked so long that a
 * layer is unpacked once more rather than waited for. Failures go to context->failure.
 */
void fetch_begin(struct fetch *f, bool wait_over);

/* Tell how far the unpacking is. */
void fetch_tick(struct fetch *f);

/* Stop; keep: what was downloaded stays for the next pull. */
void fetch_release(struct fetch *f, bool keep);

#endif
