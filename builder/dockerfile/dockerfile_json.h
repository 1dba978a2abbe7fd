/* SPDX-License-Identifier: Apache-2.0 */
/* A Dockerfile as JSON lines: what kist-dockerfile writes and kist-build reads (docs/pipes.md). */
#ifndef KIST_BUILDER_DOCKERFILE_JSON_H
#define KIST_BUILDER_DOCKERFILE_JSON_H

#include "builder/dockerfile/dockerfile.h"
#include "lib/json.h"

/* One instruction, and the first line with the directives. In the arena. */
struct json *instruction_to_json(const struct instruction *in, struct arena *a);
struct json *directives_to_json(const struct dockerfile *d, struct arena *a);

/*
 * All lines of a Dockerfile as they were written. A line {"error","line"} is returned as E_SYNTAX
 * with d->error_line set. Strings live in the arena. Returns 0.
 */
int dockerfile_from_json(
	const char *text, size_t len, struct dockerfile *d, struct arena *a, struct err *err);

#endif
