/* SPDX-License-Identifier: Apache-2.0 */
/* kist stop, kill, pause and unpause */
#include <errno.h>
#include <signal.h>
#include <string.h>

#include "engine/cli/cmd.h"
#include "engine/docker/signals.h"
#include "engine/verb/stop.h"
#include "lib/own.h"

struct stop_options {
	const char *signal;
	struct optional_seconds time;
};

static int stop_one(struct engine *e, struct subject *s, const void *options, struct err *err)
{
	const struct stop_options *o = options;

	/* stopped already is no error */
	if (stop_check_running(s, err) < 0)
		return 0;
	return stop_plan(e, s, o->signal, &o->time, err);
}

/* The steps of one container are done before the next is looked at: they refer to its subject. */
static int run_stop(const struct cli_call *call, struct err *err)
{
	own_engine struct engine e = {0};

	return each_container(call, &e, SUBJECT_STARTED, stop_one, false, err);
}

static int kill_one(struct engine *e, struct subject *s, const void *options, struct err *err)
{
	const struct stop_options *o = options;
	int signo = o->signal ? signal_parse(o->signal) : SIGKILL;

	if (signo < 0)
		return err_set(err, E_USAGE, "invalid signal: %s", o->signal);
	if (stop_check_running(s, err) < 0)
		return err_wrap(err, "cannot kill container: %s", s->name);
	stop_plan_kill(e, s, signo);
	if (signo == SIGKILL)
		stop_plan_wait(e, s);
	return 0;
}

static int run_kill(const struct cli_call *call, struct err *err)
{
	own_engine struct engine e = {0};

	return each_container(call, &e, SUBJECT_STARTED, kill_one, false, err);
}

static int pause_one(struct engine *e, struct subject *s, const void *options, struct err *err)
{
	const char *marker = engine_run_path(e, "containers/%s/paused", s->container.id);

	(void)options;
	if (s->state.status == STATUS_PAUSED)
		return err_set(err, E_IN_USE, "Container %s is already paused", s->container.id);
	if (stop_check_running(s, err) < 0)
		return -err->code;
	plan_program(&e->plan, s->docker.host_config.runtime, "--root",
		engine_run_path(e, "runtime"), "pause", s->container.id, NULL);
	plan_file(&e->plan, marker, 0600, "");
	return 0;
}

static int run_pause(const struct cli_call *call, struct err *err)
{
	own_engine struct engine e = {0};

	return each_container(call, &e, STORED_CONTAINER_LOCK, pause_one, false, err);
}

static int unpause_one(struct engine *e, struct subject *s, const void *options, struct err *err)
{
	(void)options;
	if (s->state.status != STATUS_PAUSED)
		return err_set(err, E_NOT_RUNNING, "Container %s is not paused", s->container.id);
	plan_program(&e->plan, s->docker.host_config.runtime, "--root",
		engine_run_path(e, "runtime"), "resume", s->container.id, NULL);
	plan_remove(&e->plan, engine_run_path(e, "containers/%s/paused", s->container.id));
	return 0;
}

static int run_unpause(const struct cli_call *call, struct err *err)
{
	own_engine struct engine e = {0};

	return each_container(call, &e, STORED_CONTAINER_LOCK, unpause_one, false, err);
}

static const struct cli_option stop_options[] = {
	{.name = "signal",
		.letter = 's',
		.kind = CLI_STRING,
		.offset = CLI_FIELD(struct stop_options, signal),
		.arg = "SIGNAL",
		.help = "what is sent"},
	{.name = "time",
		.letter = 't',
		.kind = CLI_VALUE,
		.offset = CLI_FIELD(struct stop_options, time),
		.arg = "SECONDS",
		.help = "wait before SIGKILL (default 10)",
		.parse = stop_parse_seconds},
	{.name = "timeout",
		.kind = CLI_VALUE,
		.offset = CLI_FIELD(struct stop_options, time),
		.arg = "SECONDS",
		.help = "the same",
		.flags = CLI_HIDDEN,
		.parse = stop_parse_seconds},
};

#define CONTAINERS(name_, help_, noptions_, run_)                                                  \
	{                                                                                          \
		.name = (name_), .synopsis = "[OPTIONS] CONTAINER [CONTAINER...]",                 \
		.help = (help_), .options = stop_options, .noptions = (noptions_),                 \
		.options_size = sizeof(struct stop_options), .min_args = 1, .max_args = -1,        \
		.run = (run_)                                                                      \
	}

const struct cli_command cmd_stop = CONTAINERS(
	"stop", "Stop containers", ARRAY_LEN(stop_options), run_stop);
const struct cli_command cmd_kill = CONTAINERS("kill", "Send containers a signal", 1, run_kill);
const struct cli_command cmd_pause = CONTAINERS("pause", "Freeze containers", 0, run_pause);
const struct cli_command cmd_unpause = CONTAINERS("unpause", "Thaw containers", 0, run_unpause);
