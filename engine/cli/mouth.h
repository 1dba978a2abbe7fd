/* SPDX-License-Identifier: Apache-2.0 */
/*
 * kist's command line as a mouth of the verbs: a sink that prints docker's way, an engine with the
 * options in front of the verb, and --plan.
 */
#ifndef KIST_ENGINE_MOUTH_H
#define KIST_ENGINE_MOUTH_H

#include <stdbool.h>

#include "engine/cli/progress_view.h"
#include "engine/verb/engine.h"
#include "lib/cli.h"

/* kist [OPTIONS] VERB */
struct mouth_options {
	const char *root, *run;
	bool plan, pulled, debug;
};

struct mouth {
	struct sink sink; /* its functions find the mouth by it */
	struct engine engine;
	struct progress_view view;
	const struct cli_call *call;
	bool plan;
};

void mouth_release(struct mouth *m);

#define own_mouth __attribute__((cleanup(mouth_release)))

/*
 * Get the rights that a verb needs when we are not root (lib/userns.h); with --plan none are
 * needed. mouth_open() does it. Returns 0.
 */
int mouth_enter(const struct cli_call *call, struct err *err);

/* Open the store that the call's options name, for a verb that has a plan. Returns 0. */
int mouth_open(struct mouth *m, const struct cli_call *call, struct err *err);

/* For a verb that only looks: with --plan that is said. Returns 0 or E_UNSUPPORTED. */
int mouth_open_looking(struct mouth *m, const struct cli_call *call, struct err *err);

/* The same alone, for one that needs no store. */
int mouth_only_looks(const struct cli_call *call, struct err *err);

/*
 * At the end: with --plan the script is printed, also when the verb could not be planned to its
 * end: the script fails there then. r is what the verb returned, and is returned.
 */
int mouth_finish(struct mouth *m, int r, struct err *err);

/*
 * One of several objects failed: it is told, and *status is 1. With --plan the script will tell it.
 */
void mouth_complain(struct mouth *m, const struct err *err, int *status);

/* The verb for one object; options are the call's. Returns as the verb. */
typedef int mouth_verb(struct mouth *m, const char *name, const void *options, struct err *err);

/* Call verb for each object that the command line names; failures are told one by one. */
int mouth_each(const struct cli_call *call, mouth_verb *verb, struct err *err);

/* The same, and then() once at the end. */
int mouth_each_then(const struct cli_call *call, mouth_verb *verb,
	int (*then)(struct mouth *m, const void *options, struct err *err), struct err *err);

/* Is only a plan wanted? */
bool mouth_plans(const struct cli_call *call);

#endif
