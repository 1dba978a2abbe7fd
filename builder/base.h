/* SPDX-License-Identifier: Apache-2.0 */
/* Images that a build starts from: out of the store, or pulled into it. */
#ifndef KIST_BUILDER_BASE_H
#define KIST_BUILDER_BASE_H

#include "builder/build.h"

/* The base of a stage: its image is pulled when it is missing. Returns 0. */
int base_begin(struct stage *s, struct err *err);

/*
 * Open an image that COPY --from or a mount names, as a stage without instructions. In the arena.
 * NULL: see *err.
 */
struct stage *base_open_image(struct build *b, const char *reference, struct err *err);

#endif
