/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Inside store/: the store's side of reading an archive. kist-archive parses it, shut in; here its
 * requests are served, and nothing is believed of what they say: blobs by digests of our own,
 * names and digests by their rules, numbers by their limits.
 */
#ifndef KIST_STORE_ARCHIVE_INTAKE_H
#define KIST_STORE_ARCHIVE_INTAKE_H

#include "lib/mem.h"
#include "store/image.h"
#include "store/store.h"

struct archive_intake {
	struct store *store;
	struct store_batch *batch; /* gets the blobs */
	struct arena *arena;       /* strings of what image() gets */
	/* An image whose manifest is in the batch or the store. Returns 0. */
	int (*image)(void *arg, const struct image_tagging *tag, struct err *err);
	void *arg;
	size_t blobs, images; /* how many came */
};

/* Have the archive that fd reads taken apart. Returns 0. */
int archive_intake_run(struct archive_intake *in, int fd, struct err *err);

/* Serve what comes on requests, until its end. Returns 0 when it was said that this is all. */
int archive_intake_serve(struct archive_intake *in, int requests, int answers, struct err *err);

#endif
