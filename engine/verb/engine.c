/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/verb/engine.h"

#include <stdarg.h>
#include <stdlib.h>
#include <unistd.h>

#include "lib/own.h"
#include "lib/place.h"

void engine_release(struct engine *e)
{
	store_close(e->store);
	free(e->root_path);
	free(e->run_path);
	plan_release(&e->plan);
	arena_release(&e->arena);
}

int engine_open(struct engine *e, const struct engine_options *options, struct err *err)
{
	own_place struct place place = {0};
	own_mem char *index = NULL;

	*e = (struct engine){.plan_only = options->plan, .terminal = options->terminal};
	if (place_find(options->root, options->run, &place, err) < 0)
		return -err->code;
	e->root_path = give(place.root);
	e->run_path = give(place.run);
	e->plan.title = options->title ? options->title : "";
	e->plan.failed_status = 1;
	e->plan.streams = options->streams;
	/* programs that we start work on the same trees */
	if (setenv("KIST_ROOT", e->root_path, 1) < 0 || setenv("KIST_RUN", e->run_path, 1) < 0)
		return err_errno(err, "cannot set the environment");
	index = xasprintf("%s/images", e->root_path);
	if (e->plan_only && access(index, F_OK) < 0)
		return 0;
	return store_open(options->root, options->run, 0, &e->store, err);
}

int engine_do(struct engine *e, struct sink *sink, struct err *err)
{
	return e->plan_only ? 0 : plan_execute(&e->plan, sink, err);
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
