/* SPDX-License-Identifier: Apache-2.0 */
/* Inside store/: directories under temporary names, which belong to whoever holds their flock. */
#ifndef KIST_STORE_TEMP_DIR_H
#define KIST_STORE_TEMP_DIR_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/err.h"

#define TEMP_PREFIX ".tmp-"
#define GONE_PREFIX ".gone-" /* renamed by gc, to be emptied */

/*
 * Make the directory name in parent, or take over one that a dead process left, and lock it. It is
 * never one that was renamed or removed while we waited. Returns its descriptor, which holds the
 * flock; E_IN_USE with try when another process holds it.
 */
int temp_dir_lock(int parent, const char *name, bool try, struct err *err);

/*
 * Remove the temporary files and directories in parent that nobody holds, whose names begin with
 * prefix. Adds to *count and *bytes (of files). Returns 0.
 */
int temp_collect(int parent, const char *prefix, uint64_t *count, uint64_t *bytes, struct err *err);

#endif
