/* SPDX-License-Identifier: Apache-2.0 */
#include "store/image.h"

#include <string.h>

#include "store/blob.h"
#include "store/image_table.h"
#include "store/store_private.h"

/* The documents of a manifest's descriptor; an index leads to this platform's manifest. */
static int read_documents(struct store *store, const struct descriptor *d, struct image *image,
	struct arena *a, struct err *err)
{
	own_buf struct buf text = {0};
	struct digest digest;
	int r = digest_parse(d->digest, &digest, err);

	if (r == 0)
		r = blob_read(store, &digest, JSON_DOCUMENT_MAX, &text, err);
	if (r < 0)
		return r;
	if (media_type_is_index(d->media_type)) {
		struct index index;
		const struct descriptor *chosen;

		r = index_parse(text.data, text.len, &index, a, err);
		if (r < 0)
			return r;
		chosen = index_choose(&index, NULL, err);
		if (!chosen)
			return -err->code;
		if (media_type_is_index(chosen->media_type))
			return err_set(
				err, E_UNSUPPORTED, "index %s holds another index", d->digest);
		return read_documents(store, chosen, image, a, err);
	}
	r = manifest_parse(text.data, text.len, &image->manifest, a, err);
	if (r < 0)
		return r;
	image->entry.descriptor = *d;
	buf_reset(&text);
	r = digest_parse(image->manifest.config.digest, &digest, err);
	if (r == 0)
		r = blob_read(store, &digest, JSON_DOCUMENT_MAX, &text, err);
	if (r == 0)
		r = image_config_parse(text.data, text.len, &image->config, a, err);
	if (r < 0)
		return r;
	image->entry.id = digest;
	image->manifest_json = image->manifest.source;
	image->config_json = image->config.source;
	return 0;
}

static int64_t blobs_size(const struct manifest *m)
{
	int64_t size = m->config.size;

	/* manifest_parse() has checked that the sum does not overflow */
	for (size_t i = 0; i < m->layers.count; i++)
		size += m->layers.items[i].size;
	return size;
}

int image_read(struct store *store, const struct image_entry *entry, struct image *image,
	struct arena *a, struct err *err)
{
	struct image read = {.entry = *entry};
	int r = read_documents(store, &entry->descriptor, &read, a, err);

	if (r == 0 && read.config.rootfs.diff_ids.count != read.manifest.layers.count)
		r = err_set(err, E_SYNTAX, "%zu layers, but the config has %zu diff_ids",
			read.manifest.layers.count, read.config.rootfs.diff_ids.count);
	if (r < 0)
		return err_wrap(err, "image '%s'",
			entry->reference ? entry->reference : entry->descriptor.digest);
	read.entry.size = blobs_size(&read.manifest);
	if (!read.entry.created)
		read.entry.created = read.config.created;
	*image = read;
	return 0;
}

/* Fill in what another program did not write beside its entry. */
static int complete(
	struct store *store, struct image_entry *entry, struct arena *a, struct err *err)
{
	struct image image;
	int r;

	if (entry->id.text[0])
		return 0;
	r = image_read(store, entry, &image, a, err);
	if (r == 0)
		*entry = image.entry;
	return r;
}

int image_list(struct store *store, struct image_list *list, struct arena *a, struct err *err)
{
	struct image_table t;
	int r = image_table_read(store, &t, a, err);

	if (r < 0)
		return r;
	*list = (struct image_list){.items = arena_array(a, t.count + 1, sizeof(*list->items))};
	for (size_t i = 0; i < t.count; i++) {
		struct err ignored;

		if (t.rows[i].damaged) {
			strings_add(a, &list->damaged,
				arena_printf(a, "'%s/images/index.json' has a damaged entry: %s",
					store->root_path, t.rows[i].damaged));
			continue;
		}
		/* not an image, or for another platform: it is no image of ours */
		if (complete(store, &t.rows[i].entry, a, &ignored) == 0)
			list->items[list->count++] = t.rows[i].entry;
	}
	return 0;
}

static const char *strip_algorithm(const char *text)
{
	return strncmp(text, DIGEST_PREFIX, DIGEST_PREFIX_LEN) == 0 ? text + DIGEST_PREFIX_LEN
								    : text;
}

static bool is_hex(const char *text)
{
	size_t n = strlen(text);

	return n && n <= DIGEST_HEX_LEN && strspn(text, "0123456789abcdef") == n;
}

/* "registry/repository" is where the entry's reference or its digest comes from. */
static bool of_repository(const struct image_entry *e, const char *name)
{
	size_t n = strlen(name);

	if (e->repo_name && strcmp(e->repo_name, name) == 0)
		return true;
	return e->reference && strncmp(e->reference, name, n) == 0 &&
		(e->reference[n] == ':' || e->reference[n] == '@');
}

static bool matches_reference(const struct image_entry *e, const struct reference *ref,
	const char *canonical, const char *name)
{
	if (!ref->digest.text[0])
		return e->reference && strcmp(e->reference, canonical) == 0;
	if (!of_repository(e, name))
		return false;
	return strcmp(e->descriptor.digest, ref->digest.text) == 0 ||
		(e->repo_digest && strcmp(e->repo_digest, ref->digest.text) == 0);
}

static const struct image_entry *find_reference(
	const struct image_list *list, const char *text, struct arena *a, struct err *err)
{
	struct reference ref;
	const char *canonical, *name;

	if (reference_parse(text, &ref, a, err) < 0)
		return NULL;
	canonical = reference_canonical(&ref, a);
	name = arena_printf(a, "%s/%s", ref.registry, ref.repository);
	for (size_t i = 0; i < list->count; i++)
		if (matches_reference(&list->items[i], &ref, canonical, name))
			return &list->items[i];
	err_set(err, E_NOT_FOUND, "there is no image '%s'", reference_familiar(&ref, a));
	return NULL;
}

/* By image ID, a prefix of one, or a manifest's digest. NULL: none; *ambiguous: more than one. */
static const struct image_entry *find_id(
	const struct image_list *list, const char *hex, bool *ambiguous)
{
	const struct image_entry *found = NULL;
	size_t n = strlen(hex);

	for (size_t i = 0; i < list->count; i++) {
		const struct image_entry *e = &list->items[i];

		if (n == DIGEST_HEX_LEN && strcmp(strip_algorithm(e->descriptor.digest), hex) == 0)
			return e;
		if (strncmp(digest_hex(&e->id), hex, n) != 0)
			continue;
		if (found && !digest_equal(&found->id, &e->id))
			*ambiguous = true;
		else if (!found)
			found = e;
	}
	return *ambiguous ? NULL : found;
}

int image_list_find(const struct image_list *list, const char *text, struct image_entry *entry,
	struct arena *a, struct err *err)
{
	const char *hex = strip_algorithm(text);
	const struct image_entry *found = NULL;
	bool ambiguous = false;

	err->code = 0;
	/* a name wins over an ID's prefix, as with docker; 64 digits are never a name */
	if (!digest_valid(text) && strlen(hex) != DIGEST_HEX_LEN)
		found = find_reference(list, text, a, err);
	if (!found && is_hex(hex))
		found = find_id(list, hex, &ambiguous);
	if (ambiguous)
		return err_set(err, E_USAGE, "image ID '%s' is ambiguous: give more digits", text);
	if (!found)
		return err->code ? -err->code
				 : err_set(err, E_NOT_FOUND, "there is no image '%s'", text);
	*entry = *found;
	return 0;
}

int image_lookup(struct store *store, const char *text, struct image_entry *entry, struct arena *a,
	struct err *err)
{
	struct image_list list;
	int r = image_list(store, &list, a, err);

	return r < 0 ? r : image_list_find(&list, text, entry, a, err);
}

int image_find(struct store *store, const char *text, struct image *image, struct arena *a,
	struct err *err)
{
	struct image_entry entry;
	int r = image_lookup(store, text, &entry, a, err);

	return r < 0 ? r : image_read(store, &entry, image, a, err);
}
