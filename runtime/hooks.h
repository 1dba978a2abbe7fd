/* SPDX-License-Identifier: Apache-2.0 */
/* Hooks (runtime-spec, config.md, POSIX-platform Hooks): programs that get the state on stdin. */
#ifndef KIST_RUNTIME_HOOKS_H
#define KIST_RUNTIME_HOOKS_H

#include "lib/err.h"
#include "lib/json.h"
#include "spec/runtime_config.h"

/*
 * Run them one after the other where we are, with the state document. what names them in errors
 * ("createRuntime"). The first that fails, or takes longer than its timeout, is the error.
 */
int hooks_run(
	const struct hook_list *list, const char *what, const struct json *state, struct err *err);

#endif
