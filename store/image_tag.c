/* SPDX-License-Identifier: Apache-2.0 */
/* Changes of the image table: each one under index.lock, and published by rename. */
#include <string.h>

#include "lib/io.h"
#include "lib/key_index.h"
#include "lib/lock.h"
#include "lib/own.h"
#include "store/blob.h"
#include "store/image_table.h"
#include "store/layer_store.h"
#include "store/overlay.h"
#include "store/store_private.h"

/* Replace index.json by what the rows say. The caller holds the lock. */
static int write_table(
	struct store *store, const struct image_table *t, struct arena *a, struct err *err)
{
	own_buf struct buf text = {0};
	int r;

	json_write(image_table_encode(t, a), JSON_COMPACT, &text);
	if (text.len > IMAGE_TABLE_MAX)
		return err_set(err, E_LIMIT, "the image table would be larger than %u bytes",
			IMAGE_TABLE_MAX);
	r = io_publish_file(
		store->images, "index.json", text.data, text.len, 0644, IO_DURABLE, err);
	return r < 0 ? err_wrap(err, "cannot change the image table in '%s'", store->root_path) : 0;
}

static int lock_table(struct store *store, struct image_table *t, struct arena *a, struct err *err)
{
	own_fd int lock = lock_file(store->images, "index.lock", 0, err);
	int r = lock < 0 ? lock : image_table_read(store, t, a, err);

	return r < 0 ? r : give_fd(lock);
}

/* The sum over the layers, or 0 when one is not unpacked. */
static int64_t unpacked_size(struct store *store, const struct image *image)
{
	const struct strings *ids = &image->config.rootfs.diff_ids;
	int64_t total = 0;

	for (size_t i = 0; i < ids->count; i++) {
		struct digest id;
		struct err ignored;
		int64_t size;

		if (digest_parse(ids->items[i], &id, &ignored) < 0 ||
			layer_store_size(store, &id, &size, &ignored) < 0 ||
			__builtin_add_overflow(total, size, &total))
			return 0;
	}
	return total;
}

/* Check that the image is whole, and describe it. */
static int describe(struct store *store, const struct image_tagging *tag, struct image_entry *entry,
	struct arena *a, struct err *err)
{
	struct image image = {0};
	struct image_entry e = {0};
	int64_t size;
	int r = 0;

	if (!blob_exists(store, &tag->manifest, &size))
		return err_set(err, E_BLOB_UNKNOWN, "manifest %s is missing", tag->manifest.text);
	e.reference = tag->reference;
	e.descriptor = (struct descriptor){
		.media_type = tag->media_type ? tag->media_type : MEDIA_TYPE_MANIFEST,
		.digest = arena_strdup(a, tag->manifest.text),
		.size = size,
	};
	if (media_type_is_index(e.descriptor.media_type))
		return err_set(err, EINVAL, "%s is an index, not a manifest", tag->manifest.text);
	r = image_read(store, &e, &image, a, err);
	if (r == 0)
		r = blob_check(store, NULL, &image.manifest.config, err);
	if (r == 0 && image.manifest.layers.count > OVERLAY_LOWERS_MAX)
		return err_set(err, E_UNSUPPORTED,
			"the image has %zu layers, and overlayfs takes at most %d",
			image.manifest.layers.count, OVERLAY_LOWERS_MAX);
	for (size_t i = 0; r == 0 && i < image.manifest.layers.count; i++)
		r = blob_check(store, NULL, &image.manifest.layers.items[i], err);
	if (r < 0)
		return r;
	*entry = image.entry;
	if (!tag->media_type && image.manifest.media_type)
		entry->descriptor.media_type = image.manifest.media_type;
	entry->unpacked_size = unpacked_size(store, &image);
	return 0;
}

/* Each manifest is looked at once, however many names it gets. */
static int describe_all(struct store *store, const struct image_tagging *tags, size_t count,
	struct image_entry *entries, struct arena *a, struct err *err)
{
	struct key_index described = {0};

	for (size_t i = 0; i < count; i++) {
		size_t *first = key_index_at(&described, tags[i].manifest.text, a);

		if (!*first) {
			if (describe(store, &tags[i], &entries[i], a, err) < 0)
				return err_wrap(err, "cannot tag '%s'",
					tags[i].reference ? tags[i].reference
							  : tags[i].manifest.text);
			*first = i + 1;
		}
		entries[i] = entries[*first - 1];
		entries[i].reference = tags[i].reference;
		entries[i].repo_name = tags[i].repo_digest ? tags[i].repo_name : NULL;
		entries[i].repo_digest = tags[i].repo_name ? tags[i].repo_digest : NULL;
	}
	return 0;
}

int image_tag(struct store *store, const struct image_tagging *tags, size_t count, struct err *err)
{
	own_arena struct arena a = {0};
	struct image_entry *entries = arena_array(&a, count + 1, sizeof(*entries));
	struct image_table t;
	own_fd int lock = -1;

	/* before the lock, for which others wait */
	if (describe_all(store, tags, count, entries, &a, err) < 0)
		return -err->code;
	lock = lock_table(store, &t, &a, err);
	if (lock < 0)
		return lock;
	image_table_set(&t, entries, count, &a);
	return write_table(store, &t, &a, err);
}

struct wanted_ids {
	struct store *store;
	struct key_index *ids; /* 1: wanted, 2: and found */
	struct arena *a;
};

/* Has the row one of these IDs, also when another program wrote it without? */
static bool has_id(const struct table_row *row, void *arg)
{
	const struct wanted_ids *w = arg;
	own_arena struct arena a = {0};
	const char *id = row->entry.id.text;
	struct image image;
	size_t *found;

	if (!*id &&
		(row->damaged ||
			image_read(w->store, &row->entry, &image, &a, &(struct err){0}) < 0))
		return false;
	id = *id ? id : image.entry.id.text;
	if (!key_index_get(w->ids, id))
		return false;
	found = key_index_at(w->ids, id, w->a);
	*found = 2;
	return true;
}

/* Take the rows of image IDs out. Returns an ID that no row has, or NULL. */
static const char *drop_ids(struct store *store, struct image_table *t,
	const struct image_removal *what, struct arena *a)
{
	struct key_index ids = {0};
	struct wanted_ids wanted = {store, &ids, a};

	for (size_t i = 0; i < what->nids; i++)
		*key_index_at(&ids, what->ids[i].text, a) = 1;
	if (what->nids)
		image_table_drop(t, has_id, &wanted);
	for (size_t i = 0; i < what->nids; i++)
		if (key_index_get(&ids, what->ids[i].text) == 1)
			return what->ids[i].text;
	return NULL;
}

int image_untag(struct store *store, const struct image_removal *what, struct err *err)
{
	own_arena struct arena a = {0};
	struct image_table t;
	own_fd int lock = lock_table(store, &t, &a, err);
	const char *missing;

	if (lock < 0)
		return lock;
	missing = image_table_unset(&t, &what->references, what->keep_untagged, &a);
	if (missing && !what->missing_ok) {
		struct reference ref;
		int r = reference_parse(missing, &ref, &a, err);

		return r < 0 ? r
			     : err_set(err, E_NOT_FOUND, "there is no image '%s'",
				       reference_familiar(&ref, &a));
	}
	missing = drop_ids(store, &t, what, &a);
	if (missing && !what->missing_ok)
		return err_set(err, E_NOT_FOUND, "there is no image '%s'", missing);
	return write_table(store, &t, &a, err);
}

static bool has_manifest(const struct table_row *row, void *arg)
{
	const struct digest *manifest = arg;

	return !row->damaged && strcmp(row->entry.descriptor.digest, manifest->text) == 0;
}

static bool is_damaged(const struct table_row *row, void *arg)
{
	(void)arg;
	return row->damaged;
}

int image_table_forget(struct store *store, const struct digest *manifest, struct err *err)
{
	own_arena struct arena a = {0};
	struct digest wanted = *manifest;
	struct image_table t;
	own_fd int lock = lock_table(store, &t, &a, err);

	if (lock < 0)
		return lock;
	image_table_drop(&t, has_manifest, &wanted);
	return write_table(store, &t, &a, err);
}

int image_table_forget_damaged(struct store *store, struct err *err)
{
	own_arena struct arena a = {0};
	struct image_table t;
	own_fd int lock = lock_table(store, &t, &a, err);

	if (lock < 0)
		return lock;
	image_table_drop(&t, is_damaged, NULL);
	return write_table(store, &t, &a, err);
}
