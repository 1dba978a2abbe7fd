/* SPDX-License-Identifier: Apache-2.0 */
/* Building a stage: its base, then its instructions one after the other. */
#ifndef KIST_BUILDER_STAGE_BUILD_H
#define KIST_BUILDER_STAGE_BUILD_H

#include "builder/stage.h"
#include "lib/err.h"

/*
 * Build a stage with all that it needs (its parent, stages that it copies from or mounts), once.
 * The build remembers the instruction that failed. Returns 0.
 */
int stage_build(struct stage *s, struct err *err);

#endif
