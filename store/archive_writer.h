/* SPDX-License-Identifier: Apache-2.0 */
/* Inside store/: an archive that is being written. */
#ifndef KIST_STORE_ARCHIVE_WRITER_H
#define KIST_STORE_ARCHIVE_WRITER_H

#include "lib/key_index.h"
#include "lib/stream.h"
#include "lib/tar.h"
#include "store/archive.h"
#include "store/image.h"

struct archive_writer {
	struct store *store;
	struct arena *arena;
	struct tar_writer *tar;
	struct image *images;
	bool *named; /* was images[i] asked for by its name? */
	size_t count;
	struct key_index written; /* hex digits of the blobs */
};

int archive_write_file(
	struct archive_writer *w, const char *name, const void *data, size_t len, struct err *err);

/* A file of size bytes from a stream (borrowed), whose digest is checked at its end. */
int archive_write_stream(struct archive_writer *w, const char *name, struct stream *in,
	int64_t size, const struct digest *expect, struct err *err);

/* Was it written before? From now on it counts as written. */
bool archive_is_written(struct archive_writer *w, const struct digest *digest);

/* manifest.json, and each image's config and layers, uncompressed. Returns 0. */
int archive_write_docker(struct archive_writer *w, struct err *err);

#endif
