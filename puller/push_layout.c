/* SPDX-License-Identifier: Apache-2.0 */
#include "puller/push_layout.h"

#include <string.h>

#include "lib/mem.h"
#include "lib/own.h"
#include "lib/sha256.h"
#include "lib/stream.h"
#include "lib/tar.h"
#include "puller/layout_documents.h"
#include "puller/upload.h"

#define BLOB_PREFIX     "blobs/sha256/"
#define LAYOUT_FILE_MAX 4096

struct push {
	struct registry *registry;
	const struct reference *ref;
	struct progress *progress;
	struct stream *stream;
	struct tar_reader *tar;
	struct layout_documents documents;

	/* the blob that is being uploaded */
	const char *piece; /* of the archive, not yet given away */
	size_t piece_len;
	uint64_t at; /* where in the blob the next piece belongs */
	struct sha256 sha;
	struct digest digest;
	int64_t size;
};

static void push_release(struct push *p)
{
	sha256_release(&p->sha);
	tar_reader_free(p->tar);
	stream_free(p->stream);
	layout_documents_release(&p->documents);
}

/* The next bytes of the current entry. Returns their number, 0 at its end. */
static ssize_t next_piece(struct push *p, struct err *err)
{
	const void *data;
	uint64_t offset;
	ssize_t n = tar_reader_data(p->tar, &data, &offset, err);

	if (n <= 0)
		return n;
	if (offset != p->at)
		return err_set(err, E_UNSUPPORTED, "a sparse file in the archive");
	p->piece = data;
	p->piece_len = (size_t)n;
	p->at += (uint64_t)n;
	return n;
}

static int wrong_digest(const struct push *p, const char *hex, struct err *err)
{
	return err_set(err, E_DIGEST_MISMATCH,
		"the archive's blob %s has other bytes than its name says: they have sha256:%s",
		p->digest.text, hex);
}

/*
 * For the upload. The digest is checked before the last byte is given away: a wrong blob is never
 * complete at the registry.
 */
static ssize_t read_piece(void *arg, int64_t offset, void *data, size_t room, struct err *err)
{
	struct push *p = arg;
	char hex[SHA256_HEX_LEN + 1];
	size_t n;

	if (!p->piece_len && next_piece(p, err) <= 0)
		return err->code ? -err->code
				 : err_set(err, E_SIZE_MISMATCH, "the archive's blob ended early");
	n = p->piece_len < room ? p->piece_len : room;
	memcpy(data, p->piece, n);
	sha256_update(&p->sha, data, n);
	p->piece += n;
	p->piece_len -= n;
	if (offset + (int64_t)n < p->size)
		return (ssize_t)n;
	sha256_finish(&p->sha, hex);
	if (strcmp(hex, digest_hex(&p->digest)) != 0)
		return wrong_digest(p, hex, err);
	return (ssize_t)n;
}

static void tick(struct upload *u)
{
	struct push *p = u->arg;

	if (upload_sent(u) > 0)
		progress_update(
			p->progress, u->digest.text, PROGRESS_UPLOADING, upload_sent(u), u->size);
	progress_tick(p->progress);
}

/* Upload the current entry, or data when it was read already. */
static int push_blob(struct push *p, const struct buf *data, struct err *err)
{
	struct upload u = {
		.registry = p->registry,
		.digest = p->digest,
		.size = p->size,
		.arg = p,
		.read = data ? NULL : read_piece,
		.data = data ? buf_str(data) : NULL,
	};
	int r;

	if (layout_has_blob(&p->documents, p->digest.text))
		return 0;
	sha256_release(&p->sha);
	sha256_init(&p->sha);
	progress_update(p->progress, p->digest.text, PROGRESS_WAITING, 0, p->size);
	r = upload_run(&u, tick, err);
	if (r >= 0) {
		layout_note_blob(&p->documents, p->digest.text);
		progress_update(p->progress, p->digest.text,
			u.result == UPLOAD_SENT ? PROGRESS_DONE : PROGRESS_EXISTS, p->size,
			p->size);
	}
	upload_release(&u);
	return r;
}

/* Read a small entry whole, beginning with the piece that is there. Returns 0. */
static int read_entry(
	struct push *p, size_t max, const char *path, struct buf *text, struct err *err)
{
	ssize_t n;

	do {
		if (text->len + p->piece_len > max)
			return err_set(err, E_LIMIT, "the archive's '%s' is larger than %zu bytes",
				path, max);
		buf_add(text, p->piece, p->piece_len);
		p->piece_len = 0;
		n = next_piece(p, err);
	} while (n > 0);
	return n < 0 ? -err->code : 0;
}

static bool may_be_json(const struct push *p)
{
	size_t i = 0;

	while (i < p->piece_len && p->piece[i] && strchr(" \t\r\n", p->piece[i]))
		i++;
	return i < p->piece_len && p->piece[i] == '{';
}

/* A blob that may be a manifest: it is read first, and held if it is. */
static int take_document(struct push *p, const char *path, struct err *err)
{
	own_buf struct buf text = {0};
	char hex[SHA256_HEX_LEN + 1];

	if (read_entry(p, JSON_DOCUMENT_MAX, path, &text, err) < 0)
		return -err->code;
	sha256_hex(buf_str(&text), text.len, hex);
	if (strcmp(hex, digest_hex(&p->digest)) != 0)
		return wrong_digest(p, hex, err);
	if (layout_looks_like_manifest(&text))
		return layout_hold(&p->documents, &p->digest, &text, err);
	return push_blob(p, &text, err);
}

static int take_blob(struct push *p, const char *path, uint64_t size, struct err *err)
{
	own_mem char *text = xasprintf(DIGEST_PREFIX "%s", path + strlen(BLOB_PREFIX));

	if (!digest_valid(text))
		return err_set(
			err, E_SYNTAX, "the archive's '%.200s' is not named by a digest", path);
	if (digest_parse(text, &p->digest, err) < 0)
		return -err->code;
	p->size = (int64_t)size;
	if (next_piece(p, err) < 0)
		return -err->code;
	if (size <= JSON_DOCUMENT_MAX && (!size || may_be_json(p)))
		return take_document(p, path, err);
	return push_blob(p, NULL, err);
}

static int check_version(struct push *p, struct err *err)
{
	struct err ignored;
	own_arena struct arena a = {0};
	own_buf struct buf text = {0};
	const char *version;

	if (read_entry(p, LAYOUT_FILE_MAX, "oci-layout", &text, err) < 0)
		return -err->code;
	version = json_get_string(
		json_parse(&a, buf_str(&text), text.len, LAYOUT_FILE_MAX, &ignored),
		"imageLayoutVersion");
	if (!version || strncmp(version, "1.", 2) != 0)
		return err_set(err, E_UNSUPPORTED, "the archive's oci-layout is not of version 1");
	return 0;
}

static int take_index(struct push *p, struct err *err)
{
	own_buf struct buf text = {0};

	if (read_entry(p, JSON_DOCUMENT_MAX, "index.json", &text, err) < 0)
		return -err->code;
	return layout_take_index(&p->documents, &text, err);
}

static int take_entry(struct push *p, const struct tar_entry *e, struct err *err)
{
	const char *path = e->path;

	p->piece_len = 0;
	p->at = 0;
	while (strncmp(path, "./", 2) == 0)
		path += 2;
	if (e->type == TAR_DIR)
		return 0;
	if (e->type != TAR_FILE)
		return err_set(err, E_UNSUPPORTED,
			"the archive's '%.200s' is neither file nor directory", path);
	if (strcmp(path, "oci-layout") == 0)
		return check_version(p, err);
	if (strcmp(path, "index.json") == 0)
		return take_index(p, err);
	if (strncmp(path, BLOB_PREFIX, strlen(BLOB_PREFIX)) == 0)
		return take_blob(p, path, e->size, err);
	return 0;
}

static int read_archive(struct push *p, struct err *err)
{
	struct tar_entry e;
	int r;

	while ((r = tar_reader_next(p->tar, &e, err)) > 0)
		if (take_entry(p, &e, err) < 0)
			return -err->code;
	if (r < 0)
		return err_wrap(err, "the archive");
	/* whoever writes into the pipe must be able to finish */
	return stream_drain(p->stream, err) < 0 ? -err->code : 0;
}

static int check_there(struct push *p, const char *kind, const char *digest, struct err *err)
{
	int r = registry_has(p->registry, kind, digest, err);

	if (r < 0)
		return r;
	if (!r)
		return err_set(
			err, E_SYNTAX, "neither the archive nor the registry has %s", digest);
	return 0;
}

static int check_blobs(struct push *p, const struct manifest *m, struct err *err)
{
	for (size_t i = 0; i <= m->layers.count; i++) {
		const struct descriptor *d = i < m->layers.count ? &m->layers.items[i] : &m->config;

		if (!layout_has_blob(&p->documents, d->digest) &&
			check_there(p, "blobs", d->digest, err) < 0)
			return -err->code;
	}
	return 0;
}

static int put_document(struct push *p, const struct document *d, const struct descriptor *as,
	const char *name, struct err *err)
{
	if ((int64_t)d->text.len != as->size)
		return err_set(err, E_SIZE_MISMATCH,
			"%s has %zu bytes, and its descriptor says %lld", as->digest, d->text.len,
			(long long)as->size);
	return upload_manifest(
		p->registry, name, as->media_type, buf_str(&d->text), d->text.len, err);
}

/* A manifest of an index, under its digest. */
static int put_child(struct push *p, const struct descriptor *as, struct err *err)
{
	const struct document *d = layout_find(&p->documents, as->digest);
	own_arena struct arena a = {0};
	struct manifest m;

	if (!d)
		return check_there(p, "manifests", as->digest, err);
	if (manifest_parse(buf_str(&d->text), d->text.len, &m, &a, err) < 0 ||
		check_blobs(p, &m, err) < 0)
		return -err->code;
	return put_document(p, d, as, as->digest, err);
}

static int put_index(struct push *p, const struct document *d, const struct descriptor *as,
	const char *name, struct err *err)
{
	own_arena struct arena a = {0};
	struct index index;

	if (index_parse(buf_str(&d->text), d->text.len, &index, &a, err) < 0)
		return -err->code;
	for (size_t i = 0; i < index.manifests.count; i++)
		if (put_child(p, &index.manifests.items[i], err) < 0)
			return -err->code;
	return put_document(p, d, as, name, err);
}

static int put_image(struct push *p, const struct document *d, const struct descriptor *as,
	const char *name, struct err *err)
{
	own_arena struct arena a = {0};
	struct manifest m;

	if (manifest_parse(buf_str(&d->text), d->text.len, &m, &a, err) < 0 ||
		check_blobs(p, &m, err) < 0)
		return -err->code;
	return put_document(p, d, as, name, err);
}

static int put_manifests(struct push *p, struct err *err)
{
	const struct descriptor *root = layout_choose(&p->documents, p->ref, err);
	struct progress_result result = {.changed = true};
	const struct document *d;
	int r;

	if (!root)
		return -err->code;
	d = layout_find(&p->documents, root->digest);
	if (!d)
		return err_set(err, E_SYNTAX, "the archive lacks its manifest %s", root->digest);
	if (media_type_is_index(root->media_type))
		r = put_index(p, d, root, p->ref->tag, err);
	else
		r = put_image(p, d, root, p->ref->tag, err);
	if (r < 0)
		return r;
	result.descriptor = (struct descriptor){
		.media_type = root->media_type, .digest = root->digest, .size = root->size};
	result.digest = root->digest;
	return progress_finish(p->progress, &result, err);
}

int push_from_layout(int fd, struct registry *registry, const struct reference *ref,
	struct progress *progress, struct err *err)
{
	own(push_release) struct push p = {.registry = registry, .ref = ref, .progress = progress};

	p.stream = stream_inflate(stream_from_fd(fd), NULL);
	p.tar = tar_reader_new(p.stream);
	progress_start(progress, ref);
	if (read_archive(&p, err) < 0 || put_manifests(&p, err) < 0) {
		progress_stop(progress);
		return -err->code;
	}
	return 0;
}
