/* SPDX-License-Identifier: Apache-2.0 */
/* kist volume create */
#include "engine/cli/cmd.h"
#include "engine/cli/mouth.h"
#include "engine/verb/verb.h"
#include "lib/own.h"

struct create_options {
	const char *driver, *name;
	struct strv label, opt;
};

static int run_create(const struct cli_call *call, struct err *err)
{
	const struct create_options *o = call->options;
	const struct volume_create_request rq = {.name = call->nargs ? call->args[0] : o->name,
		.driver = o->driver,
		.labels = {(const char **)o->label.items, o->label.count},
		.options = {(const char **)o->opt.items, o->opt.count}};
	own_mouth struct mouth m = {0};

	if (mouth_open(&m, call, err) < 0)
		return -err->code;
	return mouth_finish(&m, verb_volume_create(&m.engine, &rq, &m.sink, err), err);
}

static const struct cli_option options[] = {
	OPT_STRING(struct create_options, driver, "driver", 'd', "NAME", "only local"),
	OPT_LIST(struct create_options, label, "label", 0, "KEY=VALUE", "set a label"),
	OPT_STRING(struct create_options, name, "name", 0, "NAME", "the same as the argument",
		.flags = CLI_HIDDEN),
	OPT_LIST(struct create_options, opt, "opt", 'o', "KEY=VALUE", "not in kist yet",
		.flags = CLI_HIDDEN),
};

const struct cli_command cmd_volume_create = {
	.name = "volume create",
	.synopsis = "[OPTIONS] [VOLUME]",
	.help = "Make a volume",
	.options = options,
	.noptions = ARRAY_LEN(options),
	.options_size = sizeof(struct create_options),
	.max_args = 1,
	.run = run_create,
};
