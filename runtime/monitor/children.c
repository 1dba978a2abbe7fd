/* SPDX-License-Identifier: Apache-2.0 */
#include "runtime/monitor/children.h"

#include <stdlib.h>
#include <sys/wait.h>

#include "lib/mem.h"

void children_release(struct children *c)
{
	free(c->rows);
	*c = (struct children){0};
}

void children_adopt(struct children *c, pid_t pid, child_ended *ended, void *arg)
{
	if (c->count == c->room) {
		c->room = c->room ? 2 * c->room : 4;
		c->rows = xrealloc(c->rows, c->room * sizeof(*c->rows));
	}
	c->rows[c->count++] = (struct child_row){pid, ended, arg};
}

pid_t children_start(
	struct children *c, const struct spawn *sp, child_ended *ended, void *arg, struct err *err)
{
	struct child child;
	int r = spawn_start(sp, &child, err);

	if (r < 0)
		return r;
	children_adopt(c, child.pid, ended, arg);
	return child.pid;
}

bool children_have(const struct children *c, child_ended *ended, void *arg)
{
	for (size_t i = 0; i < c->count; i++)
		if (c->rows[i].ended == ended && c->rows[i].arg == arg)
			return true;
	return false;
}

static bool tell(struct children *c, pid_t pid, int raw)
{
	for (size_t i = 0; i < c->count; i++) {
		struct child_row row = c->rows[i];

		if (row.pid != pid)
			continue;
		c->rows[i] = c->rows[--c->count];
		row.ended(row.arg, raw);
		return true;
	}
	return false;
}

/* One of the table's own that has ended, so that what it leaves behind is known by then. */
static bool reap_row(struct children *c)
{
	for (size_t i = 0; i < c->count; i++) {
		int raw;

		if (waitpid(c->rows[i].pid, &raw, WNOHANG) == c->rows[i].pid)
			return tell(c, c->rows[i].pid, raw);
	}
	return false;
}

void children_reap(struct children *c)
{
	pid_t pid;
	int raw;

	while (reap_row(c))
		;
	while (!c->keep_orphans && (pid = waitpid(-1, &raw, WNOHANG)) > 0)
		tell(c, pid, raw);
}
