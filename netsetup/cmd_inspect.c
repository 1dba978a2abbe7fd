/* SPDX-License-Identifier: Apache-2.0 */
/* kist-netsetup inspect: one network. */
#include <unistd.h>

#include "lib/json.h"
#include "lib/own.h"
#include "netsetup/cmd.h"

static int run(const struct cli_call *call, struct err *err)
{
	own_arena struct arena a = {0};
	own_state struct state s = STATE_INIT;
	struct network_definition d;

	if (cmd_check_name(call->args[0], err) < 0 || cmd_open_state(call, false, &s, err) < 0 ||
		cmd_describe(&a, &s, call->args[0], &d, err) < 0)
		return -err->code;
	return json_write_line(
		STDOUT_FILENO, schema_encode(&network_definition_schema, &d, &a), err);
}

const struct cli_command netsetup_inspect_command = {
	.name = "inspect",
	.synopsis = "NAME",
	.help = "show a network and the addresses in use",
	.min_args = 1,
	.max_args = 1,
	.run = run,
};
