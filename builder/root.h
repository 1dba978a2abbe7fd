/* SPDX-License-Identifier: Apache-2.0 */
/* The root file system of a stage, mounted for one step. */
#ifndef KIST_BUILDER_ROOT_H
#define KIST_BUILDER_ROOT_H

#include "builder/stage.h"
#include "builder/workspace.h"

struct root {
	struct workspace *work;
	int dir;      /* of the snapshot, in the workspace */
	char *path;   /* of dir */
	int mount;    /* the root file system, attached nowhere; beneath it everything is opened */
	char *target; /* where it is attached; NULL: nowhere */
};

#define ROOT_INIT                                                                                  \
	{                                                                                          \
		.dir = -1, .mount = -1                                                             \
	}

/* Mount the stage as it stands, writable or not. Returns 0; the caller ends it with root_close().
 */
int root_open(struct root *r, struct stage *s, bool writable, struct err *err);

/*
 * Mount a directory of the host, the build context, the same way: files in it are seen, but its
 * FIFOs and sockets are overlayfs' own, connected to nobody on the host, and what is written goes
 * away with it. E_UNSUPPORTED, or what the kernel says, when its file system cannot be a lower one.
 * Returns 0; the caller ends it with root_close().
 */
int root_open_directory(
	struct root *r, struct workspace *w, int directory, bool writable, struct err *err);

/* Attach it to PATH/rootfs, for other programs. Returns 0. */
int root_attach(struct root *r, struct err *err);

/* Unmount; what was written stays in dir/upper. Returns 0. */
int root_unmount(struct root *r, struct err *err);

/* Unmount and remove the snapshot. */
void root_close(struct root *r);

#define own_root __attribute__((cleanup(root_close)))

#endif
