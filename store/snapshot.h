/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Snapshots: layers and a writable directory merged by overlayfs. A snapshot lives in a directory
 * with snapshot.json, upper/ and work/: a container's, or one of the builder's.
 */
#ifndef KIST_STORE_SNAPSHOT_H
#define KIST_STORE_SNAPSHOT_H

#include "lib/mem.h"
#include "lib/schema.h"
#include "store/store.h"

/* Write snapshot.json (diff_ids, topmost last; none: "scratch") and make upper/ and work/ in dir.
 */
int snapshot_prepare(struct store *store, int dir, const struct strings *layers, struct err *err);

/* Read snapshot.json. Returns 0. */
int snapshot_layers(int dir, struct strings *layers, struct arena *a, struct err *err);

enum snapshot_flags {
	SNAPSHOT_READ_ONLY = 1, /* the layers alone, no upper directory */
};

/*
 * Build the overlay of a snapshot as a mount that is attached nowhere (fsopen(2), "lowerdir+" of
 * Linux 6.5, and the classic option string before; more than 500 layers are E_UNSUPPORTED, the
 * kernel's limit, and more than 128 before 6.5). Files in it can be opened with lib/path beneath
 * the descriptor. Without root the caller is in a user namespace, and whiteouts are user xattrs.
 * Returns the mount's descriptor, whose close unmounts what was not attached.
 */
int snapshot_mount(struct store *store, int dir, unsigned flags, struct err *err);

/* Attach the mount to the directory target (move_mount(2)). Returns 0. */
int snapshot_attach(int mount, const char *target, struct err *err);

/*
 * Enter a mount namespace of our own from which nothing propagates back: what is mounted in it
 * is gone with its last process. To be called before store_open(): overlayfs takes no directory
 * that was opened in another mount namespace. Returns 0.
 */
int snapshot_enter_private(struct err *err);

#endif
