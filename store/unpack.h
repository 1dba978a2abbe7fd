/* SPDX-License-Identifier: Apache-2.0 */
/* From blobs to layers: unpack what is missing of an image, by kist-layer, on all processors. */
#ifndef KIST_STORE_UNPACK_H
#define KIST_STORE_UNPACK_H

#include "spec/image.h"
#include "store/store.h"

/*
 * Every layer of the image that is not in layers/ is unpacked from its blob, verified against its
 * diff_id and published. Blobs may be in an unpublished batch; then the layers join it, otherwise
 * (batch NULL) they are durable when this returns. The caller holds STORE_LEASE_ADD. Returns 0.
 */
int store_unpack_image(struct store *store, const struct manifest *manifest,
	const struct image_config *config, struct store_batch *batch, struct err *err);

#endif
