/* SPDX-License-Identifier: Apache-2.0 */
/* Names in a layer: made relative to its root, and told apart from whiteouts. Pure. */
#ifndef KIST_STORE_LAYER_NAME_H
#define KIST_STORE_LAYER_NAME_H

#include "lib/err.h"
#include "lib/tar.h"

/*
 * Clean up a name lexically: no leading or double '/', no ".", ".." taken back; the root is "".
 * out has TAR_PATH_MAX + 1 bytes. A name that leads out of the root is E_SYNTAX. Returns 0.
 */
int layer_name_clean(const char *name, char *out, struct err *err);

/* The last component of a cleaned name; what is before it ("" or with its '/') has *dir_len bytes.
 */
const char *layer_name_base(const char *clean, size_t *dir_len);

enum layer_name_kind {
	LAYER_NAME_PLAIN,
	LAYER_NAME_WHITEOUT, /* *target is the name that it removes */
	LAYER_NAME_OPAQUE,   /* hides all that lower layers have in its directory */
	LAYER_NAME_METADATA, /* ".wh..wh.plnk" and the like, of aufs: without meaning */
};

/*
 * What a cleaned name is (image-spec, layer.md, "Whiteouts"). Whiteouts of nothing, of "." and
 * "..", and the prefix in the middle of a path are E_SYNTAX. Returns 0.
 */
int layer_name_kind(
	const char *clean, enum layer_name_kind *kind, const char **target, struct err *err);

#endif
