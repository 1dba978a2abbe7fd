/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "lib/json.h"
#include "lib/key_index.h"
#include "lib/own.h"
#include "store/archive.h"
#include "store/archive_intake.h"
#include "store/batch.h"
#include "store/blob.h"
#include "store/digest_set.h"
#include "store/unpack.h"

/* What is to be tagged, one row per image and name, and what it takes to get there. */
struct load {
	struct store *store;
	struct store_batch *batch;
	struct arena *arena;
	struct image_tagging *tags;
	struct digest *ids;
	size_t count, cap;
	struct key_index manifests; /* the first row + 1 of each */
};

static void add_row(struct load *l, const struct image_tagging *tag, const struct digest *id)
{
	size_t *first;

	if (l->count == l->cap) {
		size_t cap = l->cap ? 2 * l->cap : 16;
		struct image_tagging *tags = arena_array(l->arena, cap, sizeof(*tags));
		struct digest *ids = arena_array(l->arena, cap, sizeof(*ids));

		if (l->count) {
			memcpy(tags, l->tags, l->count * sizeof(*tags));
			memcpy(ids, l->ids, l->count * sizeof(*ids));
		}
		l->tags = tags;
		l->ids = ids;
		l->cap = cap;
	}
	l->tags[l->count] = *tag;
	l->ids[l->count++] = *id;
	first = key_index_at(&l->manifests, arena_strdup(l->arena, tag->manifest.text), l->arena);
	if (!*first)
		*first = l->count;
}

static int read_document(
	struct load *l, const struct digest *digest, struct buf *out, struct err *err)
{
	return blob_read_in(l->store, l->batch, digest, JSON_DOCUMENT_MAX, out, err);
}

static int check_blob(struct load *l, const struct descriptor *d, struct err *err)
{
	int r = blob_check(l->store, l->batch, d, err);

	/* the archive is wrong, not the name that somebody gave */
	return r == -E_BLOB_UNKNOWN
		? err_set(err, E_SYNTAX, "blob %s is not in the archive", d->digest)
		: r;
}

/* Check that all of the image is there, and unpack it into the batch. */
static int add_image(void *arg, const struct image_tagging *tag, struct err *err)
{
	struct load *l = arg;
	own_buf struct buf manifest_text = {0}, config_text = {0};
	struct manifest manifest;
	struct image_config config;
	size_t first = key_index_get(&l->manifests, tag->manifest.text);
	struct digest id;
	int r;

	if (first) { /* another name of it */
		id = l->ids[first - 1];
		add_row(l, tag, &id);
		return 0;
	}
	r = read_document(l, &tag->manifest, &manifest_text, err);
	if (r == 0)
		r = manifest_parse(manifest_text.data, manifest_text.len, &manifest, l->arena, err);
	if (r == 0)
		r = check_blob(l, &manifest.config, err);
	for (size_t i = 0; r == 0 && i < manifest.layers.count; i++)
		r = check_blob(l, &manifest.layers.items[i], err);
	if (r == 0)
		r = digest_parse(manifest.config.digest, &id, err);
	if (r == 0)
		r = read_document(l, &id, &config_text, err);
	if (r == 0)
		r = image_config_parse(config_text.data, config_text.len, &config, l->arena, err);
	if (r == 0)
		r = store_unpack_image(l->store, &manifest, &config, l->batch, err);
	if (r == 0)
		add_row(l, tag, &id);
	return r;
}

/* Add what a manifest refers to, and itself. */
static int mark(
	struct load *l, const struct digest *manifest, struct digest_set *needed, struct err *err)
{
	own_arena struct arena a = {0};
	own_buf struct buf text = {0};
	struct manifest m;
	struct digest digest;
	int r = read_document(l, manifest, &text, err);

	if (r == 0)
		r = manifest_parse(text.data, text.len, &m, &a, err);
	if (r == 0)
		r = digest_parse(m.config.digest, &digest, err);
	if (r < 0)
		return r;
	digest_set_add(needed, manifest);
	digest_set_add(needed, &digest);
	for (size_t i = 0; r == 0 && i < m.layers.count; i++) {
		r = digest_parse(m.layers.items[i].digest, &digest, err);
		if (r == 0)
			digest_set_add(needed, &digest);
	}
	return r;
}

static bool is_needed(void *arg, const char *hex)
{
	return digest_set_has(arg, hex);
}

/* Files of the archive that turned out to belong to no image are not published. */
static int drop_unneeded(struct load *l, struct err *err)
{
	own(digest_set_release) struct digest_set needed = {0};

	for (size_t i = 0; i < l->count; i++)
		if (key_index_get(&l->manifests, l->tags[i].manifest.text) == i + 1 &&
			mark(l, &l->tags[i].manifest, &needed, err) < 0)
			return -err->code;
	batch_keep(l->batch, BATCH_BLOB, is_needed, &needed);
	return 0;
}

static int load(struct load *l, int fd, struct err *err)
{
	struct archive_intake intake = {
		.store = l->store,
		.batch = l->batch,
		.arena = l->arena,
		.image = add_image,
		.arg = l,
	};
	int r = archive_intake_run(&intake, fd, err);

	if (r == 0)
		r = drop_unneeded(l, err);
	if (r == 0)
		r = store_batch_publish(l->batch, err);
	if (r == 0)
		r = image_tag(l->store, l->tags, l->count, err);
	return r;
}

int archive_load(struct store *store, int fd, struct archive_images *loaded, struct arena *a,
	struct err *err)
{
	struct load l = {.store = store, .arena = a};
	own_fd int lease = store_lease(store, STORE_LEASE_ADD, err);
	int r;

	if (lease < 0)
		return lease;
	l.batch = store_batch_new(store);
	r = load(&l, fd, err);
	store_batch_discard(l.batch);
	if (r < 0)
		return err_wrap(err, "cannot load the archive");
	*loaded = (struct archive_images){
		.items = arena_array(a, l.count + 1, sizeof(*loaded->items)),
		.count = l.count,
	};
	for (size_t i = 0; i < l.count; i++)
		loaded->items[i] = (struct archive_image){
			.reference = l.tags[i].reference,
			.manifest = l.tags[i].manifest,
			.id = l.ids[i],
		};
	return 0;
}
