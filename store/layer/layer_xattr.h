/* SPDX-License-Identifier: Apache-2.0 */
/* The extended attributes that a layer carries, in both directions. */
#ifndef KIST_STORE_LAYER_XATTR_H
#define KIST_STORE_LAYER_XATTR_H

#include <stdbool.h>

#include "lib/buf.h"
#include "lib/err.h"
#include "lib/tar.h"

/*
 * Whether an attribute belongs to the content: security.capability, user.* and POSIX ACLs do. All
 * others are the host's business (trusted.*, security.selinux, ima, evm, apparmor, SMACK64...) or
 * would be taken for overlayfs's own (user.overlay.*), and are dropped.
 */
bool layer_xattr_kept(const char *name);

/* Attributes of one file; release with layer_xattrs_release(), reuse as it is. */
struct layer_xattrs {
	struct tar_xattr items[TAR_XATTRS_MAX];
	size_t count;
	bool opaque;     /* overlayfs: a directory that hides all that is below it */
	bool incomplete; /* overlayfs: what is here refers to something below (redirect, metacopy)
			  */
	struct buf names, values;
};

void layer_xattrs_release(struct layer_xattrs *x);

/* Same names and values, of those that are kept. */
bool layer_xattrs_equal(const struct layer_xattrs *a, const struct layer_xattrs *b);

/* Read those of fd that are kept, and what overlayfs says. path is for messages. Returns 0. */
int layer_xattrs_read(struct layer_xattrs *x, int fd, const char *path, struct err *err);

#endif
