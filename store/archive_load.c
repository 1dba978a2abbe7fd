/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "lib/json.h"
#include "lib/own.h"
#include "store/archive_scan.h"
#include "store/batch.h"
#include "store/blob.h"
#include "store/digest_set.h"
#include "store/unpack.h"

void archive_tags_add(struct archive_scan *scan, struct archive_tags *tags,
	const struct image_tagging *tag, const struct digest *id)
{
	size_t *first;

	if (tags->count == tags->cap) {
		size_t cap = tags->cap ? 2 * tags->cap : 16;
		struct image_tagging *items = arena_array(scan->arena, cap, sizeof(*items));
		struct digest *ids = arena_array(scan->arena, cap, sizeof(*ids));

		if (tags->count) {
			memcpy(items, tags->items, tags->count * sizeof(*items));
			memcpy(ids, tags->ids, tags->count * sizeof(*ids));
		}
		tags->items = items;
		tags->ids = ids;
		tags->cap = cap;
	}
	tags->items[tags->count] = *tag;
	tags->ids[tags->count++] = *id;
	first = key_index_at(
		&tags->manifests, arena_strdup(scan->arena, tag->manifest.text), scan->arena);
	if (!*first)
		*first = tags->count;
}

static int check_blob(struct archive_scan *scan, const struct descriptor *d, struct err *err)
{
	int r = blob_check(scan->store, scan->batch, d, err);

	/* the archive is wrong, not the name that somebody gave */
	return r == -E_BLOB_UNKNOWN
		? err_set(err, E_SYNTAX, "blob %s is not in the archive", d->digest)
		: r;
}

int archive_add_image(struct archive_scan *scan, const struct image_tagging *tag,
	struct archive_tags *tags, struct err *err)
{
	own_buf struct buf manifest_text = {0}, config_text = {0};
	struct manifest manifest;
	struct image_config config;
	size_t first = key_index_get(&tags->manifests, tag->manifest.text);
	struct digest id;
	int r;

	if (first) { /* another name of it */
		id = tags->ids[first - 1];
		archive_tags_add(scan, tags, tag, &id);
		return 0;
	}
	r = archive_scan_document(scan, &tag->manifest, &manifest_text, err);
	if (r == 0)
		r = manifest_parse(
			manifest_text.data, manifest_text.len, &manifest, scan->arena, err);
	if (r == 0)
		r = check_blob(scan, &manifest.config, err);
	for (size_t i = 0; r == 0 && i < manifest.layers.count; i++)
		r = check_blob(scan, &manifest.layers.items[i], err);
	if (r == 0)
		r = digest_parse(manifest.config.digest, &id, err);
	if (r == 0)
		r = archive_scan_document(scan, &id, &config_text, err);
	if (r == 0)
		r = image_config_parse(
			config_text.data, config_text.len, &config, scan->arena, err);
	if (r == 0)
		r = store_unpack_image(scan->store, &manifest, &config, scan->batch, err);
	if (r == 0)
		archive_tags_add(scan, tags, tag, &id);
	return r;
}

static int interpret(struct archive_scan *scan, struct archive_tags *tags, struct err *err)
{
	if (scan->index.len)
		return archive_load_oci(scan, tags, err);
	if (scan->docker_manifest.len)
		return archive_load_docker(scan, tags, err);
	if (scan->repositories.len)
		return err_set(err, E_UNSUPPORTED,
			"archives made by docker before 1.10 are not supported: load and save it with "
			"a newer one");
	return err_set(err, E_SYNTAX,
		"neither an OCI layout (index.json) nor a docker archive (manifest.json)");
}

/* Add what a manifest refers to, and itself. */
static int mark(struct archive_scan *scan, const struct digest *manifest, struct digest_set *needed,
	struct err *err)
{
	own_arena struct arena a = {0};
	own_buf struct buf text = {0};
	struct manifest m;
	struct digest digest;
	int r = archive_scan_document(scan, manifest, &text, err);

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
static int drop_unneeded(
	struct archive_scan *scan, const struct archive_tags *tags, struct err *err)
{
	own(digest_set_release) struct digest_set needed = {0};

	for (size_t i = 0; i < tags->count; i++)
		if (key_index_get(&tags->manifests, tags->items[i].manifest.text) == i + 1 &&
			mark(scan, &tags->items[i].manifest, &needed, err) < 0)
			return -err->code;
	batch_keep(scan->batch, BATCH_BLOB, is_needed, &needed);
	return 0;
}

static int load(struct archive_scan *scan, int fd, struct archive_tags *tags, struct err *err)
{
	int r = archive_scan_read(scan, fd, err);

	if (r == 0)
		r = interpret(scan, tags, err);
	if (r == 0)
		r = drop_unneeded(scan, tags, err);
	if (r == 0)
		r = store_batch_publish(scan->batch, err);
	if (r == 0)
		r = image_tag(scan->store, tags->items, tags->count, err);
	return r;
}

int archive_load(struct store *store, int fd, struct archive_images *loaded, struct arena *a,
	struct err *err)
{
	own(archive_scan_release) struct archive_scan scan = {
		.store = store, .arena = a, .add = archive_add_image};
	struct archive_tags tags = {0};
	own_fd int lease = store_lease(store, STORE_LEASE_ADD, err);
	int r;

	if (lease < 0)
		return lease;
	scan.batch = store_batch_new(store);
	r = load(&scan, fd, &tags, err);
	store_batch_discard(scan.batch);
	if (r < 0)
		return err_wrap(err, "cannot load the archive");
	*loaded = (struct archive_images){
		.items = arena_array(a, tags.count + 1, sizeof(*loaded->items)),
		.count = tags.count,
	};
	for (size_t i = 0; i < tags.count; i++)
		loaded->items[i] = (struct archive_image){
			.reference = tags.items[i].reference,
			.manifest = tags.items[i].manifest,
			.id = tags.ids[i],
		};
	return 0;
}
