/* SPDX-License-Identifier: Apache-2.0 */
/* kist rm */
#include "engine/cli/cmd.h"
#include "engine/cli/mouth.h"
#include "engine/verb/verb.h"
#include "lib/own.h"

struct rm_options {
	bool force, volumes, link;
};

/* With --force what is not there need not be removed: that is said, and no failure. */
static int rm_one(struct mouth *m, const char *name, const void *options, struct err *err)
{
	const struct rm_options *o = options;
	const struct rm_request rq = {name, o->force, o->volumes};
	int r = verb_rm(&m->engine, &rq, &m->sink, err);

	if (r == -E_NOT_FOUND && o->force) {
		plan_notice(&m->engine.plan, "kist: %s", err->msg);
		return engine_do(&m->engine, &m->sink, err);
	}
	return r;
}

static int run_rm(const struct cli_call *call, struct err *err)
{
	const struct rm_options *o = call->options;

	if (o->link)
		return err_set(err, E_UNSUPPORTED, "kist has no links between containers: --link");
	return mouth_each(call, rm_one, err);
}

static const struct cli_option options[] = {
	OPT_FLAG(struct rm_options, force, "force", 'f', "also those that run, which are killed"),
	OPT_FLAG(struct rm_options, volumes, "volumes", 'v', "with their anonymous volumes"),
	OPT_FLAG(struct rm_options, link, "link", 'l', "not in kist", .flags = CLI_HIDDEN),
};

const struct cli_command cmd_rm = {
	.name = "rm",
	.synopsis = "[OPTIONS] CONTAINER [CONTAINER...]",
	.help = "Remove containers",
	.options = options,
	.noptions = ARRAY_LEN(options),
	.options_size = sizeof(struct rm_options),
	.min_args = 1,
	.max_args = -1,
	.run = run_rm,
};
