/* SPDX-License-Identifier: Apache-2.0 */
#include "store/archive/archive_scan.h"

#include <stdlib.h>
#include <string.h>

#include "lib/json.h"
#include "lib/own.h"
#include "lib/path.h"
#include "lib/tar.h"
#include "spec/image.h"

#define BLOB_PREFIX      "blobs/sha256/"
#define LAYOUT_MAX       4096
#define REPOSITORIES_MAX (1u << 20)
#define MAGIC_LEN        4

void archive_scan_release(struct archive_scan *scan)
{
	buf_release(&scan->index);
	buf_release(&scan->docker_manifest);
	buf_release(&scan->repositories);
}

const struct archive_file *archive_scan_find(const struct archive_scan *scan, const char *name)
{
	own_mem char *clean = path_clean(name);

	/* a link may lead to a link; in a circle it leads nowhere */
	for (int hops = 0; hops < 8; hops++) {
		size_t place = key_index_get(&scan->places, clean);
		const struct archive_file *found = place ? &scan->files[place - 1] : NULL;

		if (!found || !found->link)
			return found;
		free(clean);
		clean = xstrdup(found->link);
	}
	return NULL;
}

int archive_scan_document(
	struct archive_scan *scan, const struct digest *digest, struct buf *out, struct err *err)
{
	return scan->taker->document(scan->taker->arg, digest, out, err);
}

int archive_scan_image(
	struct archive_scan *scan, const struct archive_claim *claim, struct err *err)
{
	scan->images++;
	return scan->taker->image(scan->taker->arg, claim, err);
}

int archive_scan_put(struct archive_scan *scan, const void *data, size_t len, struct digest *digest,
	struct err *err)
{
	const struct archive_taker *t = scan->taker;
	int r = t->begin(t->arg, NULL, len, err);

	if (r == 0)
		r = t->data(t->arg, data, len, err);
	return r == 0 ? t->end(t->arg, digest, err) : r;
}

static int add_file(struct archive_scan *scan, const struct archive_file *file, struct err *err)
{
	if (scan->count == ARCHIVE_FILES_MAX)
		return err_set(err, E_LIMIT,
			"the archive has more than %d files: is it one of images?",
			ARCHIVE_FILES_MAX);
	if (scan->count == scan->cap) {
		size_t cap = scan->cap ? 2 * scan->cap : 64;
		struct archive_file *files = arena_array(scan->arena, cap, sizeof(*files));

		if (scan->count)
			memcpy(files, scan->files, scan->count * sizeof(*files));
		scan->files = files;
		scan->cap = cap;
	}
	scan->files[scan->count++] = *file;
	*key_index_at(&scan->places, file->name, scan->arena) = scan->count;
	return 0;
}

/* Where a file's bytes go, with its holes filled. */
struct sink {
	int (*put)(void *arg, const void *data, size_t len, struct err *err);
	void *arg;
	int pipe; /* behind put(), for bytes that need not be seen; -1: none */
};

static int copy_hole(
	struct archive_scan *scan, uint64_t len, const struct sink *to, struct err *err)
{
	static const char zeros[4096];
	int r = 0;

	if (len > ARCHIVE_HOLES_MAX - scan->holes)
		return err_set(err, E_LIMIT,
			"more than %u MiB of holes in sparse files: make the archive without them",
			ARCHIVE_HOLES_MAX >> 20);
	scan->holes += len;
	for (; r == 0 && len; len -= len < sizeof(zeros) ? len : sizeof(zeros))
		r = to->put(to->arg, zeros, len < sizeof(zeros) ? (size_t)len : sizeof(zeros), err);
	return r;
}

/* The next piece is behind what the reader has in memory. Returns the bytes, 0: read them. */
static int64_t move_on(struct tar_reader *tar, uint64_t at, const struct sink *to, struct err *err)
{
	/* the first bytes say how it is compressed */
	return to->pipe < 0 || at < MAGIC_LEN ? 0 : tar_reader_splice(tar, to->pipe, err);
}

static int copy_data(struct archive_scan *scan, struct tar_reader *tar, const struct tar_entry *e,
	const struct sink *to, struct err *err)
{
	uint64_t at = 0, offset = 0, size = e->size;
	const void *data;
	int64_t n;
	int r;

	for (;;) {
		n = move_on(tar, at, to, err);
		if (n > 0) {
			at += (uint64_t)n;
			continue;
		}
		if (n == 0)
			n = tar_reader_data(tar, &data, &offset, err);
		if (n < 0)
			return (int)n;
		if (n == 0)
			return copy_hole(scan, size - at, to, err);
		r = copy_hole(scan, offset - at, to, err);
		if (r == 0)
			r = to->put(to->arg, data, (size_t)n, err);
		if (r < 0)
			return r;
		at = offset + (uint64_t)n;
	}
}

struct document {
	struct buf *text;
	size_t max;
	const char *name;
};

static int put_document(void *arg, const void *data, size_t len, struct err *err)
{
	struct document *d = arg;

	if (len > d->max - d->text->len)
		return err_set(err, E_LIMIT, "'%s' is larger than %zu bytes", d->name, d->max);
	buf_add(d->text, data, len);
	return 0;
}

static int read_document(struct archive_scan *scan, struct tar_reader *tar,
	const struct tar_entry *e, size_t max, struct buf *text, struct err *err)
{
	struct document d = {.text = text, .max = max, .name = e->path};
	const struct sink to = {put_document, &d, -1};

	buf_reset(text); /* the same name twice: the last one counts, as when it is unpacked */
	return copy_data(scan, tar, e, &to, err);
}

struct blob_sink {
	const struct archive_taker *taker;
	unsigned char magic[MAGIC_LEN];
	size_t seen;
};

static int put_blob(void *arg, const void *data, size_t len, struct err *err)
{
	struct blob_sink *s = arg;
	const unsigned char *p = data;

	for (size_t i = 0; i < len && s->seen < sizeof(s->magic); i++)
		s->magic[s->seen++] = p[i];
	return s->taker->data(s->taker->arg, data, len, err);
}

static enum compression detect(const struct blob_sink *s)
{
	if (s->seen >= 2 && memcmp(s->magic, "\x1f\x8b", 2) == 0)
		return COMPRESSION_GZIP;
	if (s->seen == MAGIC_LEN && memcmp(s->magic, "\x28\xb5\x2f\xfd", 4) == 0)
		return COMPRESSION_ZSTD;
	return COMPRESSION_NONE;
}

/* What a descriptor says of a blob that may come. */
static void promise(struct archive_scan *scan, const struct descriptor *d)
{
	const char *hex = arena_strdup(scan->arena, d->digest + DIGEST_PREFIX_LEN);
	size_t *size = key_index_at(&scan->sizes, hex, scan->arena);

	if (*size < (size_t)d->size + 1)
		*size = (size_t)d->size + 1;
	if (media_type_is_manifest(d->media_type))
		*key_index_at(&scan->documents, hex, scan->arena) = 1;
	else if (media_type_is_index(d->media_type))
		*key_index_at(&scan->documents, hex, scan->arena) = 2;
}

/* Documents that are wrong say nothing here; what is wrong is told when they are needed. */
static void promise_of_index(struct archive_scan *scan, const struct buf *text, size_t max)
{
	own_arena struct arena a = {0};
	struct index index;

	if (index_parse_long(text->data, text->len, max, &index, &a, &(struct err){0}) < 0)
		return;
	for (size_t i = 0; i < index.manifests.count; i++)
		promise(scan, &index.manifests.items[i]);
}

static void promise_of_blob(struct archive_scan *scan, const struct digest *digest)
{
	size_t kind = key_index_get(&scan->documents, digest_hex(digest));
	own_arena struct arena a = {0};
	own_buf struct buf text = {0};
	struct manifest m;

	if (!kind || archive_scan_document(scan, digest, &text, &(struct err){0}) < 0)
		return;
	if (kind == 2) {
		promise_of_index(scan, &text, JSON_DOCUMENT_MAX);
		return;
	}
	if (manifest_parse(text.data, text.len, &m, &a, &(struct err){0}) < 0)
		return;
	promise(scan, &m.config);
	for (size_t i = 0; i < m.layers.count; i++)
		promise(scan, &m.layers.items[i]);
}

static int read_index(struct archive_scan *scan, struct tar_reader *tar, const struct tar_entry *e,
	struct err *err)
{
	int r = read_document(scan, tar, e, ARCHIVE_INDEX_MAX, &scan->index, err);

	if (r == 0)
		promise_of_index(scan, &scan->index, ARCHIVE_INDEX_MAX);
	return r;
}

/* A blob is not longer than a descriptor says, if one came before it: not one byte is written. */
static int check_promise(const struct archive_scan *scan, const struct digest *digest,
	const struct tar_entry *e, struct err *err)
{
	size_t size = key_index_get(&scan->sizes, digest_hex(digest));

	if (size && e->size > size - 1)
		return err_set(err, E_SIZE_MISMATCH,
			"blob %s has %llu bytes in the archive, and its descriptor says %zu",
			digest->text, (unsigned long long)e->size, size - 1);
	return 0;
}

/* Hand the entry's bytes on. expect NULL: it is called by what it is. */
static int stage(struct archive_scan *scan, struct tar_reader *tar, const struct tar_entry *e,
	const char *name, const struct digest *expect, struct err *err)
{
	const struct archive_taker *t = scan->taker;
	struct blob_sink s = {.taker = t};
	const struct sink to = {put_blob, &s, t->pipe};
	struct archive_file file = {.size = (int64_t)e->size};
	int r = t->begin(t->arg, expect, e->size, err);

	if (r == 0)
		r = copy_data(scan, tar, e, &to, err);
	if (r == 0)
		r = t->end(t->arg, &file.digest, err);
	if (r < 0)
		return r;
	file.name = arena_strdup(scan->arena, name);
	file.kind = detect(&s);
	return add_file(scan, &file, err);
}

static bool ends_with(const char *name, const char *end)
{
	size_t n = strlen(name), m = strlen(end);

	return n >= m && strcmp(name + n - m, end) == 0;
}

static int read_layout(struct archive_scan *scan, struct tar_reader *tar, const struct tar_entry *e,
	struct err *err)
{
	own_arena struct arena a = {0};
	own_buf struct buf text = {0};
	const struct json *o;
	const char *version;
	int r = read_document(scan, tar, e, LAYOUT_MAX, &text, err);

	if (r < 0)
		return r;
	o = json_parse(&a, buf_str(&text), text.len, LAYOUT_MAX, err);
	version = json_get_string(o, "imageLayoutVersion");
	if (!o)
		return err_wrap(err, "oci-layout");
	if (!version || strncmp(version, "1.", 2) != 0)
		return err_set(err, E_UNSUPPORTED, "oci-layout: version '%s' is not supported",
			version ? version : "");
	scan->has_layout = true;
	return 0;
}

static int scan_file(struct archive_scan *scan, struct tar_reader *tar, const struct tar_entry *e,
	const char *name, struct err *err)
{
	struct digest digest;

	if (strcmp(name, "oci-layout") == 0)
		return read_layout(scan, tar, e, err);
	if (strcmp(name, "index.json") == 0)
		return read_index(scan, tar, e, err);
	if (strcmp(name, "manifest.json") == 0)
		return read_document(scan, tar, e, ARCHIVE_INDEX_MAX, &scan->docker_manifest, err);
	if (strcmp(name, "repositories") == 0)
		return read_document(scan, tar, e, REPOSITORIES_MAX, &scan->repositories, err);
	if (strncmp(name, BLOB_PREFIX, strlen(BLOB_PREFIX)) == 0) {
		digest = digest_from_hex(name + strlen(BLOB_PREFIX));
		if (!digest_valid(digest.text) || strlen(name) != strlen(BLOB_PREFIX) + 64)
			return err_set(err, E_SYNTAX, "'%s' is not the name of a blob", name);
		if (check_promise(scan, &digest, e, err) < 0 ||
			stage(scan, tar, e, name, &digest, err) < 0)
			return -err->code;
		promise_of_blob(scan, &digest);
		return 0;
	}
	/* docker's format before 1.10, beside the newer one; and what an OCI layout has no use for
	 */
	if (scan->has_layout || ends_with(name, "/json") || ends_with(name, "VERSION"))
		return 0;
	return stage(scan, tar, e, name, NULL, err);
}

/* docker save refers to a layer that several images have by links. */
static int scan_link(
	struct archive_scan *scan, const struct tar_entry *e, const char *name, struct err *err)
{
	struct archive_file file = {0};
	own_mem char *joined = NULL, *clean = NULL;
	const char *slash = strrchr(name, '/');

	if (scan->has_layout)
		return err_set(err, E_SYNTAX, "'%s' is a link, which no OCI layout has", name);
	if (e->type == TAR_HARDLINK || !slash)
		joined = xstrdup(e->link);
	else
		joined = xasprintf("%.*s/%s", (int)(slash - name), name, e->link);
	clean = path_clean(joined);
	if (*e->link == '/' || strncmp(clean, "..", 2) == 0)
		return err_set(
			err, E_SYNTAX, "'%s' links to '%s' outside of the archive", name, e->link);
	file.name = arena_strdup(scan->arena, name);
	file.link = arena_strdup(scan->arena, clean);
	return add_file(scan, &file, err);
}

static int scan_entry(struct archive_scan *scan, struct tar_reader *tar, const struct tar_entry *e,
	struct err *err)
{
	own_mem char *name = path_clean(e->path);

	if (*name == '/' || strcmp(name, "..") == 0 || strncmp(name, "../", 3) == 0)
		return err_set(err, E_SYNTAX, "'%s' lies outside of the archive", e->path);
	switch (e->type) {
	case TAR_DIR:
		return 0;
	case TAR_FILE:
		return scan_file(scan, tar, e, name, err);
	case TAR_SYMLINK:
	case TAR_HARDLINK:
		return scan_link(scan, e, name, err);
	default:
		return err_set(err, E_SYNTAX, "'%s' is neither a file nor a directory", e->path);
	}
}

int archive_scan_read(struct archive_scan *scan, int fd, struct err *err)
{
	own_stream struct stream *in = stream_inflate(stream_from_fd(fd), NULL);
	own_tar_reader struct tar_reader *tar = tar_reader_new(in);
	struct tar_entry e;
	size_t entries = 0;
	int r;

	while ((r = tar_reader_next(tar, &e, err)) == 1) {
		if (++entries > ARCHIVE_ENTRIES_MAX)
			return err_set(err, E_LIMIT, "the archive has more than %d entries",
				ARCHIVE_ENTRIES_MAX);
		r = scan_entry(scan, tar, &e, err);
		if (r < 0)
			return r;
	}
	if (r < 0)
		return r;
	/* what comes behind the end (padding of a tape) is read, so that the writer sees no EPIPE
	 */
	return stream_drain(in, err) < 0 ? -err->code : 0;
}
