/* SPDX-License-Identifier: Apache-2.0 */
/* What nothing needs goes (gc), and what is there is checked (fsck). */
#ifndef KIST_STORE_GC_H
#define KIST_STORE_GC_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/buf.h"
#include "store/store.h"

struct gc_result {
	uint64_t blobs, layers, temporaries; /* removed */
	uint64_t bytes;      /* of blobs, layers (uncompressed) and temporary files */
	struct strv deleted; /* "sha256:..." of each blob and layer */
};

void gc_result_release(struct gc_result *result);

/*
 * Remove blobs that no entry of index.json leads to, layers that neither an image nor a snapshot
 * needs, and temporary files whose maker is dead. parts: interrupted downloads, too. While others
 * add (store_lease()) it removes nothing and returns 1. Else 0.
 */
int store_gc(struct store *store, bool parts, struct gc_result *result, struct err *err);

struct fsck_result {
	uint64_t blobs, layers, images, containers; /* looked at */
	struct strv problems;                       /* one sentence each */
	uint64_t repaired;
};

void fsck_result_release(struct fsck_result *result);

/*
 * Read every blob and compare its digest; check that images have all their blobs, containers their
 * layers. repair: remove blobs that are wrong, entries of images that lack one (a pull brings
 * them back), and names without a container. Returns 0 also when there are problems.
 */
int store_fsck(struct store *store, bool repair, struct fsck_result *result, struct err *err);

#endif
