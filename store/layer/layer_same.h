/* SPDX-License-Identifier: Apache-2.0 */
/* Whether an entry of two trees is the same one, for the difference of these trees. */
#ifndef KIST_STORE_LAYER_SAME_H
#define KIST_STORE_LAYER_SAME_H

#include <stdbool.h>
#include <sys/stat.h>

#include "lib/err.h"
#include "store/layer/layer_xattr.h"

/* One side: fd is the open file or directory, -1 for other types. */
struct layer_side {
	int dirfd;
	const char *name;
	int fd;
	struct stat st;
	struct layer_xattrs xattrs;
};

/*
 * Returns 1 or 0. Directories are compared by owner, mode and attributes alone: their content is
 * walked, and their times follow from it. Regular files with the same times are read only if these
 * are whole seconds, as archives and some file systems cut them.
 */
int layer_same(
	const struct layer_side *a, const struct layer_side *b, const char *path, struct err *err);

#endif
