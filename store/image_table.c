/* SPDX-License-Identifier: Apache-2.0 */
#include "store/image_table.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/io.h"
#include "lib/key_index.h"
#include "store/store_private.h"

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

static int decode_row(struct json *item, struct table_row *row, struct arena *a, struct err *err)
{
	struct descriptor d;
	struct digest digest;

	if (schema_decode(&descriptor_schema, item, &d, a, err) < 0)
		return -err->code;
	if (digest_parse(d.digest, &digest, err) < 0)
		return schema_error_at(err, "digest");
	if (d.size < 0)
		return err_set(err, E_SYNTAX, "size: %lld is negative", (long long)d.size);
	read_entry(&d, &row->entry, a);
	return 0;
}

int image_table_parse(
	const char *text, size_t len, struct image_table *t, struct arena *a, struct err *err)
{
	const struct json *o = json_parse(a, text, len, IMAGE_TABLE_MAX, err), *list;
	int64_t version = 0;
	size_t i = 0;

	if (!o)
		return -err->code;
	list = json_get(o, "manifests");
	if (!list || list->type != JSON_ARRAY)
		return err_set(err, E_SYNTAX, "manifests: expected a list");
	if (json_int64(json_get(o, "schemaVersion"), &version) < 0 || version != 2)
		return err_set(err, E_UNSUPPORTED, "schemaVersion: expected 2");
	*t = (struct image_table){.document = o};
	json_each (item, list) {
		struct table_row *row = add_row(t, a);
		struct err why;

		row->json = item;
		if (decode_row(item, row, a, &why) < 0) {
			schema_error_at(&why, "manifests[%zu]", i);
			row->damaged = arena_strdup(a, why.msg);
		}
		i++;
	}
	return 0;
}

int image_table_read(struct store *store, struct image_table *t, struct arena *a, struct err *err)
{
	own_buf struct buf text = {0};
	int r = io_read_file(store->images, "index.json", IMAGE_TABLE_MAX, &text, err);

	if (r == 0)
		r = image_table_parse(text.data, text.len, t, a, err);
	return r < 0 ? err_wrap(err, "cannot read the image table '%s/images/index.json'",
			       store->root_path)
		     : 0;
}

struct json *image_table_encode(const struct image_table *t, struct arena *a)
{
	struct json *out = json_new_object(a), *list = json_new_array(a);

	json_each_member (member, t->document) {
		if (strcmp(member->key, "manifests") != 0)
			json_set(a, out, member->key, json_copy(a, member));
	}
	for (size_t i = 0; i < t->count; i++) {
		/* its members are shared, its place in a list is its own */
		struct json *item = arena_alloc(a, sizeof(*item));

		*item = *t->rows[i].json;
		item->key = NULL;
		item->next = NULL;
		json_append(list, item);
	}
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

/*
 * One change of many rows. Rows are the same image when they have the same manifest, or the same
 * config (however the layers are compressed), so both lead to them here.
 */
struct change {
	struct image_table *t;
	struct arena *a;
	struct key_index references;     /* row + 1 */
	struct key_index manifests, ids; /* how many rows with a reference there are */
	struct key_index bare_manifests; /* the first row + 1 without a reference, ... */
	struct key_index bare_ids;
	size_t *next_manifest, *next_id; /* ... and the next one for each row */
};

/* A row that was taken out keeps its place until the end. */
static bool is_there(const struct change *c, size_t row)
{
	return c->t->rows[row].json;
}

static void count_references(struct change *c, const struct image_entry *e, size_t n)
{
	*key_index_at(&c->manifests, e->descriptor.digest, c->a) += n;
	if (e->id.text[0])
		*key_index_at(&c->ids, e->id.text, c->a) += n;
}

static void add_bare(struct change *c, size_t row)
{
	const struct image_entry *e = &c->t->rows[row].entry;
	size_t *first = key_index_at(&c->bare_manifests, e->descriptor.digest, c->a);

	c->next_manifest[row] = *first;
	*first = row + 1;
	if (e->id.text[0]) {
		first = key_index_at(&c->bare_ids, e->id.text, c->a);
		c->next_id[row] = *first;
		*first = row + 1;
	}
}

static void register_row(struct change *c, size_t row)
{
	struct image_entry *e = &c->t->rows[row].entry;
	size_t *place;

	if (c->t->rows[row].damaged)
		return;
	if (!e->reference) {
		add_bare(c, row);
		return;
	}
	count_references(c, e, 1);
	place = key_index_at(&c->references, e->reference, c->a);
	if (!*place) /* of two with one reference, which another program wrote, the first counts */
		*place = row + 1;
}

static struct change begin(struct image_table *t, size_t more, struct arena *a)
{
	struct change c = {.t = t, .a = a};
	size_t room = t->count + more;

	c.next_manifest = arena_array(a, room + 1, sizeof(size_t));
	c.next_id = arena_array(a, room + 1, sizeof(size_t));
	for (size_t i = 0; i < t->count; i++)
		register_row(&c, i);
	return c;
}

/* The rows that were taken out go. */
static void end(struct change *c)
{
	struct image_table *t = c->t;
	size_t kept = 0;

	for (size_t i = 0; i < t->count; i++)
		if (is_there(c, i))
			t->rows[kept++] = t->rows[i];
	t->count = kept;
}

static bool find_reference(const struct change *c, const char *reference, size_t *row)
{
	size_t place = reference ? key_index_get(&c->references, reference) : 0;

	*row = place - 1;
	return place;
}

static void drop(struct change *c, size_t row)
{
	struct image_entry *e = &c->t->rows[row].entry;

	if (e->reference) {
		count_references(c, e, (size_t)-1);
		*key_index_at(&c->references, e->reference, c->a) = 0;
	}
	c->t->rows[row].json = NULL;
}

/* How many rows of the same image have a reference? At least. */
static size_t named(const struct change *c, const struct image_entry *e)
{
	size_t by_manifest = key_index_get(&c->manifests, e->descriptor.digest);
	size_t by_id = e->id.text[0] ? key_index_get(&c->ids, e->id.text) : 0;

	return by_manifest > by_id ? by_manifest : by_id;
}

/* Is there a row of the same image without a reference? Rows that are gone leave the list. */
static bool has_bare(
	const struct change *c, struct key_index *firsts, const size_t *next, const char *key)
{
	size_t *first;

	if (!key_index_get(firsts, key))
		return false;
	first = key_index_at(firsts, key, c->a);
	while (*first && !is_there(c, *first - 1))
		*first = next[*first - 1];
	return *first;
}

/* The row loses its reference; one that has a sibling goes. */
static void strip_reference(struct change *c, size_t row)
{
	struct table_row *r = &c->t->rows[row];
	struct image_entry entry = r->entry;

	if (named(c, &entry) > 1 ||
		has_bare(c, &c->bare_manifests, c->next_manifest, entry.descriptor.digest) ||
		(entry.id.text[0] && has_bare(c, &c->bare_ids, c->next_id, entry.id.text))) {
		drop(c, row);
		return;
	}
	drop(c, row);
	r->entry.reference = NULL;
	r->json = encode_entry(&r->entry, c->a);
	add_bare(c, row);
}

/* What the registry calls it stays known. */
static void inherit(struct image_entry *new, const struct image_entry *old)
{
	if (!new->repo_name && same_manifest(old, new)) {
		new->repo_name = old->repo_name;
		new->repo_digest = old->repo_digest;
	}
}

/* Rows of the same image without a reference go, now that one comes. */
static void take_bare(struct change *c, struct key_index *firsts, const size_t *next,
	const char *key, struct image_entry *new)
{
	size_t *first;

	if (!key_index_get(firsts, key))
		return;
	first = key_index_at(firsts, key, c->a);
	for (size_t place = *first; place; place = next[place - 1]) {
		if (!is_there(c, place - 1))
			continue;
		inherit(new, &c->t->rows[place - 1].entry);
		drop(c, place - 1);
	}
	*first = 0;
}

static void set_one(struct change *c, struct image_entry new)
{
	struct table_row *row;
	size_t i;

	if (find_reference(c, new.reference, &i)) {
		inherit(&new, &c->t->rows[i].entry);
		if (same_manifest(&c->t->rows[i].entry, &new))
			drop(c, i);
		else
			strip_reference(c, i);
	}
	take_bare(c, &c->bare_manifests, c->next_manifest, new.descriptor.digest, &new);
	if (new.id.text[0])
		take_bare(c, &c->bare_ids, c->next_id, new.id.text, &new);
	if (!new.reference && named(c, &new))
		return; /* it has a name: no need for an entry without */
	row = add_row(c->t, c->a);
	row->entry = new;
	row->json = encode_entry(&new, c->a);
	register_row(c, c->t->count - 1);
}

void image_table_set(
	struct image_table *t, const struct image_entry *entries, size_t count, struct arena *a)
{
	struct change c = begin(t, count, a);

	for (size_t i = 0; i < count; i++)
		set_one(&c, entries[i]);
	end(&c);
}

const char *image_table_unset(struct image_table *t, const struct strings *references,
	bool keep_untagged, struct arena *a)
{
	struct change c = begin(t, 0, a);
	const char *missing = NULL;

	for (size_t i = 0; i < references->count; i++) {
		size_t row;

		if (!find_reference(&c, references->items[i], &row))
			missing = missing ? missing : references->items[i];
		else if (keep_untagged)
			strip_reference(&c, row);
		else
			drop(&c, row);
	}
	end(&c);
	return missing;
}

size_t image_table_drop(
	struct image_table *t, bool (*wanted)(const struct table_row *row, void *arg), void *arg)
{
	size_t kept = 0, before = t->count;

	for (size_t i = 0; i < before; i++)
		if (!wanted(&t->rows[i], arg))
			t->rows[kept++] = t->rows[i];
	t->count = kept;
	return before - kept;
}
