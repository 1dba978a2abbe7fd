/* SPDX-License-Identifier: Apache-2.0 */
/* Putting a tree into an image's root file system. */
#ifndef KIST_BUILDER_COPY_H
#define KIST_BUILDER_COPY_H

#include <stdbool.h>

#include "builder/tree.h"

struct copy {
	int root;                /* of the image: nothing leads out of it */
	const char *destination; /* absolute; a '/' at the end: a directory */
	bool many;               /* several sources: the destination is a directory */
	struct tree_owner owner;
	const struct timespec *time; /* of directories that are made; NULL: now */
};

/*
 * Copy the tree; files whose digest is not known yet get it on the way. Links in the destination
 * are followed inside the root, the last part too. Directories that were there keep their time;
 * new ones above it are 0755, of --chown's owner or root's. Returns 0.
 */
int copy_tree(struct tree *t, const struct copy *c, struct err *err);

/*
 * Make the directory (0755, of the owner when one is set, else root's) with its missing parents; a
 * directory above that was there keeps its time. Returns 1 when it was made, 0 when it was there.
 */
int copy_make_directory(int root, const char *path, const struct tree_owner *owner,
	const struct timespec *time, struct err *err);

/* Is there a directory of that name in the root, links followed inside it? */
bool copy_is_directory(int root, const char *path);

#endif
