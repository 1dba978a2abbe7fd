/* SPDX-License-Identifier: Apache-2.0 */
/* kist volume rm */
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
	const struct volume_rm_request rq = {name, o->force};

	return verb_volume_rm(&m->engine, &rq, &m->sink, err);
}

static int run_rm(const struct cli_call *call, struct err *err)
{
	return mouth_each(call, remove_one, err);
}

static const struct cli_option options[] = {
	OPT_FLAG(struct rm_options, force, "force", 'f', "one that is not there is no error"),
};

const struct cli_command cmd_volume_rm = {
	.name = "volume rm",
	.synopsis = "[OPTIONS] VOLUME [VOLUME...]",
	.help = "Remove volumes that no container has",
	.options = options,
	.noptions = ARRAY_LEN(options),
	.options_size = sizeof(struct rm_options),
	.min_args = 1,
	.max_args = -1,
	.run = run_rm,
};
