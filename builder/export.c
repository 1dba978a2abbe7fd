/* SPDX-License-Identifier: Apache-2.0 */
#include "builder/export.h"

#include <string.h>

#include "builder/build_step.h"
#include "builder/cache.h"
#include "builder/commit.h"
#include "lib/own.h"
#include "store/blob.h"
#include "store/image.h"

static void add_labels(struct stage *s)
{
	const struct strv *labels = &s->build->options->labels;

	for (size_t i = 0; i < labels->count; i++) {
		size_t n = strcspn(labels->items[i], "=");
		const char *name = arena_strndup(&s->build->arena, labels->items[i], n);

		stage_set_label(s, name, labels->items[i][n] ? labels->items[i] + n + 1 : "");
	}
}

/*
 * The time of the image and of instructions that made no layer: when this very config was first
 * written, so that a build which is CACHED throughout gives the same image again.
 */
static int set_times(struct stage *s, struct err *err)
{
	struct build *b = s->build;
	own_buf struct buf text = {0};
	struct cache_key key;
	struct cache_entry e = {0};
	int found;

	s->config.created = NULL;
	json_write(schema_encode(&image_config_schema, &s->config, &b->arena), JSON_COMPACT, &text);
	cache_key_begin(&key, s, "config");
	cache_key_add(&key, buf_str(&text));
	cache_key_add(&key, b->has_epoch ? step_time(s) : NULL);
	cache_key_end(&key);
	found = cache_find(b, &key, &e, err);
	if (found < 0)
		return found;
	if (!found) {
		e = (struct cache_entry){.created = step_time(s)};
		if (cache_add(b, &key, &e, err) < 0)
			return -err->code;
	}
	s->config.created = e.created;
	for (size_t i = 0; i < s->config.history.count; i++)
		if (!s->config.history.items[i].created)
			s->config.history.items[i].created = e.created;
	return 0;
}

static int put_document(struct stage *s, const struct schema *schema, const void *document,
	struct store_batch *batch, const char *media_type, struct descriptor *out, struct err *err)
{
	own_buf struct buf text = {0};
	struct digest digest;

	json_write(schema_encode(schema, document, &s->build->arena), JSON_COMPACT, &text);
	if (text.len > JSON_DOCUMENT_MAX)
		return err_set(err, E_LIMIT, "the image's documents are longer than %u bytes",
			JSON_DOCUMENT_MAX);
	if (blob_put(s->build->store, batch, buf_str(&text), text.len, &digest, err) < 0)
		return -err->code;
	*out = (struct descriptor){
		.media_type = media_type,
		.digest = arena_strdup(&s->build->arena, digest.text),
		.size = (int64_t)text.len,
	};
	return 0;
}

static int put_image(
	struct stage *s, struct descriptor *manifest, struct digest *id, struct err *err)
{
	own_batch struct store_batch *batch = store_batch_new(s->build->store);
	struct manifest m = {.schema_version = 2, .media_type = MEDIA_TYPE_MANIFEST};

	s->config.rootfs.type = "layers";
	s->config.rootfs.diff_ids = stage_diff_ids(s);
	if (set_times(s, err) < 0 ||
		put_document(s, &image_config_schema, &s->config, batch, MEDIA_TYPE_CONFIG,
			&m.config, err) < 0)
		return -err->code;
	m.layers.items = arena_array(&s->build->arena, s->layers.count, sizeof(*m.layers.items));
	for (size_t i = 0; i < s->layers.count; i++)
		m.layers.items[i] = s->layers.items[i].blob;
	m.layers.count = s->layers.count;
	if (put_document(s, &manifest_schema, &m, batch, MEDIA_TYPE_MANIFEST, manifest, err) < 0)
		return -err->code;
	memcpy(id->text, m.config.digest, sizeof(id->text));
	return store_batch_publish(batch, err);
}

static int tag(struct stage *s, const struct descriptor *manifest, struct err *err)
{
	struct build *b = s->build;
	const struct strv *tags = &b->options->tags;
	size_t count = tags->count ? tags->count : 1;
	struct image_tagging *list = arena_array(&b->arena, count, sizeof(*list));

	for (size_t i = 0; i < count; i++) {
		struct reference ref;

		if (digest_parse(manifest->digest, &list[i].manifest, err) < 0)
			return -err->code;
		list[i].media_type = MEDIA_TYPE_MANIFEST;
		if (!tags->count)
			break; /* kept without a tag */
		if (reference_parse(tags->items[i], &ref, &b->arena, err) < 0)
			return -err->code;
		list[i].reference = reference_canonical(&ref, &b->arena);
	}
	if (image_tag(b->store, list, count, err) < 0)
		return -err->code;
	for (size_t i = 0; i < tags->count; i++)
		report_note(&b->report, "naming to %s done", list[i].reference);
	return 0;
}

int export_image(struct stage *s, struct descriptor *manifest, struct digest *id, struct err *err)
{
	struct build *b = s->build;

	report_begin(&b->report, "exporting to image");
	add_labels(s);
	if (commit_missing_blobs(s, err) < 0) {
		report_error(&b->report, err);
		return -err->code;
	}
	report_note(&b->report, "exporting layers done");
	if (put_image(s, manifest, id, err) < 0) {
		report_error(&b->report, err);
		return -err->code;
	}
	report_note(&b->report, "writing image %s done", id->text);
	if (tag(s, manifest, err) < 0) {
		report_error(&b->report, err);
		return -err->code;
	}
	report_done(&b->report);
	return 0;
}
