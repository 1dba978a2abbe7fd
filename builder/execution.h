/* SPDX-License-Identifier: Apache-2.0 */
/* One command in a stage's root file system, run by kist-runtime. */
#ifndef KIST_BUILDER_EXECUTION_H
#define KIST_BUILDER_EXECUTION_H

#include "builder/root.h"
#include "spec/config_make.h"

enum execution_network {
	EXECUTION_DEFAULT, /* the network that containers join unasked */
	EXECUTION_HOST,
	EXECUTION_NONE, /* loopback alone */
};

struct execution {
	struct strings args, env; /* the whole environment */
	const char *cwd;          /* NULL: "/" */
	const char *user;         /* of the image; NULL or "": root */
	const char *architecture; /* of the image; NULL: not known */
	enum execution_network network;
	LIST_OF(struct mount_option) mounts;
};

/*
 * Run it with root (mounted for writing) as its root file system, its output to the progress.
 * *status gets the exit status, or 128 + the signal. What the runtime made in the root file system
 * only to mount on it is gone afterwards. Returns 0.
 */
int execution_run(struct build *b, struct root *root, const struct execution *x, int *status,
	struct err *err);

#endif
