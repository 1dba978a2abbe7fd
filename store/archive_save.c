/* SPDX-License-Identifier: Apache-2.0 */
/* Writing images as a tar stream, in an order that lets a reader do without temporary files. */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "lib/io.h"
#include "lib/json.h"
#include "lib/own.h"
#include "lib/tar.h"
#include "store/archive_writer.h"
#include "store/blob.h"

static int output(void *arg, const void *data, size_t len, struct err *err)
{
	int r = io_write_full(*(const int *)arg, data, len);

	return r < 0 ? err_set(err, -r, "cannot write the archive: %s", strerror(-r)) : 0;
}

/* blobs/sha256/HEX, once. */
static int write_blob(struct archive_writer *w, const char *text, struct err *err)
{
	own_stream struct stream *in = NULL;
	char name[DIGEST_HEX_LEN + 16];
	struct digest digest;
	struct stat st;
	own_fd int fd = -1;
	int r = digest_parse(text, &digest, err);

	if (r < 0 || archive_is_written(w, &digest))
		return r;
	fd = blob_open(w->store, &digest, err);
	if (fd < 0)
		return fd;
	if (fstat(fd, &st) < 0)
		return err_errno(err, "cannot stat blob %s", text);
	snprintf(name, sizeof(name), "blobs/sha256/%s", digest_hex(&digest));
	in = stream_from_fd(fd);
	return archive_write_stream(w, name, in, st.st_size, &digest, err);
}

/* The entry of one image, without what is only of this store. */
static struct json *index_entry(const struct image_entry *e, bool named, struct arena *a)
{
	struct json *o = json_new_object(a), *annotations;

	json_set_string(a, o, "mediaType", e->descriptor.media_type);
	json_set_string(a, o, "digest", e->descriptor.digest);
	json_set_int(a, o, "size", e->descriptor.size);
	if (!named)
		return o;
	annotations = json_new_object(a);
	json_set_string(a, annotations, "io.containerd.image.name", e->reference);
	json_set_string(a, annotations, ANNOTATION_REF_NAME, e->reference);
	json_set(a, o, "annotations", annotations);
	return o;
}

static int write_index(struct archive_writer *w, struct err *err)
{
	static const char layout[] = "{\"imageLayoutVersion\":\"1.0.0\"}";
	own_buf struct buf text = {0};
	struct arena *a = w->arena;
	struct json *o = json_new_object(a), *list = json_new_array(a);
	int r = archive_write_file(w, "oci-layout", layout, strlen(layout), err);

	if (r < 0)
		return r;
	json_set_int(a, o, "schemaVersion", 2);
	json_set_string(a, o, "mediaType", MEDIA_TYPE_INDEX);
	for (size_t i = 0; i < w->count; i++)
		json_append(list, index_entry(&w->images[i].entry, w->named[i], a));
	json_set(a, o, "manifests", list);
	json_write(o, JSON_COMPACT, &text);
	return archive_write_file(w, "index.json", text.data, text.len, err);
}

static int write_oci(struct archive_writer *w, struct err *err)
{
	int r = write_index(w, err);

	for (size_t i = 0; r == 0 && i < w->count; i++) {
		const struct manifest *m = &w->images[i].manifest;

		r = write_blob(w, w->images[i].entry.descriptor.digest, err);
		if (r == 0)
			r = write_blob(w, m->config.digest, err);
		for (size_t k = 0; r == 0 && k < m->layers.count; k++)
			r = write_blob(w, m->layers.items[k].digest, err);
	}
	return r;
}

/* An image that was asked for by its ID is saved without a name, as with docker. */
static bool asked_by_name(const char *text, const struct image_entry *e, struct arena *a)
{
	struct reference ref;
	struct err ignored;

	return e->reference && reference_parse(text, &ref, a, &ignored) == 0 &&
		strcmp(reference_canonical(&ref, a), e->reference) == 0;
}

static int find_images(
	struct archive_writer *w, const char *const *names, size_t count, struct err *err)
{
	struct image_list list;

	if (image_list(w->store, &list, w->arena, err) < 0)
		return -err->code;
	w->images = arena_array(w->arena, count + 1, sizeof(*w->images));
	w->named = arena_array(w->arena, count + 1, sizeof(*w->named));
	for (w->count = 0; w->count < count; w->count++) {
		struct image *image = &w->images[w->count];
		struct image_entry entry;

		if (image_list_find(&list, names[w->count], &entry, w->arena, err) < 0 ||
			image_read(w->store, &entry, image, w->arena, err) < 0)
			return -err->code;
		w->named[w->count] = asked_by_name(names[w->count], &image->entry, w->arena);
	}
	return 0;
}

static void writer_release(struct archive_writer *w)
{
	tar_writer_free(w->tar);
}

int archive_save(struct store *store, const char *const *names, size_t count,
	enum archive_format format, int fd, struct err *err)
{
	own_arena struct arena a = {0};
	own(writer_release) struct archive_writer w = {.store = store, .arena = &a};
	own_fd int lease = store_lease(store, STORE_LEASE_ADD, err); /* no gc under our reading */
	int r = lease < 0 ? lease : find_images(&w, names, count, err);

	if (r < 0)
		return r;
	w.tar = tar_writer_new(output, &fd);
	r = format == ARCHIVE_OCI ? write_oci(&w, err) : archive_write_docker(&w, err);
	if (r == 0)
		r = tar_writer_finish(w.tar, err);
	return r < 0 ? err_wrap(err, "cannot save") : 0;
}
