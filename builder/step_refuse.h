/* SPDX-License-Identifier: Apache-2.0 */
/* What the grammar knows and this builder does not execute. */
#ifndef KIST_BUILDER_STEP_REFUSE_H
#define KIST_BUILDER_STEP_REFUSE_H

#include "builder/stage.h"
#include "lib/err.h"

/* E_UNSUPPORTED for such a thing; asked for a whole stage before its first step. Returns 0. */
int step_refuse(struct stage *s, const struct instruction *in, struct err *err);

#endif
