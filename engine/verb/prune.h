/* SPDX-License-Identifier: Apache-2.0 */
/* What the prune verbs share. */
#ifndef KIST_ENGINE_PRUNE_H
#define KIST_ENGINE_PRUNE_H

#include <stdbool.h>

#include "engine/docker/filter.h"
#include "engine/verb/engine.h"
#include "lib/schema.h"

#define VOLUME_LABEL_ANONYMOUS "com.docker.volume.anonymous"

/* Do the filters label, label! and until (created before) let an object go? */
bool prune_wanted(const struct filters *f, const struct string_map *labels, const char *created);

/* "Total reclaimed space: 0B", with an empty line above when something was listed. */
void prune_plan_total(struct engine *e, int64_t bytes, bool listed);

#endif
