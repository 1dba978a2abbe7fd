/* SPDX-License-Identifier: Apache-2.0 */
/* Opening the store for a verb, and what the steps of its plan are done by in this process. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "engine/verb/engine.h"
#include "engine/verb/starting.h"
#include "engine/verb/tool.h"
#include "lib/own.h"
#include "lib/place.h"
#include "spec/tool.h"

static int call_store(
	void *session, const struct tool_io *io, const char *const argv[], struct err *err)
{
	return store_tool(session, io, argv, err);
}

static int call_kist(void *arg, const struct tool_io *io, const char *const argv[], struct err *err)
{
	struct engine *e = arg;

	return engine_tool(io, argv, &e->reclaimed, err);
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
		return sentence_for(ABOUT_IMAGE, reference, err);
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

	*e = (struct engine){.session = STORE_SESSION_INIT, .plan_only = options->plan};
	if (place_find(options->root, options->run, &place, err) < 0)
		return -err->code;
	e->root_path = give(place.root);
	e->run_path = give(place.run);
	e->cgroup_parent = place.cgroup_parent;
	e->plan.title = options->title ? options->title : "";
	e->plan.failed_status = 1;
	e->plan.streams = options->streams;
	e->tools[0] = (struct plan_tool){"kist-store", call_store, &e->session};
	e->tools[1] = (struct plan_tool){"kist", call_kist, e};
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
	e->session.stays = true;
	if (store_session_open(&e->session, err) < 0)
		return -err->code;
	e->store = e->session.store;
	return 0;
}
