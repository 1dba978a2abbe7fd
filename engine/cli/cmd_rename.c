/* SPDX-License-Identifier: Apache-2.0 */
/* kist rename */
#include "engine/cli/cmd.h"
#include "engine/cli/mouth.h"
#include "engine/verb/verb.h"

static int run_rename(const struct cli_call *call, struct err *err)
{
	const struct rename_request rq = {call->args[0], call->args[1]};
	own_mouth struct mouth m = {0};

	if (mouth_open(&m, call, err) < 0)
		return -err->code;
	return mouth_finish(&m, verb_rename(&m.engine, &rq, &m.sink, err), err);
}

const struct cli_command cmd_rename = {
	.name = "rename",
	.synopsis = "CONTAINER NAME",
	.help = "Give a container another name",
	.min_args = 2,
	.max_args = 2,
	.run = run_rename,
};
