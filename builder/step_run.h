/* SPDX-License-Identifier: Apache-2.0 */
/* RUN: one command in the stage's root file system. */
#ifndef KIST_BUILDER_STEP_RUN_H
#define KIST_BUILDER_STEP_RUN_H

#include "builder/stage.h"
#include "lib/err.h"

/* Execute it; stages that its mounts name are built first. Returns 0. */
int step_run(struct stage *s, const struct instruction *in, struct err *err);

#endif
