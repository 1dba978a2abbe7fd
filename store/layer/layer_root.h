/* SPDX-License-Identifier: Apache-2.0 */
/* How kist-layer makes the directory that it unpacks into all that there is. */
#ifndef KIST_STORE_LAYER_ROOT_H
#define KIST_STORE_LAYER_ROOT_H

#include <stdbool.h>

#include "lib/err.h"

struct layer_root {
	int fd;           /* the directory, which is "/" now; the caller closes it */
	bool owners;      /* files can be given to other users */
	bool devices;     /* device nodes can be made */
	bool user_xattrs; /* not the host's root: overlayfs's attributes are user.overlay.* */
};

/*
 * Make dir (borrowed, and closed like every descriptor but 0, 1, 2 and the keep ones, so that
 * nothing outside stays in reach) the root of this process: in mount, network, IPC and UTS
 * namespaces of its own, without root in a user namespace; where that is not allowed, by chroot(2).
 * Set-id bits, devices and programs in it have no effect for us. What else is given up is the
 * matter of confine_enter(). Returns 0.
 */
int layer_root_enter(int dir, const int *keep, int nkeep, struct layer_root *root, struct err *err);

#endif
