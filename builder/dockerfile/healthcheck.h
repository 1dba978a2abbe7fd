/* SPDX-License-Identifier: Apache-2.0 */
/* HEALTHCHECK: its words and durations. */
#ifndef KIST_BUILDER_HEALTHCHECK_H
#define KIST_BUILDER_HEALTHCHECK_H

#include "builder/dockerfile/dockerfile.h"
#include "lib/buf.h"

/*
 * Go's durations ("1h30m", "1.5s", "100ms", "0") as nanoseconds. Returns 0 or E_SYNTAX in Go's
 * words.
 */
int duration_parse(const char *text, int64_t *nanoseconds, struct err *err);

/* The same backwards, as Go prints them: "1m30s", "1.5s", "0s". */
void duration_format(int64_t nanoseconds, struct buf *out);

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
