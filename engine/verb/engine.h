/* SPDX-License-Identifier: Apache-2.0 */
/* What every verb begins with: the options in front of it, and the store it works on. */
#ifndef KIST_ENGINE_ENGINE_H
#define KIST_ENGINE_ENGINE_H

#include <stdbool.h>

#include "engine/verb/plan.h"
#include "lib/cli.h"
#include "lib/mem.h"
#include "store/store.h"

/* kist [OPTIONS] VERB */
struct engine_options {
	const char *root, *run;
	bool plan, debug;
};

struct engine {
	const struct engine_options *options;
	struct store *store;        /* NULL: with --plan, and there is no store yet */
	char *root_path, *run_path; /* absolute */
	struct plan plan;
	struct arena arena;
};

void engine_release(struct engine *e);

#define own_engine __attribute__((cleanup(engine_release)))

/*
 * Open the store that the call's options name, and begin its plan; with --plan nothing is made.
 * words: the verb's command line for the script's first line. Returns 0.
 */
int engine_open(const struct cli_call *call, struct engine *e, struct err *err);

/*
 * A verb that only reads, or that has no steps: with --plan it says so. Returns 0 or E_UNSUPPORTED.
 */
int engine_open_without_plan(const struct cli_call *call, struct engine *e, struct err *err);

/* Do what the plan has so far, or nothing with --plan. Returns as plan_execute(). */
int engine_do(struct engine *e, struct err *err);

/* At the end of a verb: do the rest of the plan, or print all of it. Returns as plan_execute(). */
int engine_finish(struct engine *e, struct err *err);

/* "RUN/containers/<id>" and the like: ROOT or RUN, and the words joined by '/'. In the arena. */
const char *engine_root_path(struct engine *e, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
const char *engine_run_path(struct engine *e, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* "Error response" of a verb that takes several objects: printed, and remembered in *status. */
void engine_complain(const struct err *err, int *status);

#endif
