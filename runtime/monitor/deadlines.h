/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is to happen at a time of the monotonic clock, which no change of the date moves. One row
 * for each: the end of a drain, the time that a health probe has, a restart that waits.
 */
#ifndef KIST_RUNTIME_DEADLINES_H
#define KIST_RUNTIME_DEADLINES_H

#include <stddef.h>
#include <stdint.h>

typedef void deadline_due(void *arg);

struct deadline {
	int64_t at; /* milliseconds, deadlines_now() */
	deadline_due *due;
	void *arg;
};

struct deadlines {
	struct deadline *rows;
	size_t count, room;
};

void deadlines_release(struct deadlines *d);

/* Milliseconds of the monotonic clock. */
int64_t deadlines_now(void);

/* Call due(arg) at that time. A row of the same two is moved there. */
void deadlines_set(struct deadlines *d, int64_t at, deadline_due *due, void *arg);

/* How long poll() may wait: milliseconds until the next one, 0 when one is due, -1 for ever. */
int deadlines_timeout(const struct deadlines *d, int64_t now);

/* Call what is due, the oldest first; each has left the list before, and may set itself again. */
void deadlines_run(struct deadlines *d, int64_t now);

#endif
