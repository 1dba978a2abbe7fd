/* SPDX-License-Identifier: Apache-2.0 */
/* What kist-layer gives up before it reads the first byte of a layer. */
#ifndef KIST_STORE_LAYER_SANDBOX_H
#define KIST_STORE_LAYER_SANDBOX_H

#include <stdbool.h>

#include "lib/err.h"

struct layer_sandbox {
	int root;         /* the directory, which is "/" now; the caller closes it */
	bool owners;      /* files can be given to other users */
	bool devices;     /* device nodes can be made */
	bool user_xattrs; /* not the host's root: overlayfs's attributes are user.overlay.* */
};

/*
 * Make dir (borrowed, and closed like every descriptor but 0, 1, 2 and the keep ones, so that
 * nothing outside stays in reach) the root of this process: in mount, network, IPC and UTS
 * namespaces of its own, without root in a user namespace; where that is not allowed, by chroot(2).
 * Set-id bits, devices and programs in it have no effect for us. Then drop all capabilities but the
 * ones that file attributes need, and confine the process with Landlock where the kernel has it.
 * trusted_xattrs: keep CAP_SYS_ADMIN, the one that setting trusted.overlay.* takes (the filter of
 * layer_sandbox_seal() leaves nothing else that it is good for). Returns 0.
 */
int layer_sandbox_enter(int dir, const int *keep, int nkeep, bool trusted_xattrs,
	struct layer_sandbox *sandbox, struct err *err);

/*
 * Close the system call filter over all threads: reading, writing and making files remain; no
 * sockets, no programs, no new threads, no executable memory. Returns 0.
 */
int layer_sandbox_seal(struct err *err);

#endif
