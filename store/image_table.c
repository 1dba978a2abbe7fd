/* SPDX-License-Identifier: Apache-2.0 */
#include "store/image_table.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/io.h"

/* A reference as another program may have written it ("3.20", "alpine:3.20"), or NULL. */
static const char *canonical(const char *text, struct arena *a)
{
	struct reference ref;
	struct err ignored;

	if (!text || reference_parse(text, &ref, a, &ignored) < 0)
		return NULL;
	return reference_canonical(&ref, a);
}

static int64_t number(const char *text)
{
	char *end;
	long long n;

	if (!text)
		return 0;
	errno = 0;
	n = strtoll(text, &end, 10);
	return errno || *end || n < 0 ? 0 : n;
}

static void read_entry(const struct descriptor *d, struct image_entry *e, struct arena *a)
{
	const struct string_map *map = &d->annotations;
	const char *id = string_map_get(map, ANNOTATION_IMAGE_ID);

	*e = (struct image_entry){
		.reference = canonical(string_map_get(map, ANNOTATION_REF_NAME), a),
		.descriptor = *d,
		.size = number(string_map_get(map, ANNOTATION_IMAGE_SIZE)),
		.unpacked_size = number(string_map_get(map, ANNOTATION_IMAGE_UNPACKED)),
		.created = string_map_get(map, ANNOTATION_IMAGE_CREATED),
		.repo_name = string_map_get(map, ANNOTATION_REPO_NAME),
		.repo_digest = string_map_get(map, ANNOTATION_REPO_DIGEST),
	};
	if (id && digest_valid(id))
		memcpy(e->id.text, id, sizeof(e->id.text));
	if (!e->repo_name || !e->repo_digest || !digest_valid(e->repo_digest))
		e->repo_name = e->repo_digest = NULL;
}

static struct table_row *add_row(struct image_table *t, struct arena *a)
{
	if (t->count == t->cap) {
		size_t cap = t->cap ? 2 * t->cap : 64;
		struct table_row *rows = arena_array(a, cap, sizeof(*rows));

		if (t->count)
			memcpy(rows, t->rows, t->count * sizeof(*rows));
		t->rows = rows;
		t->cap = cap;
	}
	return &t->rows[t->count++];
}

int image_table_parse(
	const char *text, size_t len, struct image_table *t, struct arena *a, struct err *err)
{
	struct index index;
	size_t i = 0;
	int r = index_parse(text, len, &index, a, err);

	if (r < 0)
		return r;
	*t = (struct image_table){.document = index.source};
	json_each (item, json_get(index.source, "manifests")) {
		struct table_row *row = add_row(t, a);

		row->json = item;
		read_entry(&index.manifests.items[i++], &row->entry, a);
	}
	return 0;
}

int image_table_read(struct store *store, struct image_table *t, struct arena *a, struct err *err)
{
	own_buf struct buf text = {0};
	int r = io_read_file(store->images, "index.json", JSON_DOCUMENT_MAX, &text, err);

	if (r == 0)
		r = image_table_parse(text.data, text.len, t, a, err);
	return r < 0 ? err_wrap(err, "cannot read the image table '%s/images/index.json'",
			       store->root_path)
		     : 0;
}

struct json *image_table_encode(const struct image_table *t, struct arena *a)
{
	struct json *out = json_new_object(a), *list = json_new_array(a);

	json_each (member, t->document) {
		if (strcmp(member->key, "manifests") != 0)
			json_set(a, out, member->key, json_copy(a, member));
	}
	for (size_t i = 0; i < t->count; i++)
		json_append(list, json_copy(a, t->rows[i].json));
	json_set(a, out, "manifests", list);
	return out;
}

/* The entry's descriptor with its annotations; those of others are kept. */
static struct json *encode_entry(const struct image_entry *e, struct arena *a)
{
	struct descriptor d = e->descriptor;
	struct string_map map = {0};

	for (size_t i = 0; i < d.annotations.count; i++)
		if (strcmp(d.annotations.items[i].key, ANNOTATION_REF_NAME) != 0)
			string_map_set(
				a, &map, d.annotations.items[i].key, d.annotations.items[i].value);
	if (e->reference)
		string_map_set(a, &map, ANNOTATION_REF_NAME, e->reference);
	if (e->id.text[0]) {
		string_map_set(a, &map, ANNOTATION_IMAGE_ID, e->id.text);
		string_map_set(
			a, &map, ANNOTATION_IMAGE_SIZE, arena_printf(a, "%" PRId64, e->size));
	}
	if (e->unpacked_size)
		string_map_set(a, &map, ANNOTATION_IMAGE_UNPACKED,
			arena_printf(a, "%" PRId64, e->unpacked_size));
	if (e->created)
		string_map_set(a, &map, ANNOTATION_IMAGE_CREATED, e->created);
	if (e->repo_name) {
		string_map_set(a, &map, ANNOTATION_REPO_NAME, e->repo_name);
		string_map_set(a, &map, ANNOTATION_REPO_DIGEST, e->repo_digest);
	}
	d.annotations = map;
	return schema_encode(&descriptor_schema, &d, a);
}

static bool same_manifest(const struct image_entry *a, const struct image_entry *b)
{
	return strcmp(a->descriptor.digest, b->descriptor.digest) == 0;
}

/* The same config: one image, however its layers are compressed. */
static bool same_image(const struct image_entry *a, const struct image_entry *b)
{
	return same_manifest(a, b) || (a->id.text[0] && digest_equal(&a->id, &b->id));
}

/* Is there another row of the same image? */
static bool has_sibling(const struct image_table *t, size_t row)
{
	for (size_t i = 0; i < t->count; i++)
		if (i != row && same_image(&t->rows[i].entry, &t->rows[row].entry))
			return true;
	return false;
}

static bool find_reference(const struct image_table *t, const char *reference, size_t *row)
{
	for (size_t i = 0; reference && i < t->count; i++) {
		const char *name = t->rows[i].entry.reference;

		if (name && strcmp(name, reference) == 0) {
			*row = i;
			return true;
		}
	}
	return false;
}

void image_table_drop(struct image_table *t, size_t i)
{
	memmove(&t->rows[i], &t->rows[i + 1], (t->count - i - 1) * sizeof(*t->rows));
	t->count--;
}

/* The row loses its reference. */
static void strip_reference(struct image_table *t, size_t i, struct arena *a)
{
	if (has_sibling(t, i)) {
		image_table_drop(t, i);
		return;
	}
	t->rows[i].entry.reference = NULL;
	t->rows[i].json = encode_entry(&t->rows[i].entry, a);
}

void image_table_set(struct image_table *t, const char *reference, const struct image_entry *entry,
	struct arena *a)
{
	struct image_entry new = *entry;
	struct table_row *row;
	size_t i;

	new.reference = reference;
	if (find_reference(t, reference, &i)) {
		const struct image_entry *old = &t->rows[i].entry;

		if (same_manifest(old, &new) && !new.repo_name) {
			new.repo_name = old->repo_name;
			new.repo_digest = old->repo_digest;
		}
		if (same_manifest(old, &new))
			image_table_drop(t, i);
		else
			strip_reference(t, i, a);
	}
	for (i = 0; i < t->count; i++) {
		const struct image_entry *old = &t->rows[i].entry;

		if (!same_image(old, &new))
			continue;
		if (!reference && old->reference)
			return; /* it has a tag: no need for an entry without */
		if (old->reference)
			continue;
		if (!new.repo_name && same_manifest(old, &new)) {
			new.repo_name = old->repo_name;
			new.repo_digest = old->repo_digest;
		}
		image_table_drop(t, i--);
	}
	row = add_row(t, a);
	row->entry = new;
	row->json = encode_entry(&new, a);
}

bool image_table_unset(
	struct image_table *t, const char *reference, bool keep_untagged, struct arena *a)
{
	size_t i;

	if (!find_reference(t, reference, &i))
		return false;
	if (keep_untagged)
		strip_reference(t, i, a);
	else
		image_table_drop(t, i);
	return true;
}
