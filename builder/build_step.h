/* SPDX-License-Identifier: Apache-2.0 */
/* What steps that make a layer have in common. */
#ifndef KIST_BUILDER_BUILD_STEP_H
#define KIST_BUILDER_BUILD_STEP_H

#include "builder/cache.h"
#include "builder/root.h"
#include "builder/stage.h"

struct build_step {
	struct stage *stage;
	const char *text;       /* for people: the instruction as written */
	const char *created_by; /* for the history */
};

/* Begin the vertex. text is shown on one line. */
void step_begin(struct build_step *st, struct stage *s, const struct instruction *in);

/* The layer of a cache entry goes on top; the step says CACHED. Returns 0. */
int step_cached(struct build_step *st, const struct cache_entry *e, struct err *err);

/* Tell programs that the step is executed. */
void step_executing(struct build_step *st);

/*
 * Make root's upper directory a layer (NULL: the step made none), remember it under the keys, and
 * say DONE. Returns 0.
 */
int step_made(struct build_step *st, struct root *root, const struct cache_key *keys, size_t nkeys,
	struct err *err);

/* The step failed: say so on its line. Returns -err->code. */
int step_failed(struct build_step *st, struct err *err);

/* SOURCE_DATE_EPOCH, or now, as RFC 3339. In the arena. */
const char *step_time(const struct stage *s);

#endif
