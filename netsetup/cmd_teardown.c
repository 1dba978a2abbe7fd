/* SPDX-License-Identifier: Apache-2.0 */
/* kist-netsetup teardown: the wish that setup got on stdin, of which the id is enough. */
#include "lib/own.h"
#include "lib/path.h"
#include "netsetup/cmd.h"
#include "netsetup/setup.h"

static int run(const struct cli_call *call, struct err *err)
{
	own_arena struct arena a = {0};
	own_state struct state s = STATE_INIT;
	own_mem char *netns = path_absolute(call->args[0]);
	struct network_wish wish;
	int r;

	if (cmd_read_wish(&a, false, &wish, err) < 0 || cmd_open_state(call, true, &s, err) < 0)
		return -err->code;
	r = teardown(&s, netns, &wish, err);
	sweep(&s, SWEEP_SOME);
	return r;
}

const struct cli_command netsetup_teardown_command = {
	.name = "teardown",
	.synopsis = "NETNS < WISH",
	.help = "take a container's networks away; what is missing is no error",
	.min_args = 1,
	.max_args = 1,
	.run = run,
};
