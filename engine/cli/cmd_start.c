/* SPDX-License-Identifier: Apache-2.0 */
/* kist start and restart */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "engine/cli/cmd.h"
#include "engine/verb/start.h"
#include "engine/verb/stop.h"
#include "lib/own.h"

struct start_options {
	bool attach, interactive, no_sig_proxy;
};

static void describe(struct start *start, struct engine *e, struct subject *s)
{
	*start = (struct start){.engine = e,
		.id = s->container.id,
		.docker = &s->docker,
		.container = &s->container,
		.mount = &s->mount};
}

static bool runs(const struct subject *s)
{
	return s->state.status == STATUS_RUNNING || s->state.status == STATUS_PAUSED;
}

static void plan_start(struct engine *e, struct subject *s)
{
	struct start *start = arena_alloc(&e->arena, sizeof(*start));

	describe(start, e, s);
	container_plan_start(start);
}

static int start_one(struct engine *e, struct subject *s, const void *options, struct err *err)
{
	(void)options;
	(void)err;
	if (!runs(s))
		plan_start(e, s);
	return 0;
}

/* -a: one container, whose status is ours. */
static int start_attached(
	struct engine *e, const char *name, const struct start_options *o, struct err *err)
{
	own_subject struct subject s = SUBJECT_INIT;
	struct start start;

	if (subject_find(e, name, STORED_CONTAINER_LOCK, &s, err) < 0)
		return -err->code;
	if (runs(&s))
		return err_set(err, E_IN_USE, "container %s is running: 'kist attach %s' joins it",
			s.container.id, name);
	describe(&start, e, &s);
	start.attach = start.use_stdout = start.use_stderr = true;
	start.use_stdin = o->interactive && s.docker.config.open_stdin;
	start.no_sig_proxy = o->no_sig_proxy;
	if (start_check_terminal(&s.docker, start.use_stdin, err) < 0)
		return -err->code;
	container_plan_start(&start);
	return engine_finish(e, err);
}

static int run_start(const struct cli_call *call, struct err *err)
{
	const struct start_options *o = call->options;
	own_engine struct engine e = {0};
	int status;

	if (!o->attach && !o->interactive) {
		status = each_container(call, &e, STORED_CONTAINER_LOCK, start_one, false, err);
		if (status > 0)
			fputs("kist: failed to start containers\n", stderr);
		return status;
	}
	if (call->nargs > 1)
		return err_set(
			err, EINVAL, "you cannot start and attach multiple containers at once");
	if (engine_open(call, &e, err) < 0)
		return -err->code;
	return start_attached(&e, call->args[0], o, err);
}

static int parse_sig_proxy(const char *value, void *field, struct err *err)
{
	bool off = strcmp(value, "false") == 0 || strcmp(value, "0") == 0;

	if (!off && strcmp(value, "true") != 0 && strcmp(value, "1") != 0)
		return err_set(err, E_USAGE, "expected true or false");
	*(bool *)field = off;
	return 0;
}

static const struct cli_option start_options[] = {
	{.name = "attach",
		.letter = 'a',
		.kind = CLI_FLAG,
		.offset = CLI_FIELD(struct start_options, attach),
		.help = "stay, and pass output and signals on"},
	{.name = "interactive",
		.letter = 'i',
		.kind = CLI_FLAG,
		.offset = CLI_FIELD(struct start_options, interactive),
		.help = "stay, and be its stdin"},
	{.name = "sig-proxy",
		.kind = CLI_VALUE,
		.offset = CLI_FIELD(struct start_options, no_sig_proxy),
		.arg = "BOOL",
		.help = "pass signals on (default true)",
		.parse = parse_sig_proxy},
};

const struct cli_command cmd_start = {
	.name = "start",
	.synopsis = "[OPTIONS] CONTAINER [CONTAINER...]",
	.help = "Start containers that have ended or were never started",
	.options = start_options,
	.noptions = ARRAY_LEN(start_options),
	.options_size = sizeof(struct start_options),
	.min_args = 1,
	.max_args = -1,
	.run = run_start,
};

struct restart_options {
	const char *signal;
	struct optional_seconds time;
};

static int restart_one(struct engine *e, struct subject *s, const void *options, struct err *err)
{
	const struct restart_options *o = options;

	if (runs(s)) {
		if (stop_plan(e, s, o->signal, &o->time, err) < 0)
			return -err->code;
		if (s->docker.host_config.auto_remove)
			return err_set(err, EINVAL,
				"container %s is removed when it ends (--rm): it cannot be restarted",
				s->name);
	}
	stop_plan_lock(e, s);
	plan_start(e, s);
	return 0;
}

static int run_restart(const struct cli_call *call, struct err *err)
{
	own_engine struct engine e = {0};

	return each_container(call, &e, SUBJECT_STARTED, restart_one, false, err);
}

static const struct cli_option restart_options[] = {
	{.name = "signal",
		.letter = 's',
		.kind = CLI_STRING,
		.offset = CLI_FIELD(struct restart_options, signal),
		.arg = "SIGNAL",
		.help = "what is sent"},
	{.name = "time",
		.letter = 't',
		.kind = CLI_VALUE,
		.offset = CLI_FIELD(struct restart_options, time),
		.arg = "SECONDS",
		.help = "wait before SIGKILL (default 10)",
		.parse = stop_parse_seconds},
};

const struct cli_command cmd_restart = {
	.name = "restart",
	.synopsis = "[OPTIONS] CONTAINER [CONTAINER...]",
	.help = "Stop containers and start them again",
	.options = restart_options,
	.noptions = ARRAY_LEN(restart_options),
	.options_size = sizeof(struct restart_options),
	.min_args = 1,
	.max_args = -1,
	.run = run_restart,
};
