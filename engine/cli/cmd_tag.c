/* SPDX-License-Identifier: Apache-2.0 */
/* kist tag */
#include "engine/cli/cmd.h"
#include "engine/cli/mouth.h"
#include "engine/verb/verb.h"

static int run_tag(const struct cli_call *call, struct err *err)
{
	const struct tag_request rq = {call->args[0], call->args[1]};
	own_mouth struct mouth m = {0};

	if (mouth_open(&m, call, err) < 0)
		return -err->code;
	return mouth_finish(&m, verb_tag(&m.engine, &rq, &m.sink, err), err);
}

const struct cli_command cmd_tag = {
	.name = "tag",
	.synopsis = "IMAGE[:TAG] NAME[:TAG]",
	.help = "Give an image another name",
	.min_args = 2,
	.max_args = 2,
	.run = run_tag,
};
