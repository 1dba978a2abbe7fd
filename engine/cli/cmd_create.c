/* SPDX-License-Identifier: Apache-2.0 */
/* kist create */
#include "engine/cli/cmd.h"
#include "engine/cli/mouth.h"
#include "engine/cli/run/flags.h"
#include "engine/cli/run/request.h"
#include "engine/verb/verb.h"

static int run(const struct cli_call *call, struct err *err)
{
	own_mouth struct mouth m = {0};
	struct create_request request;
	struct create_result result;

	if (run_request_open(call, &m, 1, &request, err) < 0)
		return -err->code;
	return mouth_finish(&m, verb_create(&m.engine, &request, &result, &m.sink, err), err);
}

const struct cli_command cmd_create = {
	.name = "create",
	.help = "Make a container from an image without starting it",
	.run = run,
	RUN_ROW(create_flags, CREATE_FLAGS),
};
