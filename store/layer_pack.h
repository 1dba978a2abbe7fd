/* SPDX-License-Identifier: Apache-2.0 */
/* From directories to layers, and from layers to blobs that a registry takes. */
#ifndef KIST_STORE_LAYER_PACK_H
#define KIST_STORE_LAYER_PACK_H

#include <stdint.h>

#include "spec/digest.h"
#include "store/store.h"

/* A layer's compressed tar. */
struct layer_blob {
	struct digest digest;
	int64_t size;
	const char *media_type;
};

/*
 * Make a layer of the overlayfs upper directory name in dir: its diff_id is that of its tar, which
 * is written in one fixed order (store/layer/layer.h), and the directory is moved, not copied.
 * blob, unless NULL, gets the tar compressed in the same walk. Layer and blob join the batch.
 * Returns 0.
 */
int layer_pack_upper(struct store *store, int dir, const char *name, struct store_batch *batch,
	struct digest *diff_id, struct layer_blob *blob, struct err *err);

/*
 * Compress a layer that the store has; the blob joins the batch. E_DIGEST_MISMATCH when the layer's
 * files are not those of its diff_id any more. Returns 0.
 */
int layer_pack(struct store *store, const struct digest *diff_id, struct store_batch *batch,
	struct layer_blob *blob, struct err *err);

#endif
