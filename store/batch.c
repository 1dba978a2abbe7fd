/* SPDX-License-Identifier: Apache-2.0 */
#include "store/batch.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/key_index.h"
#include "lib/mem.h"
#include "lib/own.h"
#include "lib/path.h"
#include "store/store_private.h"

struct batch_item {
	enum batch_kind kind;
	char *temp, *name;
	int lock;
};

struct store_batch {
	struct store *store;
	struct batch_item *items;
	size_t count, cap;
	struct key_index places[BATCH_KINDS]; /* of the items by their names: item + 1 */
	struct arena arena;                   /* holds these */
};

static int directory(const struct store *store, enum batch_kind kind)
{
	return kind == BATCH_BLOB ? store->blobs : store->layers;
}

struct store_batch *store_batch_new(struct store *store)
{
	struct store_batch *batch = xcalloc(1, sizeof(*batch));

	batch->store = store;
	return batch;
}

void batch_add(struct store_batch *batch, enum batch_kind kind, const char *temp, const char *name,
	int lock)
{
	size_t *place;

	if (batch->count == batch->cap) {
		batch->cap = batch->cap ? 2 * batch->cap : 16;
		batch->items = xreallocarray(batch->items, batch->cap, sizeof(*batch->items));
	}
	batch->items[batch->count++] = (struct batch_item){
		.kind = kind,
		.temp = xstrdup(temp),
		.name = xstrdup(name),
		.lock = lock,
	};
	place = key_index_at(
		&batch->places[kind], batch->items[batch->count - 1].name, &batch->arena);
	if (!*place)
		*place = batch->count;
}

const char *batch_find(const struct store_batch *batch, enum batch_kind kind, const char *name)
{
	size_t place = batch ? key_index_get(&batch->places[kind], name) : 0;

	return place ? batch->items[place - 1].temp : NULL;
}

int batch_rename(struct store *store, enum batch_kind kind, const char *temp, const char *name,
	struct err *err)
{
	int dir = directory(store, kind);

	if (renameat(dir, temp, dir, name) == 0)
		return 0;
	if (kind == BATCH_LAYER && (errno == ENOTEMPTY || errno == EEXIST))
		return path_remove_tree(dir, temp, err);
	return err_errno(
		err, "cannot publish %s '%s'", kind == BATCH_BLOB ? "blob" : "layer", name);
}

/* remove: also what could be continued. */
static void release_item(struct store *store, struct batch_item *item, bool remove)
{
	struct err ignored;

	if (item->temp && item->kind == BATCH_LAYER)
		path_remove_tree(store->layers, item->temp, &ignored);
	else if (item->temp && (remove || strncmp(item->temp, ".part-", 6) != 0))
		unlinkat(store->blobs, item->temp, 0);
	own_fd_release(&item->lock);
	free(item->temp);
	free(item->name);
}

static void forget_places(struct store_batch *batch)
{
	memset(batch->places, 0, sizeof(batch->places));
	arena_release(&batch->arena);
}

void batch_keep(struct store_batch *batch, enum batch_kind kind,
	bool (*wanted)(void *arg, const char *name), void *arg)
{
	size_t kept = 0;

	forget_places(batch);
	for (size_t i = 0; i < batch->count; i++) {
		struct batch_item *item = &batch->items[i];
		size_t *place;

		if (item->kind == kind && !wanted(arg, item->name)) {
			release_item(batch->store, item, true);
			continue;
		}
		batch->items[kept++] = *item;
		place = key_index_at(&batch->places[item->kind], item->name, &batch->arena);
		if (!*place)
			*place = kept;
	}
	batch->count = kept;
}

static void release_items(struct store_batch *batch, bool remove)
{
	for (size_t i = 0; i < batch->count; i++)
		release_item(batch->store, &batch->items[i], remove);
	forget_places(batch);
	free(batch->items);
	batch->items = NULL;
	batch->count = batch->cap = 0;
}

int store_batch_publish(struct store_batch *batch, struct err *err)
{
	struct store *store = batch->store;
	int r;

	if (!batch->count)
		return 0;
	r = store_sync(store, err);
	for (size_t i = 0; r == 0 && i < batch->count; i++) {
		struct batch_item *item = &batch->items[i];

		r = batch_rename(store, item->kind, item->temp, item->name, err);
		if (r == 0) {
			free(item->temp);
			item->temp = NULL;
		}
	}
	/* the names, too, before anything refers to them */
	if (r == 0 && (fsync(store->blobs) < 0 || fsync(store->layers) < 0))
		r = err_errno(err, "cannot write '%s' to disk", store->root_path);
	release_items(batch, false);
	return r;
}

void store_batch_free(struct store_batch *batch)
{
	if (!batch)
		return;
	release_items(batch, false);
	free(batch);
}

void store_batch_discard(struct store_batch *batch)
{
	if (!batch)
		return;
	release_items(batch, true);
	free(batch);
}
