/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The mount API of Linux 5.2 and 5.12 by descriptors: a mount is made detached, its attributes are
 * set, and only then is it attached to a place that a descriptor names. No path of a container is
 * ever handed to mount(2).
 */
#ifndef KIST_RUNTIME_MOUNT_API_H
#define KIST_RUNTIME_MOUNT_API_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/err.h"
#include "runtime/mount_options.h"

/*
 * A detached copy of the mount at path beneath dirfd ("" for dirfd itself), with everything below
 * it when recursive. Returns the descriptor; the caller closes it.
 */
int mount_clone(int dirfd, const char *path, bool recursive, struct err *err);

/*
 * A detached new file system with the attributes in o->set, less those in without. The kernel's
 * own words about a bad option are in the error. Returns the descriptor; the caller closes it.
 */
int mount_new(const char *type, const char *source, const struct mount_options *o, uint64_t without,
	struct err *err);

/*
 * The same for the procfs of a pid namespace in which we are not (Linux 6.17); E_UNSUPPORTED where
 * that cannot be asked for.
 */
int mount_new_proc(int pidns, const char *source, const struct mount_options *o, struct err *err);

/* Set and clear MOUNT_ATTR_* and the propagation (0: as it is). Returns 0. */
int mount_attributes(int mnt, bool recursive, uint64_t set, uint64_t clear, uint64_t propagation,
	struct err *err);

/* Attach a detached mount on what place (O_PATH) names; where is for the message. Returns 0. */
int mount_attach(int mnt, int place, const char *where, struct err *err);

/* Give every file of a detached mount the owners of a user namespace (idmapped mount). */
int mount_idmap(int mnt, bool recursive, int userns, struct err *err);

/* statfs type of what fd names; 0 when it cannot be told. */
long mount_fs_type(int fd);

#endif
