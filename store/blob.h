/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Blobs: images/blobs/sha256/HEX is there exactly when it is complete and its bytes had that digest
 * when they were written. What is being received is .part-HEX (it can be continued) or .tmp-*.
 */
#ifndef KIST_STORE_BLOB_H
#define KIST_STORE_BLOB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/buf.h"
#include "lib/err.h"
#include "spec/digest.h"
#include "spec/image.h"
#include "store/store.h"

/* Is it there? *size (may be NULL) gets its length. */
bool blob_exists(struct store *store, const struct digest *digest, int64_t *size);

/*
 * Is the blob of a descriptor there, complete or in the batch (NULL: none), with the size that the
 * descriptor says? Returns 0, E_BLOB_UNKNOWN or E_SIZE_MISMATCH. Its bytes are not read.
 */
int blob_check(struct store *store, struct store_batch *batch, const struct descriptor *d,
	struct err *err);

/* Open for reading; the caller closes it. Returns the descriptor or E_BLOB_UNKNOWN. */
int blob_open(struct store *store, const struct digest *digest, struct err *err);

/*
 * As blob_open(), but finds blobs that are complete in an unpublished batch, too (batch may be
 * NULL).
 */
int blob_open_in(struct store *store, struct store_batch *batch, const struct digest *digest,
	struct err *err);

/*
 * Append a small document to *out and verify its digest: E_BLOB_UNKNOWN, E_LIMIT beyond max bytes
 * (JSON_DOCUMENT_MAX for manifests, indexes and configs), E_DIGEST_MISMATCH. Returns 0.
 */
int blob_read(struct store *store, const struct digest *digest, size_t max, struct buf *out,
	struct err *err);
int blob_read_in(struct store *store, struct store_batch *batch, const struct digest *digest,
	size_t max, struct buf *out, struct err *err);

/*
 * Write a small document. *digest gets its digest; one that is there already is not written again.
 * With a batch it is published with it, without (NULL) at once and durably. Returns 0.
 */
int blob_put(struct store *store, struct store_batch *batch, const void *data, size_t len,
	struct digest *digest, struct err *err);

/* Copy the blob to fd and verify it on the way: E_DIGEST_MISMATCH comes after the last byte. */
int blob_copy_out(struct store *store, const struct digest *digest, int fd, struct err *err);

/* Take it away (gc, fsck --repair). Missing is no error. */
int blob_remove(struct store *store, const struct digest *digest, struct err *err);

/* A blob that is being received: its bytes are digested as they are written. */
struct blob_writer;

enum blob_flags {
	BLOB_TRY = 1,   /* E_IN_USE instead of waiting for another process that receives it */
	BLOB_FRESH = 2, /* what an earlier attempt left is thrown away */
	/* a file of our own: never waits, leaves no .part, is begun even if the blob is there */
	BLOB_PRIVATE = 4,
};

/*
 * Begin, or continue at blob_writer_offset() what an interrupted attempt left in .part-HEX: that
 * prefix is read and digested again, never trusted. expect NULL: the digest is not known before,
 * and nothing can be continued. Waits while another process receives the same blob.
 * Returns 0 and *writer (see blob_writer_free()), or 1 when the blob is there already.
 */
int blob_writer_new(struct store *store, const struct digest *expect, unsigned flags,
	struct blob_writer **writer, struct err *err);

/* How many bytes are there: where a download continues. */
uint64_t blob_writer_offset(const struct blob_writer *w);

/*
 * A descriptor of its own to read what has been written from the start (for feeding the prefix of a
 * continued layer to kist-layer); the caller closes it.
 */
int blob_writer_reopen(const struct blob_writer *w, struct err *err);

/* Throw away what is there and begin at 0 again (the server does not know Range). */
int blob_writer_restart(struct blob_writer *w, struct err *err);

int blob_writer_write(struct blob_writer *w, const void *data, size_t len, struct err *err);

/*
 * All bytes are written: check size (-1: not known) and digest, and publish, durably at once
 * (batch NULL) or with the batch. *digest (may be NULL) gets the digest. Wrong content is removed,
 * not kept for continuing. Frees the writer in every case. Returns 0, E_DIGEST_MISMATCH or
 * E_SIZE_MISMATCH (fewer bytes than size: the part is kept, so that it can be continued).
 */
int blob_writer_commit(struct blob_writer *w, int64_t size, struct store_batch *batch,
	struct digest *digest, struct err *err);

/* Give up, keeping a .part for the next attempt; without expect nothing is kept. NULL is fine. */
void blob_writer_free(struct blob_writer *w);

/* Give up and remove what was written. */
void blob_writer_abort(struct blob_writer *w);

static inline void own_blob_writer_release(struct blob_writer **w)
{
	blob_writer_free(*w);
}

#define own_blob_writer __attribute__((cleanup(own_blob_writer_release)))

#endif
