/* SPDX-License-Identifier: Apache-2.0 */
/* kist restart */
#include "engine/cli/cmd.h"
#include "engine/cli/mouth.h"
#include "engine/cli/seconds.h"
#include "engine/verb/verb.h"
#include "lib/own.h"

struct restart_options {
	const char *signal;
	struct optional_seconds time;
};

static int restart_one(struct mouth *m, const char *name, const void *options, struct err *err)
{
	const struct restart_options *o = options;
	const struct stop_request rq = {name, o->signal, seconds_of(&o->time)};

	return verb_restart(&m->engine, &rq, &m->sink, err);
}

static int run_restart(const struct cli_call *call, struct err *err)
{
	return mouth_each(call, restart_one, err);
}

static const struct cli_option options[] = {
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
		.parse = seconds_parse},
};

const struct cli_command cmd_restart = {
	.name = "restart",
	.synopsis = "[OPTIONS] CONTAINER [CONTAINER...]",
	.help = "Stop containers and start them again",
	.options = options,
	.noptions = ARRAY_LEN(options),
	.options_size = sizeof(struct restart_options),
	.min_args = 1,
	.max_args = -1,
	.run = run_restart,
};
