/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The private directory of one build, ROOT/cache/build/.tmp-*: contexts, snapshots and bundles. It
 * belongs to whoever holds its flock; what a killed build left is removed by the next one.
 */
#ifndef KIST_BUILDER_WORKSPACE_H
#define KIST_BUILDER_WORKSPACE_H

#include <sys/types.h>

#include "lib/err.h"
#include "lib/place.h"

struct workspace {
	int build;  /* ROOT/cache/build */
	int dir;    /* the workspace; holds the flock */
	char *path; /* absolute */
	char name[32];
	unsigned count; /* of directories made in it */
};

#define WORKSPACE_INIT                                                                             \
	{                                                                                          \
		.build = -1, .dir = -1                                                             \
	}

/*
 * Make one below ROOT, and remove those that nobody holds. Returns 0; end it
 * with workspace_release().
 */
int workspace_open(const struct place *place, struct workspace *w, struct err *err);

/* Remove the workspaces that nobody holds. Returns 0. */
int workspace_collect(const struct place *place, struct err *err);

/* Removes the directory and all in it. */
void workspace_release(struct workspace *w);

/*
 * Make a fresh directory in it; *path (may be NULL) gets its absolute path, which the caller frees.
 * Returns an O_DIRECTORY descriptor; the caller closes it.
 */
int workspace_make(
	struct workspace *w, const char *prefix, mode_t mode, char **path, struct err *err);

/* Remove such a directory by the path that workspace_make() gave. Returns 0. */
int workspace_remove(struct workspace *w, const char *path, struct err *err);

#endif
