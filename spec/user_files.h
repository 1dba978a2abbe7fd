/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Read passwd and group of a root file system that may be hostile, for user_lookup(): beside
 * config_host(), all that makes system calls in spec/.
 */
#ifndef KIST_SPEC_USER_FILES_H
#define KIST_SPEC_USER_FILES_H

#include "lib/err.h"
#include "lib/mem.h"
#include "spec/user.h"

/*
 * Read etc/passwd and etc/group beneath rootfd (an O_PATH descriptor will do) and look a user up.
 * Links are followed inside the root. A missing file is an empty one; anything but a regular file
 * of at most USER_FILE_MAX bytes is refused without being opened for reading, so that neither a
 * FIFO nor a device is touched; so is E_DENIED what lies on procfs, sysfs and the like, or on a
 * FUSE mounted inside. A plain "uid:gid" needs no file. Strings live in the arena. Returns 0.
 */
int user_lookup_in(
	int rootfd, const char *what, struct user *user, struct arena *a, struct err *err);

/*
 * Add the groups of --group-add, by name or number, to the user's additional ones. Returns 0, or
 * E_NOT_FOUND "unable to find group X: ...".
 */
int user_add_groups_in(int rootfd, const struct strings *groups, struct user *user, struct arena *a,
	struct err *err);

#endif
