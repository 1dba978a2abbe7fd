/* SPDX-License-Identifier: Apache-2.0 */
/* kist wait */
#include "engine/cli/cmd.h"
#include "engine/cli/mouth.h"
#include "engine/verb/verb.h"

static int run_wait(const struct cli_call *call, struct err *err)
{
	own_mouth struct mouth m = {0};
	int status = 0;

	if (mouth_open_looking(&m, call, err) < 0)
		return -err->code;
	for (size_t i = 0; i < call->nargs; i++) {
		const struct container_request rq = {call->args[i]};

		if (verb_wait(&m.engine, &rq, &m.sink, err) < 0)
			mouth_complain(&m, err, &status);
	}
	return status;
}

const struct cli_command cmd_wait = {
	.name = "wait",
	.synopsis = "CONTAINER [CONTAINER...]",
	.help = "Wait until containers have ended, and print their exit statuses",
	.min_args = 1,
	.max_args = -1,
	.run = run_wait,
};
