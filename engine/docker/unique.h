/* SPDX-License-Identifier: Apache-2.0 */
/* Lists in which what is there twice counts once. The cost is that of sorting. */
#ifndef KIST_ENGINE_UNIQUE_H
#define KIST_ENGINE_UNIQUE_H

#include "lib/schema.h"

/* Keep the first of equal strings, in its place. items is changed. */
void unique_strings(struct strings *list);

/* Keep one pair of each key, in the place of the first, with the value of the last. */
void unique_pairs(struct string_map *map);

#endif
