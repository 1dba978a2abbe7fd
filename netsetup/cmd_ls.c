/* SPDX-License-Identifier: Apache-2.0 */
/* kist-netsetup ls: all networks. */
#include <unistd.h>

#include "lib/json.h"
#include "lib/own.h"
#include "netsetup/cmd.h"

/* One that is damaged does not hide the others: it is named at the end, which then is no success.
 */
static int run(const struct cli_call *call, struct err *err)
{
	own_state struct state s = STATE_INIT;
	own_strv struct strv names = {0};
	int status = 0;

	if (cmd_open_state(call, false, &s, err) < 0)
		return -err->code;
	if (network_list(&s, &names, err) < 0)
		return -err->code;
	for (size_t i = 0; i < names.count; i++) {
		own_arena struct arena a = {0};
		struct network_definition d;

		if (cmd_describe(&a, &s, names.items[i], &d, err) < 0) {
			/* removed meanwhile is no matter */
			if (err->code == E_NOT_FOUND)
				continue;
			err_report(call->program->name, err);
			status = 1;
		} else if (json_write_line(STDOUT_FILENO,
				   schema_encode(&network_definition_schema, &d, &a), err) < 0) {
			return -err->code;
		}
	}
	return status;
}

const struct cli_command netsetup_ls_command = {
	.name = "ls",
	.synopsis = "",
	.help = "list the networks, a JSON line each",
	.run = run,
};
