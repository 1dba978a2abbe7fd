/* SPDX-License-Identifier: Apache-2.0 */
/* What the prune verbs share. */
#ifndef KIST_ENGINE_PRUNE_H
#define KIST_ENGINE_PRUNE_H

#include <stdbool.h>

#include "engine/docker/filter.h"
#include "lib/schema.h"

/* Do the filters label, label! and until (created before) let an object go? */
bool prune_wanted(const struct filters *f, const struct string_map *labels, const char *created);

#endif
