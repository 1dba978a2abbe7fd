/* SPDX-License-Identifier: Apache-2.0 */
/* flock(2) on a file of the object: the lock ends with the descriptor, so also with the process. */
#ifndef KIST_LIB_LOCK_H
#define KIST_LIB_LOCK_H

#include "lib/err.h"

enum lock_flags {
	LOCK_SHARED_MODE = 1,
	LOCK_TRY = 2, /* do not wait: E_IN_USE when another holds it */
};

/*
 * Lock name in dirfd, creating it (0600) when it is missing; a file that was unlinked while we
 * waited is not taken for the lock. Returns the descriptor, whose close releases the lock.
 */
int lock_file(int dirfd, const char *name, unsigned flags, struct err *err);

#endif
