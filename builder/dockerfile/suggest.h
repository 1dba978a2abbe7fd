/* SPDX-License-Identifier: Apache-2.0 */
/* "(did you mean RUN?)": the nearest of the words that would have been right. */
#ifndef KIST_BUILDER_SUGGEST_H
#define KIST_BUILDER_SUGGEST_H

#include <stdbool.h>
#include <stddef.h>

#define SUGGEST_DISTANCE_MAX 2 /* insertions, deletions and replacements */

/*
 * The candidate nearest to word, at most SUGGEST_DISTANCE_MAX away and nearer than rewriting it
 * altogether; NULL when there is none. Borrowed from the list.
 */
const char *suggest(
	const char *word, const char *const *candidates, size_t count, bool ignore_case);

#endif
