/* SPDX-License-Identifier: Apache-2.0 */
/* COPY, and ADD of local files. */
#ifndef KIST_BUILDER_STEP_COPY_H
#define KIST_BUILDER_STEP_COPY_H

#include "builder/stage.h"
#include "lib/err.h"

/* Execute it; a stage that it copies from is built first. Returns 0. */
int step_copy(struct stage *s, const struct instruction *in, struct err *err);

#endif
