/* SPDX-License-Identifier: Apache-2.0 */
/* kist-netsetup setup: the wish on stdin, the result on stdout. */
#include <unistd.h>

#include "lib/json.h"
#include "lib/own.h"
#include "lib/path.h"
#include "netsetup/cmd.h"
#include "netsetup/setup.h"

static int run(const struct cli_call *call, struct err *err)
{
	own_arena struct arena a = {0};
	own_state struct state s = STATE_INIT;
	own_mem char *netns = path_absolute(call->args[0]);
	struct network_result result;
	struct network_wish wish;

	if (cmd_read_wish(&a, true, &wish, err) < 0 || cmd_open_state(call, true, &s, err) < 0 ||
		setup(&s, netns, &wish, &a, &result, err) < 0)
		return -err->code;
	if (json_write_line(
		    STDOUT_FILENO, schema_encode(&network_result_schema, &result, &a), err) < 0) {
		/* a caller that does not know what it got would never take it down */
		struct err ignored;

		teardown(&s, netns, &wish, &ignored);
		return -err->code;
	}
	return 0;
}

const struct cli_command netsetup_setup_command = {
	.name = "setup",
	.synopsis = "NETNS < WISH > RESULT",
	.help = "give a container its networks",
	.min_args = 1,
	.max_args = 1,
	.run = run,
};
