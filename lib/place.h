/* SPDX-License-Identifier: Apache-2.0 */
/* Where the two trees of state are, and below which cgroup containers live: one answer for all. */
#ifndef KIST_LIB_PLACE_H
#define KIST_LIB_PLACE_H

#include "lib/err.h"

struct place {
	char *root; /* absolute: images, layers, containers, volumes */
	char *run;  /* absolute: sockets, what runs */
	const char *cgroup_parent;
};

void place_release(struct place *p);

#define own_place __attribute__((cleanup(place_release)))

/*
 * root and run are what --root and --run said, or NULL. Then KIST_ROOT and KIST_RUN count; then
 * /var/lib/kist and /run/kist, and without root $XDG_DATA_HOME/kist (~/.local/share/kist) and
 * $XDG_RUNTIME_DIR/kist (/run/user/UID/kist). Empty values count as not given, relative ones of
 * XDG as well (XDG Base Directory 0.8). Nothing is opened or made. Returns 0, or -ENOENT when
 * nothing says where the user's home is.
 */
int place_find(const char *root, const char *run, struct place *place, struct err *err);

/* RUN alone, for programs that keep nothing in ROOT. The caller frees it. */
char *place_find_run(const char *run);

#endif
