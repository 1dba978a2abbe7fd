/* SPDX-License-Identifier: Apache-2.0 */
/* Images as one tar stream: the OCI layout (docs/pipes.md), and docker's save format. */
#ifndef KIST_STORE_ARCHIVE_H
#define KIST_STORE_ARCHIVE_H

#include "lib/mem.h"
#include "spec/digest.h"
#include "store/store.h"

struct archive_image {
	const char *reference;  /* canonical; NULL: the archive gives it none */
	struct digest manifest; /* digest of its manifest */
	struct digest id;       /* the image ID */
};

struct archive_images {
	struct archive_image *items;
	size_t count;
};

/*
 * Read an archive of either kind, in any order of entries and compressed or not, from fd as a
 * stream: kist-archive does it, shut in. Verify every blob, unpack the layers, and tag what it
 * holds for this platform. When anything fails, nothing is tagged and no blob is left. Strings live
 * in the arena. Returns 0.
 */
int archive_load(struct store *store, int fd, struct archive_images *loaded, struct arena *a,
	struct err *err);

enum archive_format { ARCHIVE_OCI, ARCHIVE_DOCKER };

/*
 * Write the images that names find (image_lookup()) to fd: the same bytes for the same images.
 * A corrupted blob is E_DIGEST_MISMATCH, and the stream has no end marker then. Returns 0.
 */
int archive_save(struct store *store, const char *const *names, size_t count,
	enum archive_format format, int fd, struct err *err);

#endif
