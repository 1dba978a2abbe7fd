/* SPDX-License-Identifier: Apache-2.0 */
/* From an overlayfs upper directory to a layer: one walk makes diff_id and blob. */
#ifndef KIST_BUILDER_COMMIT_H
#define KIST_BUILDER_COMMIT_H

#include "builder/stage.h"

/*
 * Make dir/upper the stage's next layer: its directory is moved, not copied. In a stage that is
 * exported the blob is compressed in the same walk. *diff_id lives in the arena. Returns 0.
 */
int commit_upper(struct stage *s, int dir, const char **diff_id, struct err *err);

/* Put a layer that exists on top of the stage, with its blob when there is one. Returns 0. */
int commit_existing(struct stage *s, const char *diff_id, struct err *err);

/* Compress layers of the stage whose blob is missing. Returns 0. */
int commit_missing_blobs(struct stage *s, struct err *err);

#endif
