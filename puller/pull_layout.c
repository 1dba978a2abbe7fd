/* SPDX-License-Identifier: Apache-2.0 */
#include "puller/pull_layout.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "lib/io.h"
#include "lib/mem.h"
#include "lib/own.h"
#include "lib/tar.h"
#include "puller/resolve.h"
#include "puller/stream_blob.h"

#define LAYOUT_TEXT "{\"imageLayoutVersion\":\"1.0.0\"}"

struct layout {
	struct registry *registry;
	const struct reference *ref;
	struct progress *progress;
	struct output *out;
	struct tar_writer *tar;
	struct strv written; /* digests */
	const struct descriptor *current;
};

static int pass_archive(void *arg, const void *data, size_t len, struct err *err)
{
	struct layout *l = arg;
	int r = io_write_full(l->out->fd, data, len);

	if (r >= 0)
		return 0;
	errno = -r;
	return err_errno(err, "cannot write the archive");
}

static void layout_release(struct layout *l)
{
	tar_writer_free(l->tar);
	strv_release(&l->written);
}

static int put_header(struct layout *l, const char *path, int64_t size, struct err *err)
{
	const struct tar_entry entry = {
		.type = TAR_FILE, .path = path, .link = "", .mode = 0644, .size = (uint64_t)size};

	return tar_writer_entry(l->tar, &entry, err);
}

static int put_file(
	struct layout *l, const char *path, const void *data, size_t len, struct err *err)
{
	if (put_header(l, path, (int64_t)len, err) < 0)
		return -err->code;
	return tar_writer_data(l->tar, data, len, err);
}

/* Note a blob that is about to be written. Returns false when it is there already. */
static bool note(struct layout *l, const char *digest)
{
	if (strv_has(&l->written, digest))
		return false;
	strv_add(&l->written, digest);
	return true;
}

static void blob_path(const char *digest, char path[96])
{
	snprintf(path, 96, "blobs/sha256/%.64s", digest + DIGEST_PREFIX_LEN);
}

static int put_document(struct layout *l, const struct document *d, struct err *err)
{
	char path[96];

	if (!note(l, d->digest.text))
		return 0;
	blob_path(d->digest.text, path);
	return put_file(l, path, buf_str(&d->text), d->text.len, err);
}

static int pass_data(void *arg, const void *data, size_t len, struct err *err)
{
	struct layout *l = arg;

	return tar_writer_data(l->tar, data, len, err);
}

static void tick(void *arg, int64_t passed)
{
	struct layout *l = arg;

	progress_update(l->progress, l->current->digest,
		passed < l->current->size ? PROGRESS_DOWNLOADING : PROGRESS_DONE, passed,
		l->current->size);
	progress_tick(l->progress);
}

static int pass_blob(
	struct layout *l, struct stream_blob *b, const struct descriptor *d, struct err *err)
{
	char path[96];

	l->current = d;
	b->output = pass_data;
	b->arg = l;
	blob_path(d->digest, path);
	if (put_header(l, path, d->size, err) < 0)
		return -err->code;
	return stream_blob_pass(b, tick, err);
}

/* The blobs of a manifest that are not written yet, in order; the next one is asked for early. */
static int put_blobs(struct layout *l, const struct manifest *m, struct err *err)
{
	own_mem const struct descriptor **list = xcalloc(m->layers.count + 2, sizeof(*list));
	struct stream_blob blobs[2] = {0};
	size_t count = 0;
	int r = 0;

	if (note(l, m->config.digest))
		list[count++] = &m->config;
	for (size_t i = 0; i < m->layers.count; i++)
		if (note(l, m->layers.items[i].digest))
			list[count++] = &m->layers.items[i];
	if (count)
		stream_blob_start(&blobs[0], l->registry, list[0]);
	for (size_t i = 0; i < count && r >= 0; i++) {
		if (i + 1 < count)
			stream_blob_start(&blobs[(i + 1) % 2], l->registry, list[i + 1]);
		r = pass_blob(l, &blobs[i % 2], list[i], err);
		stream_blob_release(&blobs[i % 2]);
	}
	stream_blob_release(&blobs[0]);
	stream_blob_release(&blobs[1]);
	return r;
}

/* oci-layout, and index.json with the one entry. */
static int put_front(struct layout *l, const struct document *top, struct err *err)
{
	own_arena struct arena a = {0};
	own_buf struct buf text = {0};
	struct descriptor entry = {
		.media_type = top->media_type,
		.digest = top->digest.text,
		.size = (int64_t)top->text.len,
	};
	struct index index = {.schema_version = 2, .media_type = MEDIA_TYPE_INDEX};

	string_map_set(
		&a, &entry.annotations, ANNOTATION_REF_NAME, reference_canonical(l->ref, &a));
	index.manifests.items = &entry;
	index.manifests.count = 1;
	json_write(schema_encode(&index_schema, &index, &a), JSON_COMPACT, &text);
	if (put_file(l, "oci-layout", LAYOUT_TEXT, strlen(LAYOUT_TEXT), err) < 0)
		return -err->code;
	return put_file(l, "index.json", buf_str(&text), text.len, err);
}

static int put_image(struct layout *l, const struct document *d, struct err *err)
{
	own_arena struct arena a = {0};
	struct manifest m;

	if (manifest_parse(buf_str(&d->text), d->text.len, &m, &a, err) < 0)
		return -err->code;
	if (put_document(l, d, err) < 0)
		return -err->code;
	return put_blobs(l, &m, err);
}

/* An index, and one after the other what it holds: never more than one manifest in memory. */
static int put_index(struct layout *l, const struct document *top, struct err *err)
{
	own_arena struct arena a = {0};
	struct index index;

	if (index_parse(buf_str(&top->text), top->text.len, &index, &a, err) < 0 ||
		put_document(l, top, err) < 0)
		return -err->code;
	for (size_t i = 0; i < index.manifests.count; i++) {
		struct reference by_digest = *l->ref;
		own_document struct document d = {0};

		if (digest_parse(index.manifests.items[i].digest, &by_digest.digest, err) < 0 ||
			fetch_manifest(l->registry, &by_digest, &d, err) < 0)
			return -err->code;
		if (document_is_index(&d))
			return err_set(err, E_UNSUPPORTED, "the index holds another index");
		if (put_image(l, &d, err) < 0)
			return -err->code;
	}
	return 0;
}

static int write_layout(struct layout *l, const struct resolved *image, bool whole, struct err *err)
{
	const struct document *top = whole ? &image->top : &image->document;

	l->tar = tar_writer_new(pass_archive, l);
	if (put_front(l, top, err) < 0)
		return -err->code;
	if (document_is_index(top) ? put_index(l, top, err) < 0 : put_image(l, top, err) < 0)
		return -err->code;
	return tar_writer_finish(l->tar, err);
}

static int resolve(struct layout *l, const char *platform, bool all_platforms,
	struct resolved *image, struct err *err)
{
	if (!all_platforms)
		return resolve_manifest(l->registry, l->ref, platform, image, err);
	if (fetch_manifest(l->registry, l->ref, &image->top, err) < 0)
		return -err->code;
	if (media_type_is_index(image->top.media_type) ||
		media_type_is_manifest(image->top.media_type))
		return 0;
	free(image->top.media_type);
	image->top.media_type = xstrdup(
		document_is_index(&image->top) ? MEDIA_TYPE_INDEX : MEDIA_TYPE_MANIFEST);
	return 0;
}

int pull_to_layout(struct registry *registry, const struct reference *ref, const char *platform,
	bool all_platforms, struct output *out, struct progress *progress, struct err *err)
{
	own(layout_release) struct layout l = {
		.registry = registry, .ref = ref, .progress = progress, .out = out};
	own_resolved struct resolved image = {0};
	struct progress_result result = {.changed = true};
	const struct document *top;

	progress_start(progress, ref);
	if (resolve(&l, platform, all_platforms, &image, err) < 0 ||
		write_layout(&l, &image, all_platforms, err) < 0 || output_commit(out, err) < 0) {
		progress_stop(progress);
		return -err->code;
	}
	top = all_platforms ? &image.top : &image.document;
	result.descriptor = (struct descriptor){.media_type = top->media_type,
		.digest = top->digest.text,
		.size = (int64_t)top->text.len};
	result.digest = image.top.digest.text;
	return progress_finish(progress, &result, err);
}
