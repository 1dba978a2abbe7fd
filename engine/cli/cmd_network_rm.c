/* SPDX-License-Identifier: Apache-2.0 */
/* kist network rm */
#include "engine/cli/cmd.h"
#include "engine/cli/mouth.h"
#include "engine/verb/verb.h"
#include "lib/own.h"

struct rm_options {
	bool force;
};

static int remove_one(struct mouth *m, const char *name, const void *options, struct err *err)
{
	const struct rm_options *o = options;
	const struct network_rm_request rq = {name};
	int r = verb_network_rm(&m->engine, &rq, &m->sink, err);

	return r == -E_NOT_FOUND && o->force ? 0 : r;
}

static int run_rm(const struct cli_call *call, struct err *err)
{
	return mouth_each(call, remove_one, err);
}

static const struct cli_option rm_options[] = {
	OPT_FLAG(struct rm_options, force, "force", 'f', "one that is not there is no error"),
};

const struct cli_command cmd_network_rm = {
	.name = "network rm",
	.synopsis = "NETWORK [NETWORK...]",
	.help = "Remove networks that no container is in",
	.options = rm_options,
	.noptions = ARRAY_LEN(rm_options),
	.options_size = sizeof(struct rm_options),
	.min_args = 1,
	.max_args = -1,
	.run = run_rm,
};
