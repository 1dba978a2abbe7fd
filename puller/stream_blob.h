/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A blob passed on as it arrives: verified at its end, continued with Range when a connection is
 * lost. It may be asked for before its turn, so that the server's first answer is not waited for.
 */
#ifndef KIST_PULLER_STREAM_BLOB_H
#define KIST_PULLER_STREAM_BLOB_H

#include "lib/sha256.h"
#include "puller/registry.h"
#include "spec/image.h"

struct stream_blob {
	struct registry *registry;
	const char *digest; /* borrowed */
	int64_t size;
	/* Takes the bytes in order. Returns 0. */
	int (*output)(void *arg, const void *data, size_t len, struct err *err);
	void *arg;
	bool turn; /* bytes may be passed on; before, the connection waits */

	/* private */
	struct call call;
	struct sha256 sha;
	int64_t passed, skip;
	bool whole; /* the server does not know ranges, or not this one */
	bool over;
	struct err failure;
};

/* Ask for the blob; nothing is passed on before stream_blob_pass(). b is zeroed first. */
void stream_blob_start(
	struct stream_blob *b, struct registry *registry, const struct descriptor *d);

/* Pass the whole blob on to output, and verify it. tick is called now and then. Returns 0. */
int stream_blob_pass(
	struct stream_blob *b, void (*tick)(void *arg, int64_t passed), struct err *err);

void stream_blob_release(struct stream_blob *b);

#endif
