/* SPDX-License-Identifier: Apache-2.0 */
/* Inside store/: index.json as a table of rows, without any look into blobs. */
#ifndef KIST_STORE_IMAGE_TABLE_H
#define KIST_STORE_IMAGE_TABLE_H

#include "store/image.h"

/*
 * Bytes of index.json, some 500 for each name. That is no number that anybody meets; it is what a
 * damaged file may make us read.
 */
#define IMAGE_TABLE_MAX (256u << 20)

/* One entry of the document and what it says. */
struct table_row {
	struct image_entry entry; /* id.text is empty when the entry was made by another program */
	struct json *json;        /* the descriptor as it stands */
	const char *damaged; /* why it cannot be understood: entry is empty then. NULL: it can */
};

struct image_table {
	struct table_row *rows;
	size_t count, cap;
	const struct json *document; /* for the members beside "manifests" */
};

/*
 * Decode a document. Everything lives in the arena. An entry that is damaged hides no other.
 * Returns 0.
 */
int image_table_parse(
	const char *text, size_t len, struct image_table *t, struct arena *a, struct err *err);

/* Read index.json. Returns 0. */
int image_table_read(struct store *store, struct image_table *t, struct arena *a, struct err *err);

/* The document with the rows as they are now. In the arena. */
struct json *image_table_encode(const struct image_table *t, struct arena *a);

/*
 * Make the reference of each entry (NULL: none) name what the entry describes, one after the other;
 * the entries are complete. An entry that loses its reference stays without, unless its image has
 * another entry.
 */
void image_table_set(
	struct image_table *t, const struct image_entry *entries, size_t count, struct arena *a);

/*
 * Remove the entries of references. Returns the first of them that has none, borrowed, or NULL; the
 * others are removed.
 */
const char *image_table_unset(struct image_table *t, const struct strings *references,
	bool keep_untagged, struct arena *a);

/* Take every row of a manifest's digest out of index.json, whatever it leads to. Returns 0. */
int image_table_forget(struct store *store, const struct digest *manifest, struct err *err);

/* Take every damaged row out of it. Returns 0. */
int image_table_forget_damaged(struct store *store, struct err *err);

/* Take the rows out that are wanted. Returns how many. */
size_t image_table_drop(
	struct image_table *t, bool (*wanted)(const struct table_row *row, void *arg), void *arg);

#endif
