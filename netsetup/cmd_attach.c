/* SPDX-License-Identifier: Apache-2.0 */
/* kist-netsetup attach: one more network for a container that is set up. */
#include <unistd.h>

#include "lib/json.h"
#include "lib/own.h"
#include "netsetup/cmd.h"
#include "netsetup/setup.h"

static int run(const struct cli_call *call, struct err *err)
{
	own_arena struct arena a = {0};
	own_state struct state s = STATE_INIT;
	struct network_result result;
	struct network_wish wish;

	if (cmd_read_wish(&a, true, &wish, err) < 0 || cmd_open_state(call, true, &s, err) < 0 ||
		attach(&s, &wish, &a, &result, err) < 0)
		return -err->code;
	if (json_write_line(
		    STDOUT_FILENO, schema_encode(&network_result_schema, &result, &a), err) < 0) {
		struct err ignored;

		detach(&s, &wish, &ignored);
		return -err->code;
	}
	return 0;
}

const struct cli_command netsetup_attach_command = {
	.name = "attach",
	.synopsis = "< WISH > RESULT",
	.help = "add the wish's endpoints to a container that is set up",
	.run = run,
};
