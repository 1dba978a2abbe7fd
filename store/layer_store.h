/* SPDX-License-Identifier: Apache-2.0 */
/*
 * layers/<diff_id>/fs: one unpacked layer in overlayfs form (whiteouts are char devices 0/0, opaque
 * directories an xattr), there exactly when complete, shared by all images that have it.
 */
#ifndef KIST_STORE_LAYER_STORE_H
#define KIST_STORE_LAYER_STORE_H

#include <stdbool.h>
#include <stdint.h>

#include "spec/digest.h"
#include "spec/image.h"
#include "store/store.h"

bool layer_store_has(struct store *store, const struct digest *diff_id);

/* The directory that overlayfs gets as a lower one: "ROOT/layers/HEX/fs". The caller frees it. */
char *layer_store_path(struct store *store, const struct digest *diff_id);

/* The same as an O_PATH descriptor; the caller closes it. E_NOT_FOUND. */
int layer_store_open(struct store *store, const struct digest *diff_id, struct err *err);

/* The same, and finds layers that are complete in an unpublished batch, too (NULL: none). */
int layer_store_open_in(struct store *store, const struct store_batch *batch,
	const struct digest *diff_id, struct err *err);

/* Bytes of the layer's uncompressed tar. Returns 0; E_NOT_FOUND when nobody has told. */
int layer_store_size(
	struct store *store, const struct digest *diff_id, int64_t *size, struct err *err);

/* A layer that is being unpacked into layers/.tmp-*: a directory with an empty fs/, locked. */
struct layer_temp {
	struct store *store;
	struct digest diff_id; /* text empty: not known before */
	char name[80];         /* below layers/ */
	int dir;               /* holds the flock */
	bool private;          /* no other process waits for it */
	int fs;                /* where to unpack */
	int64_t size; /* filled by the caller: bytes of the uncompressed tar; 0: not known */
	/*
	 * Set by the caller (it becomes the temp's), -1: none. What the unpack worker reports of
	 * directories that the tar did not name: see struct layer_worker in
	 * store/layer/layer_worker.h.
	 */
	int implied;
};

enum layer_flags {
	LAYER_TRY = 1,     /* E_IN_USE instead of waiting for another process */
	LAYER_PRIVATE = 2, /* never wait: a directory of our own, thrown away if another is first */
};

/*
 * Begin a layer; what an interrupted attempt left is removed first. Waits while another process
 * unpacks the same diff_id. diff_id NULL: it will be known at the end.
 * Returns 0 and *temp, or 1 when the layer is there already.
 */
int layer_store_begin(struct store *store, const struct digest *diff_id, unsigned flags,
	struct layer_temp **temp, struct err *err);

/* Remove what was unpacked, and free. NULL is fine. */
void layer_temp_abort(struct layer_temp *temp);

/*
 * The absolute path of its fs/, for a worker's command line. The caller frees it.
 */
char *layer_temp_path(const struct layer_temp *temp);

/*
 * Publish one layer, durably at once (batch NULL) or with the batch. The caller has verified
 * diff_id. Takes over temp in every case. Returns 0.
 */
int layer_store_publish(struct layer_temp *temp, const struct digest *diff_id,
	struct store_batch *batch, struct err *err);

/*
 * For all layers of an image, lowest first: directories that a layer only implied get the owner,
 * mode, times and xattrs they have in the layers beneath it, and then every temp is published
 * (durably at once, or with the batch). A directory that only whiteouts needed, and that does not
 * exist beneath, is removed. temps[i] is NULL where the layer was there. Takes over the
 * temps in every case (they become NULL). Returns 0.
 */
int layer_store_settle(struct store *store, const struct strings *diff_ids,
	struct layer_temp **temps, struct store_batch *batch, struct err *err);

/*
 * Make a layer of an overlayfs upper directory by moving it (same file system) out of parent:
 * what the builder does after a RUN. A diff_id that is there already: the directory is removed.
 * size: of the layer's uncompressed tar, 0 when it is not known. Returns 0.
 */
int layer_store_adopt_upper(struct store *store, int parent, const char *name,
	const struct digest *diff_id, int64_t size, struct store_batch *batch, struct err *err);

/* Take it away: renamed at once, emptied after. Missing is no error. */
int layer_store_remove(struct store *store, const struct digest *diff_id, struct err *err);

#endif
