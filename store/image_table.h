/* SPDX-License-Identifier: Apache-2.0 */
/* Inside store/: index.json as a table of rows, without any look into blobs. */
#ifndef KIST_STORE_IMAGE_TABLE_H
#define KIST_STORE_IMAGE_TABLE_H

#include "store/image.h"

/* One entry of the document and what it says. */
struct table_row {
	struct image_entry entry; /* id.text is empty when the entry was made by another program */
	struct json *json;        /* the descriptor as it stands */
};

struct image_table {
	struct table_row *rows;
	size_t count, cap;
	const struct json *document; /* for the members beside "manifests" */
};

/* Decode a document. Everything lives in the arena. Returns 0. */
int image_table_parse(
	const char *text, size_t len, struct image_table *t, struct arena *a, struct err *err);

/* Read index.json. Returns 0. */
int image_table_read(struct store *store, struct image_table *t, struct arena *a, struct err *err);

/* The document with the rows as they are now. In the arena. */
struct json *image_table_encode(const struct image_table *t, struct arena *a);

/*
 * Make reference (NULL: none) name what the row describes; its entry and annotations are complete
 * but for the reference. An entry that loses its reference stays without, unless its image has
 * another entry.
 */
void image_table_set(struct image_table *t, const char *reference, const struct image_entry *entry,
	struct arena *a);

/* Remove the entry of a reference. Returns false when there is none. */
bool image_table_unset(
	struct image_table *t, const char *reference, bool keep_untagged, struct arena *a);

/* Take every row of a manifest's digest out of index.json, whatever it leads to. Returns 0. */
int image_table_forget(struct store *store, const struct digest *manifest, struct err *err);

/* Take row i out. */
void image_table_drop(struct image_table *t, size_t i);

#endif
