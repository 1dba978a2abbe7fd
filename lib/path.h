/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Paths that others control: opened only beneath a directory descriptor, by openat2(2) (Linux 5.6).
 * The root itself is trusted; nothing in the path can lead out of it.
 */
#ifndef KIST_LIB_PATH_H
#define KIST_LIB_PATH_H

#include <stdbool.h>
#include <sys/types.h>

#include "lib/err.h"

enum path_scope {
	PATH_IN_ROOT, /* as if chrooted: absolute links and ".." stay inside (RESOLVE_IN_ROOT) */
	PATH_BENEATH, /* leaving is an error, EXDEV (RESOLVE_BENEATH) */
	PATH_NO_LINKS = 4, /* flag: and no symbolic link anywhere in the path, ELOOP */
	PATH_NO_XDEV = 8,  /* flag: and no mount point, also no way back up over one, EXDEV */
};

/*
 * openat2(rootfd, path) in the given scope, with O_CLOEXEC and never through magic links of
 * procfs. mode counts with O_CREAT only. Returns the descriptor; the caller closes it.
 */
int path_open(
	int rootfd, const char *path, int flags, mode_t mode, unsigned scope, struct err *err);

/*
 * Make the directory and its missing parents inside the root; what exists stays as it is, and of a
 * link that leads nowhere its target is made.
 * Returns an O_PATH descriptor of the last one; the caller closes it.
 */
int path_mkdirs(int rootfd, const char *path, mode_t mode, struct err *err);

/*
 * Open the directory that holds path's last component (O_PATH), and point *name at that component
 * inside path. A path without one ("", "/", ".", "..") gives EINVAL. The caller closes the fd.
 */
int path_open_parent(int rootfd, const char *path, const char **name, struct err *err);

/*
 * Remove name and all beneath it, without following links. Missing is no error. Directories
 * without permission bits are opened up first. Returns 0.
 */
int path_remove_tree(int dirfd, const char *name, struct err *err);

/* For our own state: mkdir -p of a trusted path. Returns an O_DIRECTORY descriptor. */
int path_make_dirs(const char *path, mode_t mode, struct err *err);

/* Trusted absolute form of path (against the current directory), without resolving links. */
char *path_absolute(const char *path); /* the caller frees it */

/*
 * Lexical clean-up as Go's filepath.Clean: no "//", ".", inner ".."; "" becomes ".".
 * The caller frees it.
 */
char *path_clean(const char *path);

#endif
