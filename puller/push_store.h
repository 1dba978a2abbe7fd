/* SPDX-License-Identifier: Apache-2.0 */
/* kist-push out of the store: blobs side by side, then the manifest. */
#ifndef KIST_PULLER_PUSH_STORE_H
#define KIST_PULLER_PUSH_STORE_H

#include "puller/progress.h"
#include "puller/registry.h"
#include "spec/reference.h"
#include "store/store.h"

/* Push the image that the store has under ref, to ref. parallel 0: a good number. Returns 0. */
int push_from_store(struct store *store, struct registry *registry, const struct reference *ref,
	int64_t parallel, struct progress *progress, struct err *err);

#endif
