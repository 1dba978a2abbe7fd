/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Layers: what a container's root stands on, each there exactly when complete, found by its
 * diff_id. Today's form is layers/<diff_id>/fs: one unpacked layer in overlayfs form (whiteouts are
 * char devices 0/0, opaque directories an xattr), shared by all images that have it.
 */
#ifndef KIST_STORE_LAYER_STORE_H
#define KIST_STORE_LAYER_STORE_H

#include <stdbool.h>
#include <stdint.h>

#include "spec/digest.h"
#include "spec/image.h"
#include "store/layer/layer_worker.h"
#include "store/store.h"

bool layer_store_has(struct store *store, const struct digest *diff_id);

/*
 * What overlayfs gets as a lower directory: an O_PATH descriptor; the caller closes it.
 * E_NOT_FOUND. Nobody above the store asks how a layer is kept.
 */
int layer_store_open(struct store *store, const struct digest *diff_id, struct err *err);

/* Its name for people, who see it in a list of mounts. The caller frees it. */
char *layer_store_path(const struct store *store, const struct digest *diff_id);

/* As layer_store_open(), and finds layers that are complete in an unpublished batch, too (NULL:
 * none). */
int layer_store_open_in(struct store *store, const struct store_batch *batch,
	const struct digest *diff_id, struct err *err);

/* Bytes of the layer's uncompressed tar. Returns 0; E_NOT_FOUND when nobody has told. */
int layer_store_size(
	struct store *store, const struct digest *diff_id, int64_t *size, struct err *err);

/* A layer that is being made; whoever makes it sees no files of it. */
struct layer_sink;

enum layer_flags {
	LAYER_TRY = 1,     /* E_IN_USE instead of waiting for another process */
	LAYER_PRIVATE = 2, /* never wait: a directory of our own, thrown away if another is first */
};

/*
 * Begin a layer; what an interrupted attempt left is removed first. Waits while another process
 * unpacks the same diff_id. diff_id NULL: it will be known at the end.
 * Returns 0 and *sink, or 1 when the layer is there already.
 */
int layer_store_begin(struct store *store, const struct digest *diff_id, unsigned flags,
	struct layer_sink **sink, struct err *err);

/* Remove what was unpacked, and free. NULL is fine. */
void layer_sink_abort(struct layer_sink *sink);

/*
 * Start the worker that unpacks a layer's tar into the sink; see layer_unpack_start() for in and
 * worker. options->whiteouts and options->expect are the sink's own. layer_sink_finish() comes
 * next, or layer_worker_release().
 */
int layer_sink_unpack(struct layer_sink *sink, int in, const struct layer_unpack *options,
	struct layer_worker *worker, struct err *err);

/*
 * Wait for the worker's end, check that what it has unpacked is the layer, and take over what it
 * reports. The worker is released in every case. Returns 0; E_DIGEST_MISMATCH.
 */
int layer_sink_finish(struct layer_sink *sink, struct layer_worker *worker, struct err *err);

/*
 * Publish one layer, durably at once (batch NULL) or with the batch. The caller has verified
 * diff_id. Takes over the sink in every case. Returns 0.
 */
int layer_store_publish(struct layer_sink *sink, const struct digest *diff_id,
	struct store_batch *batch, struct err *err);

/*
 * For all layers of an image, lowest first: directories that a layer only implied get the owner,
 * mode, times and xattrs they have in the layers beneath it, and then every sink is published
 * (durably at once, or with the batch). A directory that only whiteouts needed, and that does not
 * exist beneath, is removed. sinks[i] is NULL where the layer was there. Takes over the
 * sinks in every case (they become NULL). Returns 0.
 */
int layer_store_settle(struct store *store, const struct strings *diff_ids,
	struct layer_sink **sinks, struct store_batch *batch, struct err *err);

/*
 * Make a layer of an overlayfs upper directory by moving it (same file system) out of parent:
 * what the builder does after a RUN. A diff_id that is there already: the directory is removed.
 * size: of the layer's uncompressed tar, 0 when it is not known. Returns 0.
 */
int layer_store_adopt_upper(struct store *store, int parent, const char *name,
	const struct digest *diff_id, int64_t size, struct store_batch *batch, struct err *err);

/* Take it away: renamed at once, emptied after. Missing is no error. */
int layer_store_remove(struct store *store, const struct digest *diff_id, struct err *err);

/*
 * For gc: rename away what is not wanted, which takes no time, so that it is there no more; found()
 * says so, once for each. layer_store_empty() empties them, and what an earlier gc has left.
 */
int layer_store_set_aside(struct store *store,
	bool (*found)(void *arg, const struct digest *diff_id), void *arg, struct err *err);
int layer_store_empty(struct store *store, struct err *err);

#endif
