/* SPDX-License-Identifier: Apache-2.0 */
/* kist unpause */
#include "engine/cli/cmd.h"
#include "engine/cli/mouth.h"
#include "engine/verb/verb.h"

static int unpause_one(struct mouth *m, const char *name, const void *options, struct err *err)
{
	const struct container_request rq = {name};

	(void)options;
	return verb_unpause(&m->engine, &rq, &m->sink, err);
}

static int run_unpause(const struct cli_call *call, struct err *err)
{
	return mouth_each(call, unpause_one, err);
}

const struct cli_command cmd_unpause = {
	.name = "unpause",
	.synopsis = "CONTAINER [CONTAINER...]",
	.help = "Thaw containers",
	.min_args = 1,
	.max_args = -1,
	.run = run_unpause,
};
