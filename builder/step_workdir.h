/* SPDX-License-Identifier: Apache-2.0 */
/* WORKDIR: relative to the former one, and made when it is missing. */
#ifndef KIST_BUILDER_STEP_WORKDIR_H
#define KIST_BUILDER_STEP_WORKDIR_H

#include "builder/stage.h"
#include "lib/err.h"

/* Execute it. Returns 0. */
int step_workdir(struct stage *s, const struct instruction *in, struct err *err);

#endif
