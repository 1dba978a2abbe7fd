/* SPDX-License-Identifier: Apache-2.0 */
/* kist kill */
#include "engine/cli/cmd.h"
#include "engine/cli/mouth.h"
#include "engine/verb/verb.h"
#include "lib/own.h"

struct kill_options {
	const char *signal;
};

static int kill_one(struct mouth *m, const char *name, const void *options, struct err *err)
{
	const struct kill_options *o = options;
	const struct kill_request rq = {name, o->signal};

	return verb_kill(&m->engine, &rq, &m->sink, err);
}

static int run_kill(const struct cli_call *call, struct err *err)
{
	return mouth_each(call, kill_one, err);
}

static const struct cli_option options[] = {
	OPT_STRING(struct kill_options, signal, "signal", 's', "SIGNAL", "what is sent"),
};

const struct cli_command cmd_kill = {
	.name = "kill",
	.synopsis = "[OPTIONS] CONTAINER [CONTAINER...]",
	.help = "Send containers a signal",
	.options = options,
	.noptions = ARRAY_LEN(options),
	.options_size = sizeof(struct kill_options),
	.min_args = 1,
	.max_args = -1,
	.run = run_kill,
};
