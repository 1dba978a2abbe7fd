/* SPDX-License-Identifier: Apache-2.0 */
/* kist pause */
#include "engine/cli/cmd.h"
#include "engine/cli/mouth.h"
#include "engine/verb/verb.h"

static int pause_one(struct mouth *m, const char *name, const void *options, struct err *err)
{
	const struct container_request rq = {name};

	(void)options;
	return verb_pause(&m->engine, &rq, &m->sink, err);
}

static int run_pause(const struct cli_call *call, struct err *err)
{
	return mouth_each(call, pause_one, err);
}

const struct cli_command cmd_pause = {
	.name = "pause",
	.synopsis = "CONTAINER [CONTAINER...]",
	.help = "Freeze containers",
	.min_args = 1,
	.max_args = -1,
	.run = run_pause,
};
