/* SPDX-License-Identifier: Apache-2.0 */
/* kist restart */
#include "engine/cli/cmd.h"
#include "engine/cli/mouth.h"
#include "engine/verb/verb.h"
#include "lib/own.h"
#include "lib/seconds.h"

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
	OPT_STRING(struct restart_options, signal, "signal", 's', "SIGNAL", "what is sent"),
	OPT_VALUE(struct restart_options, time, "time", 't', "SECONDS",
		"wait before SIGKILL (default 10)", seconds_parse),
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
