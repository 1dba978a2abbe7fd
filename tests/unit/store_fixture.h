/* SPDX-License-Identifier: Apache-2.0 */
/* A store in a fresh directory below $TMPDIR, for one test. */
#ifndef KIST_TESTS_STORE_FIXTURE_H
#define KIST_TESTS_STORE_FIXTURE_H

#include "store/store.h"

struct fixture {
	char path[64];
	struct store *store;
};

void fixture_start(struct fixture *f);
void fixture_end(struct fixture *f); /* the directory goes, too */

/* How many entries a directory of the store has, "." and ".." not counted. */
int fixture_count(int dir);

#endif
