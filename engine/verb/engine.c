/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/verb/engine.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "engine/verb/starting.h"
#include "engine/verb/tool.h"
#include "lib/own.h"
#include "lib/place.h"
#include "spec/tool.h"

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

static int call_store(
	void *session, const struct tool_io *io, const char *const argv[], struct err *err)
{
	return store_tool(session, io, argv, err);
}

static int call_kist(void *arg, const struct tool_io *io, const char *const argv[], struct err *err)
{
	(void)arg;
	return engine_tool(io, argv, err);
}

/* The image that the verb has found, which the container refers to: it is not read again. */
static int image_of_session(
	void *arg, const char *reference, const struct image_config **image, struct err *err)
{
	struct store_session *s = arg;
	const struct image *found;

	if (s->image_text && strcmp(s->image_text, reference) == 0)
		found = &s->image;
	else
		found = store_session_image(s, reference, err);
	if (!found)
		return -err->code;
	*image = &found->config;
	return 0;
}

static int run_mounted(struct tool_mount *place, const struct tool_io *io, const char *const argv[],
	struct err *err)
{
	struct spawn sp = {.argv = argv, .setup = tool_mount_enter, .setup_arg = place};
	struct child child;
	int status;

	spawn_pass(&sp, io->in, 0);
	spawn_pass(&sp, io->out, 1);
	if (spawn_start(&sp, &child, err) < 0)
		return -err->code;
	place->attached = true;
	return child_wait(&child, &status, err) < 0 ? -err->code : status;
}

/* "kist-store mount ID DIR -- COMMAND": what need not be started is called. */
static int call_mounted(void *arg, struct tool_mount *place, const struct tool_io *io,
	const char *const argv[], struct err *err)
{
	struct engine *e = arg;
	const struct spec_session spec = {.in = io->in,
		.out = io->out,
		.image = image_of_session,
		.image_arg = &e->session,
		.root = place->mount};

	if (strcmp(argv[0], "kist-spec") == 0)
		return spec_tool(&spec, argv, err);
	if (strcmp(argv[0], "kist-monitor") == 0 && e->starting)
		return starting_command(e->starting, place, io, argv, err);
	return run_mounted(place, io, argv, err);
}

int engine_open(struct engine *e, const struct engine_options *options, struct err *err)
{
	own_place struct place place = {0};
	own_mem char *index = NULL;

	*e = (struct engine){.session = STORE_SESSION_INIT,
		.plan_only = options->plan,
		.terminal = options->terminal};
	if (place_find(options->root, options->run, &place, err) < 0)
		return -err->code;
	e->root_path = give(place.root);
	e->run_path = give(place.run);
	e->plan.title = options->title ? options->title : "";
	e->plan.failed_status = 1;
	e->plan.streams = options->streams;
	e->tools[0] = (struct plan_tool){"kist-store", call_store, &e->session};
	e->tools[1] = (struct plan_tool){"kist", call_kist, NULL};
	e->plan.tools = e->tools;
	e->plan.ntools = ARRAY_LEN(e->tools);
	e->words = options->words;
	e->session.command = call_mounted;
	e->session.command_arg = e;
	/* programs that we start work on the same trees */
	if (setenv("KIST_ROOT", e->root_path, 1) < 0 || setenv("KIST_RUN", e->run_path, 1) < 0)
		return err_errno(err, "cannot set the environment");
	index = xasprintf("%s/images", e->root_path);
	if (e->plan_only && access(index, F_OK) < 0)
		return 0;
	e->session.root = e->root_path;
	e->session.run = e->run_path;
	if (store_session_open(&e->session, err) < 0)
		return -err->code;
	e->store = e->session.store;
	return 0;
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
