/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The names in a directory. readdir(3) says the end and a failure by the same NULL; who takes one
 * for the other acts on half of the names. So nothing but this module calls it.
 */
#ifndef KIST_LIB_DIR_H
#define KIST_LIB_DIR_H

#include <dirent.h>
#include <stdbool.h>

#include "lib/buf.h"
#include "lib/err.h"

/*
 * Open a directory to read its names; name is never followed when it is a symbolic link. NULL with
 * errno. What dirfd has been read up to does not matter, also for ".".
 */
DIR *dir_open(int dirfd, const char *name);

/*
 * The next name, "." and ".." left out. Returns 1, or 0 at the end; the entry is dir's and lives
 * until the next call.
 */
int dir_next(DIR *dir, struct dirent **entry, struct err *err);

/*
 * Add the names in the directory that wanted() is true of (NULL: all), unsorted. A directory that
 * is not there is an error, -ENOENT. Returns 0.
 */
int dir_names(int dirfd, const char *name, bool (*wanted)(const char *name), struct strv *names,
	struct err *err);

#endif
