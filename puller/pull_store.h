/* SPDX-License-Identifier: Apache-2.0 */
/* kist-pull into the store: all blobs side by side, one sync, then the tag. */
#ifndef KIST_PULLER_PULL_STORE_H
#define KIST_PULLER_PULL_STORE_H

#include "puller/progress.h"
#include "puller/registry.h"
#include "spec/reference.h"
#include "store/store.h"

struct pull_store_options {
	const char *platform; /* NULL: ours */
	int64_t parallel;     /* blobs at once; 0: a good number */
};

/*
 * Pull the image that ref names and tag it. Progress and the last line go to progress. On failure
 * nothing is published; what was downloaded stays for the next pull when the network or an
 * interrupt ended it, and is removed when what came was wrong. Returns 0.
 */
int pull_to_store(struct store *store, struct registry *registry, const struct reference *ref,
	const struct pull_store_options *options, struct progress *progress, struct err *err);

#endif
