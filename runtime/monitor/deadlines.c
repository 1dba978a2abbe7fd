/* SPDX-License-Identifier: Apache-2.0 */
#include "runtime/monitor/deadlines.h"

#include <limits.h>
#include <stdlib.h>
#include <time.h>

#include "lib/mem.h"

void deadlines_release(struct deadlines *d)
{
	free(d->rows);
	*d = (struct deadlines){0};
}

int64_t deadlines_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* Not any more; one that is not there is no error. */
static void clear(struct deadlines *d, deadline_due *due, void *arg)
{
	for (size_t i = 0; i < d->count; i++)
		if (d->rows[i].due == due && d->rows[i].arg == arg) {
			d->rows[i] = d->rows[--d->count];
			return;
		}
}

void deadlines_set(struct deadlines *d, int64_t at, deadline_due *due, void *arg)
{
	clear(d, due, arg);
	if (d->count == d->room) {
		d->room = d->room ? 2 * d->room : 4;
		d->rows = xrealloc(d->rows, d->room * sizeof(*d->rows));
	}
	d->rows[d->count++] = (struct deadline){at, due, arg};
}

static const struct deadline *next(const struct deadlines *d)
{
	const struct deadline *first = NULL;

	for (size_t i = 0; i < d->count; i++)
		if (!first || d->rows[i].at < first->at)
			first = &d->rows[i];
	return first;
}

int deadlines_timeout(const struct deadlines *d, int64_t now)
{
	const struct deadline *first = next(d);

	if (!first)
		return -1;
	if (first->at <= now)
		return 0;
	return first->at - now > INT_MAX ? INT_MAX : (int)(first->at - now);
}

void deadlines_run(struct deadlines *d, int64_t now)
{
	const struct deadline *first;

	while ((first = next(d)) && first->at <= now) {
		struct deadline row = *first;

		clear(d, row.due, row.arg);
		row.due(row.arg);
	}
}
