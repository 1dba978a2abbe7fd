/* SPDX-License-Identifier: Apache-2.0 */
/* kist-netsetup detach: some of a container's networks away, the others stay. */
#include "lib/own.h"
#include "netsetup/cmd.h"
#include "netsetup/setup.h"

static int run(const struct cli_call *call, struct err *err)
{
	own_arena struct arena a = {0};
	own_state struct state s = STATE_INIT;
	struct network_wish wish;

	if (cmd_read_wish(&a, false, &wish, err) < 0 || cmd_open_state(call, true, &s, err) < 0)
		return -err->code;
	return detach(&s, &wish, err);
}

const struct cli_command netsetup_detach_command = {
	.name = "detach",
	.synopsis = "< WISH",
	.help = "take the wish's endpoints away from a container; missing ones are no error",
	.run = run,
};
