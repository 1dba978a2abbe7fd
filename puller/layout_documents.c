/* SPDX-License-Identifier: Apache-2.0 */
#include "puller/layout_documents.h"

#include <string.h>

#include "lib/json.h"
#include "lib/mem.h"
#include "lib/own.h"

void layout_documents_release(struct layout_documents *d)
{
	for (size_t i = 0; i < d->count; i++)
		document_release(&d->held[i]);
	free(d->held);
	strv_release(&d->blobs);
	arena_release(&d->arena);
}

int layout_take_index(struct layout_documents *d, const struct buf *text, struct err *err)
{
	if (d->have_index)
		return err_set(err, E_SYNTAX, "the archive has index.json twice");
	if (index_parse(buf_str(text), text->len, &d->index, &d->arena, err) < 0)
		return err_wrap(err, "index.json");
	d->have_index = true;
	return 0;
}

bool layout_looks_like_manifest(const struct buf *text)
{
	struct err ignored;
	own_arena struct arena a = {0};
	const char *s = buf_str(text);
	struct json *o;

	/* most blobs are told apart by their first byte */
	if (s[strspn(s, " \t\r\n")] != '{')
		return false;
	o = json_parse(&a, s, text->len, JSON_DOCUMENT_MAX, &ignored);
	return json_get(o, "schemaVersion") && (json_get(o, "layers") || json_get(o, "manifests"));
}

int layout_hold(
	struct layout_documents *d, const struct digest *digest, struct buf *text, struct err *err)
{
	if (layout_find(d, digest->text))
		return 0;
	if (d->bytes + text->len > HELD_MAX)
		return err_set(
			err, E_LIMIT, "the archive's manifests are larger than %u bytes", HELD_MAX);
	d->held = xreallocarray(d->held, d->count + 1, sizeof(*d->held));
	d->held[d->count++] = (struct document){.digest = *digest, .text = *text};
	d->bytes += text->len;
	*text = (struct buf){0};
	return 0;
}

const struct document *layout_find(const struct layout_documents *d, const char *digest)
{
	for (size_t i = 0; i < d->count; i++)
		if (strcmp(d->held[i].digest.text, digest) == 0)
			return &d->held[i];
	return NULL;
}

const struct descriptor *layout_choose(
	const struct layout_documents *d, const struct reference *ref, struct err *err)
{
	own_arena struct arena a = {0};
	const char *canonical = reference_canonical(ref, &a);

	if (!d->have_index) {
		err_set(err, E_SYNTAX, "the archive is no OCI layout: it has no index.json");
		return NULL;
	}
	if (d->index.manifests.count == 1)
		return &d->index.manifests.items[0];
	for (size_t i = 0; i < d->index.manifests.count; i++) {
		const struct descriptor *entry = &d->index.manifests.items[i];
		const char *name = string_map_get(&entry->annotations, ANNOTATION_REF_NAME);

		if (name && strcmp(name, canonical) == 0)
			return entry;
	}
	err_set(err, E_NOT_FOUND, "the archive has %zu images, and none is named '%s'",
		d->index.manifests.count, canonical);
	return NULL;
}

void layout_note_blob(struct layout_documents *d, const char *digest)
{
	strv_add(&d->blobs, digest);
}

bool layout_has_blob(const struct layout_documents *d, const char *digest)
{
	return strv_has(&d->blobs, digest);
}
