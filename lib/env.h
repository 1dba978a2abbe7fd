/* SPDX-License-Identifier: Apache-2.0 */
/* Environments: lists of "NAME=value". */
#ifndef KIST_LIB_ENV_H
#define KIST_LIB_ENV_H

#include "lib/mem.h"
#include "lib/schema.h"

/*
 * Put more over *env: "NAME=value" takes the place of an earlier entry of that name or comes
 * behind, "NAME" alone takes the variable away. The order of what stays is kept; the cost grows
 * with the number of entries, not with its square. *env becomes a new list in the arena.
 */
void env_merge(struct strings *env, const struct strings *more, struct arena *a);

#endif
