/* SPDX-License-Identifier: Apache-2.0 */
/* Instructions that change the image's config alone. */
#ifndef KIST_BUILDER_STEP_METADATA_H
#define KIST_BUILDER_STEP_METADATA_H

#include "builder/stage.h"
#include "lib/err.h"

/* Execute one of them. Returns 0. */
int step_metadata(struct stage *s, const struct instruction *in, struct err *err);

#endif
