/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The two trees of kist's state, ROOT and RUN (docs/state.md), as open directories; the lease that
 * keeps gc away from what is being added; and the batch that makes many names durable at once.
 */
#ifndef KIST_STORE_STORE_H
#define KIST_STORE_STORE_H

#include "lib/err.h"

struct store;

/*
 * Open ROOT and RUN, which place_find() finds, and make what is missing of them (0700, and the
 * image layout's oci-layout). No flags are defined yet: 0.
 * Returns 0; the caller ends it with store_close().
 */
int store_open(
	const char *root, const char *run, unsigned flags, struct store **store, struct err *err);
void store_close(struct store *store); /* NULL is fine */

/* The trees' absolute paths, for messages and for other programs. Borrowed. */
const char *store_root_path(const struct store *store);
const char *store_run_path(const struct store *store);

static inline void store_release(struct store **store)
{
	store_close(*store);
}

#define own_store __attribute__((cleanup(store_release)))

enum store_lease {
	STORE_LEASE_ADD, /* shared: blobs or layers are being added that no name refers to yet */
	STORE_LEASE_COLLECT, /* exclusive, for gc: E_IN_USE while anyone adds */
};

/*
 * Take the lease (flock on ROOT/lease.lock). Whoever adds blobs or layers, or relies on ones that
 * it found, holds STORE_LEASE_ADD from before it looks until the tag or container that refers to
 * them is published. Adders never wait for each other; an adder waits for a gc's sweep at most.
 * Returns a descriptor whose close ends the lease.
 */
int store_lease(struct store *store, enum store_lease kind, struct err *err);

/*
 * A batch gathers blobs and layers that are complete and verified, but still under their temporary
 * names, and publishes all of them after one syncfs(2), instead of an fsync per file.
 *
 * What is in a batch stays locked until it is published. So that two processes cannot wait for
 * each other: publish your batch before you wait for a blob or layer that another works on
 * (BLOB_TRY and LAYER_TRY tell without waiting).
 */
struct store_batch;

struct store_batch *store_batch_new(struct store *store); /* the caller frees it; borrows store */

/* Everything to disk, then every name into place; the batch is empty again. Returns 0. */
int store_batch_publish(struct store_batch *batch, struct err *err);

/* NULL is fine. What was not published stays as an interrupted download or goes away. */
void store_batch_free(struct store_batch *batch);

/* As store_batch_free(), and downloads that were not published are removed, too. */
void store_batch_discard(struct store_batch *batch);

static inline void own_batch_release(struct store_batch **batch)
{
	store_batch_free(*batch);
}

#define own_batch __attribute__((cleanup(own_batch_release)))

/* syncfs(2) on the file system of ROOT. Returns 0. */
int store_sync(struct store *store, struct err *err);

#endif
