/* SPDX-License-Identifier: Apache-2.0 */
/* Inside store/: how blobs and layers get into a batch. See store_batch in store/store.h. */
#ifndef KIST_STORE_BATCH_H
#define KIST_STORE_BATCH_H

#include <stdbool.h>

#include "store/store.h"

enum batch_kind { BATCH_BLOB, BATCH_LAYER, BATCH_KINDS };

/*
 * Add something complete that lies under the name temp in the kind's directory and is to be called
 * name. lock (the descriptor that holds its flock) is taken over.
 */
void batch_add(struct store_batch *batch, enum batch_kind kind, const char *temp, const char *name,
	int lock);

/* The temporary name of what will be called name, or NULL. Borrowed until the batch changes. */
const char *batch_find(const struct store_batch *batch, enum batch_kind kind, const char *name);

/* Remove what is of this kind and not wanted by its name. */
void batch_keep(struct store_batch *batch, enum batch_kind kind,
	bool (*wanted)(void *arg, const char *name), void *arg);

/*
 * Rename a complete blob or layer into place: a layer that another process has published in the
 * meantime makes ours superfluous, and it is removed. Returns 0.
 */
int batch_rename(struct store *store, enum batch_kind kind, const char *temp, const char *name,
	struct err *err);

#endif
