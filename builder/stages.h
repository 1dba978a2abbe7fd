/* SPDX-License-Identifier: Apache-2.0 */
/* The Dockerfile as stages: what they are built on, and which end up in the image. */
#ifndef KIST_BUILDER_STAGES_H
#define KIST_BUILDER_STAGES_H

#include "builder/build.h"

#define STAGES_MAX 1000 /* of one Dockerfile: each is searched for, and may need the one before */

/* Split the Dockerfile into stages, and find what FROM names. Returns 0. */
int stages_plan(struct build *b, struct err *err);

/* The stage to build: --target's, or the last. NULL and E_NOT_FOUND when there is none. */
struct stage *stages_target(struct build *b, struct err *err);

/*
 * An earlier stage by name or number (limit: only those before it). NULL when there is none of that
 * name.
 */
struct stage *stages_find(struct build *b, const char *name, size_t limit);

#endif
