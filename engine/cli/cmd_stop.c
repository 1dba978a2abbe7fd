/* SPDX-License-Identifier: Apache-2.0 */
/* kist stop */
#include "engine/cli/cmd.h"
#include "engine/cli/mouth.h"
#include "engine/verb/verb.h"
#include "lib/own.h"
#include "lib/seconds.h"

struct stop_options {
	const char *signal;
	struct optional_seconds time;
};

static int stop_one(struct mouth *m, const char *name, const void *options, struct err *err)
{
	const struct stop_options *o = options;
	const struct stop_request rq = {name, o->signal, seconds_of(&o->time)};

	return verb_stop(&m->engine, &rq, &m->sink, err);
}

static int run_stop(const struct cli_call *call, struct err *err)
{
	return mouth_each(call, stop_one, err);
}

static const struct cli_option options[] = {
	OPT_STRING(struct stop_options, signal, "signal", 's', "SIGNAL", "what is sent"),
	OPT_VALUE(struct stop_options, time, "time", 't', "SECONDS",
		"wait before SIGKILL (default 10)", seconds_parse),
	OPT_VALUE(struct stop_options, time, "timeout", 0, "SECONDS", "the same", seconds_parse,
		.flags = CLI_HIDDEN),
};

const struct cli_command cmd_stop = {
	.name = "stop",
	.synopsis = "[OPTIONS] CONTAINER [CONTAINER...]",
	.help = "Stop containers",
	.options = options,
	.noptions = ARRAY_LEN(options),
	.options_size = sizeof(struct stop_options),
	.min_args = 1,
	.max_args = -1,
	.run = run_stop,
};
