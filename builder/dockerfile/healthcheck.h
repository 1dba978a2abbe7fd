/* SPDX-License-Identifier: Apache-2.0 */
/* HEALTHCHECK: its words. */
#ifndef KIST_BUILDER_HEALTHCHECK_H
#define KIST_BUILDER_HEALTHCHECK_H

#include "builder/dockerfile/dockerfile.h"

/* What the instruction asks for. */
struct health_options {
	struct strings test; /* "NONE", or "CMD" or "CMD-SHELL" and the command */
	int64_t interval, timeout, start_period, start_interval; /* nanoseconds; 0: not given */
	int64_t retries;
};

/* Check the instruction and fill *h, whose strings live in the arena. Returns 0 or E_SYNTAX. */
int healthcheck_parse(
	const struct instruction *in, struct health_options *h, struct arena *a, struct err *err);

#endif
