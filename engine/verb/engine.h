/* SPDX-License-Identifier: Apache-2.0 */
/* What every verb begins with: the store it works on, and the plan that it fills. */
#ifndef KIST_ENGINE_ENGINE_H
#define KIST_ENGINE_ENGINE_H

#include <stdbool.h>

#include "engine/verb/plan.h"
#include "engine/verb/sink.h"
#include "lib/mem.h"
#include "store/session.h"

struct engine_options {
	const char *root, *run; /* NULL: where they are otherwise (KIST_ROOT, ...) */
	bool plan;              /* only gather the steps: engine_script() prints them */
	const char *title;      /* the script's first line; NULL: none */
	struct strings
		words; /* by which kist makes this plan: of a plan that has to be made twice */
	/* what the programs of a verb have as stdin, stdout and stderr; NULL: our own */
	const int *streams;
};

struct starting;

struct engine {
	struct store_session session; /* what the steps of a plan share */
	struct store *store; /* the session's; NULL: only a plan is wanted, and there is none yet */
	char *root_path, *run_path; /* absolute */
	const char *cgroup_parent;  /* of containers, as lib/place says */
	bool plan_only;
	struct strings words; /* of the plan's own command line, see STEP_REST */
	struct plan_tool tools[2];
	struct starting *starting; /* whose monitor the plan starts; engine/verb/starting.h */
	int64_t reclaimed;         /* bytes that a prune has freed */
	struct plan plan;
	struct arena arena;
};

void engine_release(struct engine *e); /* one that is zeroed has nothing open */

#define own_engine __attribute__((cleanup(engine_release)))

/* Open the store and begin a plan; when only a plan is wanted nothing is made. Returns 0. */
int engine_open(struct engine *e, const struct engine_options *options, struct err *err);

/* Do what the plan has so far, or nothing when only the plan is wanted. As plan_execute(). */
int engine_do(struct engine *e, struct sink *sink, struct err *err);

/* Are there any steps? */
bool engine_has_steps(const struct engine *e);

/* Append the script of all steps. */
void engine_script(const struct engine *e, struct buf *out);

/* "RUN/containers/<id>" and the like: ROOT or RUN, and the words joined by '/'. In the arena. */
const char *engine_root_path(struct engine *e, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
const char *engine_run_path(struct engine *e, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

#endif
