/* SPDX-License-Identifier: Apache-2.0 */
/* kist rmi */
#include "engine/cli/cmd.h"
#include "engine/cli/mouth.h"
#include "engine/verb/verb.h"
#include "lib/own.h"

struct rmi_options {
	bool force, no_prune;
};

/* With --force what is not there need not be removed: that is said, and no failure. */
static int rmi_one(struct mouth *m, const char *name, const void *options, struct err *err)
{
	const struct rmi_options *o = options;
	const struct rmi_request rq = {name, o->force};
	int r = verb_rmi(&m->engine, &rq, &m->sink, err);

	if (r == -E_NOT_FOUND && o->force) {
		plan_notice(&m->engine.plan, "kist: %s", err->msg);
		return engine_do(&m->engine, &m->sink, err);
	}
	return r;
}

/* What nothing needs any more goes at the end, once. */
static int collect(struct mouth *m, const void *options, struct err *err)
{
	const struct rmi_options *o = options;

	return o->no_prune ? 0 : verb_collect(&m->engine, &m->sink, err);
}

static int run_rmi(const struct cli_call *call, struct err *err)
{
	return mouth_each_then(call, rmi_one, collect, err);
}

static const struct cli_option options[] = {
	OPT_FLAG(struct rmi_options, force, "force", 'f',
		"also when a stopped container or another name has it"),
	OPT_FLAG(struct rmi_options, no_prune, "no-prune", 0,
		"leave blobs and layers for a later gc"),
};

const struct cli_command cmd_rmi = {
	.name = "rmi",
	.synopsis = "[OPTIONS] IMAGE [IMAGE...]",
	.help = "Remove images",
	.options = options,
	.noptions = ARRAY_LEN(options),
	.options_size = sizeof(struct rmi_options),
	.min_args = 1,
	.max_args = -1,
	.run = run_rmi,
};
