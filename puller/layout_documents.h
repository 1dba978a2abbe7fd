/* SPDX-License-Identifier: Apache-2.0 */
/* What kist-push -i holds of a layout while it streams: index.json and the manifests, and which
 * blobs came. */
#ifndef KIST_PULLER_LAYOUT_DOCUMENTS_H
#define KIST_PULLER_LAYOUT_DOCUMENTS_H

#include "puller/resolve.h"

#define HELD_MAX (8u << 20) /* bytes of all manifests together */

struct layout_documents {
	struct arena arena;
	struct index index; /* index.json */
	bool have_index;
	struct document *held;
	size_t count, bytes;
	struct strv blobs; /* digests of the blobs that the registry has now */
};

void layout_documents_release(struct layout_documents *d);

/* index.json. Returns 0. */
int layout_take_index(struct layout_documents *d, const struct buf *text, struct err *err);

/* Does this blob look like a manifest or an index (it has schemaVersion, and layers or manifests)?
 */
bool layout_looks_like_manifest(const struct buf *text);

/* Hold a manifest; takes the text over. Returns 0, or E_LIMIT. */
int layout_hold(
	struct layout_documents *d, const struct digest *digest, struct buf *text, struct err *err);

const struct document *layout_find(const struct layout_documents *d, const char *digest);

/* The entry of index.json that is meant: the only one, or the one named like ref. NULL: see *err.
 */
const struct descriptor *layout_choose(
	const struct layout_documents *d, const struct reference *ref, struct err *err);

void layout_note_blob(struct layout_documents *d, const char *digest);
bool layout_has_blob(const struct layout_documents *d, const char *digest);

#endif
