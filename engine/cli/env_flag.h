/* SPDX-License-Identifier: Apache-2.0 */
/* -e, --env-file and --label-file, of run, create and exec. */
#ifndef KIST_ENGINE_ENV_FLAG_H
#define KIST_ENGINE_ENV_FLAG_H

#include "lib/buf.h"
#include "lib/err.h"
#include "lib/schema.h"

/*
 * The "KEY=VALUE" lines of an --env-file or --label-file, added to *list; env: a variable without a
 * value gets ours, and is left out when we have none. Returns 0, or E_USAGE that names the file.
 */
int env_flag_read_file(
	const char *path, bool env, struct strings *list, struct arena *a, struct err *err);

/*
 * All of --env-file and then of -e: "K=V" as it stands, "K" with the value of our environment;
 * without one "K" removes. Returns 0.
 */
int env_flag_gather(const struct strv *files, const struct strv *flags, struct strings *env,
	struct arena *a, struct err *err);

#endif
