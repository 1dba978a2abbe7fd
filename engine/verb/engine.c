/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/verb/engine.h"

#include <stdarg.h>
#include <stdlib.h>

void engine_release(struct engine *e)
{
	if (!e->root_path)
		return;
	store_session_release(&e->session);
	free(e->root_path);
	free(e->run_path);
	plan_release(&e->plan);
	arena_release(&e->arena);
}

int engine_do(struct engine *e, struct sink *sink, struct err *err)
{
	return e->plan_only ? 0 : plan_execute(&e->plan, sink, err);
}

bool engine_has_steps(const struct engine *e)
{
	for (const struct plan_group *g = e->plan.first; g; g = g->next)
		if (g->steps.first)
			return true;
	return false;
}

void engine_script(const struct engine *e, struct buf *out)
{
	plan_print(&e->plan, e->root_path, e->run_path, out);
}

__attribute__((format(printf, 3, 0))) static const char *join(
	struct engine *e, const char *base, const char *fmt, va_list ap)
{
	const char *rest = arena_vprintf(&e->arena, fmt, ap);

	return arena_printf(&e->arena, "%s/%s", base, rest);
}

const char *engine_root_path(struct engine *e, const char *fmt, ...)
{
	const char *path;
	va_list ap;

	va_start(ap, fmt);
	path = join(e, e->root_path, fmt, ap);
	va_end(ap);
	return path;
}

const char *engine_run_path(struct engine *e, const char *fmt, ...)
{
	const char *path;
	va_list ap;

	va_start(ap, fmt);
	path = join(e, e->run_path, fmt, ap);
	va_end(ap);
	return path;
}
