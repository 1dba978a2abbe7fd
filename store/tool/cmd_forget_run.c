/* SPDX-License-Identifier: Apache-2.0 */
/* kist-store forget-run */
#include "lib/own.h"
#include "store/tool/cmd.h"

struct forget_options {
	bool force;
};

static const struct cli_option options[] = {
	OPT_FLAG(struct forget_options, force, "force", 'f',
		"also while its monitor is there: for what that itself starts at the end"),
};

static int run(const struct cli_call *call, struct err *err)
{
	const struct forget_options *o = call->options;
	const struct store_session *s = tool_session(call, err);

	return s ? stored_container_forget_run(s->store, call->args[0], o->force, err) : -err->code;
}

const struct cli_command tool_forget_run = {
	.name = "forget-run",
	.synopsis = "[OPTIONS] ID",
	.help = "Remove what a container's last run has left in the run directory",
	.options = options,
	.noptions = ARRAY_LEN(options),
	.options_size = sizeof(struct forget_options),
	.min_args = 1,
	.max_args = 1,
	.run = run,
	.details = "ID has 64 hex digits; the container need not be there any more.",
};
