/* SPDX-License-Identifier: Apache-2.0 */
/* Hooks (runtime-spec, config.md, POSIX-platform Hooks): programs that get the state on stdin. */
#ifndef KIST_RUNTIME_HOOKS_H
#define KIST_RUNTIME_HOOKS_H

#include "lib/err.h"
#include "lib/json.h"
#include "spec/runtime_config.h"

/* Where a list of hooks runs, besides where we are. */
struct hook_scene {
	const char *what;       /* names them in errors: "createRuntime" */
	int cwd;                /* a directory that may be entered or not; -1: ours */
	const char *const *env; /* of those that have none of their own; NULL: ours */
	/* the last thing before the program, in its process; NULL: nothing */
	int (*confine)(void *arg, struct err *err);
	void *confine_arg;
};

/*
 * Run them one after the other, with the state document. The first that fails, or takes longer than
 * its timeout, is the error.
 */
int hooks_run(const struct hook_list *list, const struct hook_scene *scene,
	const struct json *state, struct err *err);

/* In the bundle, as the runtime's hooks are; bundle is a path. */
int hooks_run_in_bundle(const struct hook_list *list, const char *what, const char *bundle,
	const struct json *state, struct err *err);

#endif
