/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The directory that entries of a layer are put into, opened once for all entries that follow each
 * other in it. When it is left its mtime is put back: so directories end with the mtime that the
 * layer gives them, in any order of entries and without remembering any but the open one.
 */
#ifndef KIST_STORE_LAYER_PARENT_H
#define KIST_STORE_LAYER_PARENT_H

#include <stdbool.h>
#include <sys/stat.h>
#include <time.h>

#include "lib/buf.h"
#include "lib/err.h"
#include "lib/tar.h"

struct layer_parent {
	int root;      /* borrowed: the layer's root, from which nothing leads out */
	int fd;        /* of the open directory; -1: none */
	bool setgid;   /* what is made in it inherits its group */
	bool no_links; /* known to be reached without symbolic links */
	struct timespec mtime;
	char path[TAR_PATH_MAX + 1]; /* cleaned, "" is the root */
	int implied_fd; /* JSON lines about directories that had to be made; -1: none */
	struct buf implied;
	size_t implied_bytes;
};

void layer_parent_init(struct layer_parent *p, int root, int implied_fd);
void layer_parent_release(struct layer_parent *p);

enum layer_parent_flags {
	LAYER_PARENT_WHITEOUT = 1, /* for a whiteout: symbolic links on the way are refused */
	LAYER_PARENT_EXISTING = 2, /* make nothing: -ENOENT when it is missing */
};

/*
 * Open the directory dir (dir_len bytes of a cleaned path), making what is missing 0755 root:root
 * with the given mtime. Returns the descriptor, which is p's own.
 */
int layer_parent_enter(struct layer_parent *p, const char *dir, size_t dir_len, int64_t mtime,
	unsigned flags, struct err *err);

/* Close the open directory: needed before something is removed, or a directory's own mtime set. */
int layer_parent_leave(struct layer_parent *p, struct err *err);

/* Write what is left of the implied directories. */
int layer_parent_flush(struct layer_parent *p, struct err *err);

#endif
