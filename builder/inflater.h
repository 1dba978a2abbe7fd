/* SPDX-License-Identifier: Apache-2.0 */
/* A child that inflates bzip2 or xz on its way to kist-layer: kist-build-probe --inflate. */
#ifndef KIST_BUILDER_INFLATER_H
#define KIST_BUILDER_INFLATER_H

#include "lib/err.h"
#include "lib/spawn.h"

struct inflater {
	struct child child;
	int in;  /* to write to, when start() was not given a descriptor; else -1 */
	int out; /* to read from, or to pass on */
};

/* in is borrowed; -1 makes a pipe. Returns 0; the caller must call finish(). */
int inflater_start(int in, struct inflater *f, struct err *err);

/* Close both ends and wait. E_SYNTAX when the bytes were not what they seemed. */
int inflater_finish(struct inflater *f, struct err *err);

#endif
