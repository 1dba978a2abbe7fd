/* SPDX-License-Identifier: Apache-2.0 */
/*
 * docker's save format: manifest.json, HEX.json (config), HEX.tar (layers, uncompressed, called by
 * their diff_ids, which is what "docker load" and "podman load" compare).
 */
#include <string.h>

#include "lib/json.h"
#include "lib/own.h"
#include "store/archive_writer.h"
#include "store/blob.h"
#include "store/inflated.h"
#include "store/layer_store.h"

static struct json *describe(struct archive_writer *w, const struct image *image)
{
	struct arena *a = w->arena;
	struct json *o = json_new_object(a), *tags = json_new_array(a), *layers = json_new_array(a);
	const struct strings *ids = &image->config.rootfs.diff_ids;
	struct reference ref;
	struct err ignored;

	json_set_string(a, o, "Config", arena_printf(a, "%s.json", digest_hex(&image->entry.id)));
	for (size_t i = 0; i < w->count; i++)
		if (w->named[i] && digest_equal(&w->images[i].entry.id, &image->entry.id) &&
			reference_parse(w->images[i].entry.reference, &ref, a, &ignored) == 0)
			json_append(tags, json_new_string(a, reference_familiar(&ref, a)));
	if (tags->count)
		json_set(a, o, "RepoTags", tags);
	else
		json_set(a, o, "RepoTags", json_new_null(a));
	for (size_t i = 0; i < ids->count; i++)
		json_append(layers,
			json_new_string(
				a, arena_printf(a, "%s.tar", ids->items[i] + DIGEST_PREFIX_LEN)));
	json_set(a, o, "Layers", layers);
	return o;
}

static int write_manifest(struct archive_writer *w, struct err *err)
{
	own_buf struct buf text = {0};
	struct key_index seen = {0};
	struct json *list = json_new_array(w->arena);

	for (size_t i = 0; i < w->count; i++) {
		if ((*key_index_at(&seen, w->images[i].entry.id.text, w->arena))++)
			continue;
		json_append(list, describe(w, &w->images[i]));
	}
	json_write(list, JSON_COMPACT, &text);
	return archive_write_file(w, "manifest.json", text.data, text.len, err);
}

static int write_config(struct archive_writer *w, const struct image *image, struct err *err)
{
	own_buf struct buf text = {0};
	int r;

	if (archive_is_written(w, &image->entry.id))
		return 0;
	r = blob_read(w->store, &image->entry.id, JSON_DOCUMENT_MAX, &text, err);
	return r < 0 ? r
		     : archive_write_file(w,
			       arena_printf(w->arena, "%s.json", digest_hex(&image->entry.id)),
			       text.data, text.len, err);
}

/* A tar's header comes before its data, so the size is found out first where it is not known. */
static int uncompressed_size(struct archive_writer *w, const struct digest *blob,
	const struct digest *diff_id, int64_t *size, struct err *err)
{
	own_stream struct stream *in = NULL;
	struct err unknown;

	if (layer_store_size(w->store, diff_id, size, &unknown) == 0)
		return 0;
	in = blob_inflated(w->store, blob, err);
	if (!in)
		return -err->code;
	*size = stream_drain(in, err);
	return *size < 0 ? -err->code : 0;
}

static int write_layer(
	struct archive_writer *w, const char *blob_text, const char *diff_id_text, struct err *err)
{
	own_stream struct stream *in = NULL;
	struct digest blob, diff_id;
	int64_t size;
	int r = digest_parse(diff_id_text, &diff_id, err);

	if (r == 0)
		r = digest_parse(blob_text, &blob, err);
	if (r < 0 || archive_is_written(w, &diff_id))
		return r;
	r = uncompressed_size(w, &blob, &diff_id, &size, err);
	if (r < 0)
		return r;
	in = blob_inflated(w->store, &blob, err);
	if (!in)
		return -err->code;
	return archive_write_stream(
		w, arena_printf(w->arena, "%s.tar", digest_hex(&diff_id)), in, size, &diff_id, err);
}

int archive_write_docker(struct archive_writer *w, struct err *err)
{
	int r = write_manifest(w, err);

	for (size_t i = 0; r == 0 && i < w->count; i++) {
		const struct image *image = &w->images[i];

		r = write_config(w, image, err);
		for (size_t k = 0; r == 0 && k < image->manifest.layers.count; k++)
			r = write_layer(w, image->manifest.layers.items[k].digest,
				image->config.rootfs.diff_ids.items[k], err);
	}
	return r;
}
