/* SPDX-License-Identifier: Apache-2.0 */
/* kist-store volume rm */
#include "lib/own.h"
#include "store/tool/cmd.h"
#include "store/volume.h"

struct rm_options {
	bool force;
};

static const struct cli_option options[] = {
	OPT_FLAG(struct rm_options, force, "force", 'f', "one that is not there is no error"),
};

static int run(const struct cli_call *call, struct err *err)
{
	const struct rm_options *o = call->options;
	const struct store_session *s = tool_session(call, err);
	int r = s ? volume_remove(s->store, call->args[0], err) : -err->code;

	return r == -E_NOT_FOUND && o->force ? 0 : r;
}

const struct cli_command tool_volume_rm = {
	.name = "volume rm",
	.synopsis = "[OPTIONS] NAME",
	.help = "Remove a volume with all that is in it",
	.options = options,
	.noptions = ARRAY_LEN(options),
	.options_size = sizeof(struct rm_options),
	.min_args = 1,
	.max_args = 1,
	.run = run,
	.details = "Whether a container uses it is not looked at: a container's record says it to "
		   "whoever wrote that.",
};
