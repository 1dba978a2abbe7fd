/* SPDX-License-Identifier: Apache-2.0 */
/* One logical line of a Dockerfile (continuations joined) as an instruction. */
#ifndef KIST_BUILDER_DOCKERFILE_ARGS_H
#define KIST_BUILDER_DOCKERFILE_ARGS_H

#include "builder/dockerfile/dockerfile.h"

/* Fills everything but line numbers and heredocs. Returns 0 or E_SYNTAX. */
int instruction_parse(
	const char *line, char escape, struct instruction *in, struct arena *a, struct err *err);

#endif
