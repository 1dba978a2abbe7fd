/* SPDX-License-Identifier: Apache-2.0 */
/* kist-store rename */
#include "store/tool/cmd.h"

static int run(const struct cli_call *call, struct err *err)
{
	struct store_session *s = tool_session(call, err);

	if (!s || store_session_container(s, call->args[0], STORED_CONTAINER_LOCK, err) < 0)
		return -err->code;
	return stored_container_rename(s->store, &s->container, call->args[1], err);
}

const struct cli_command tool_rename = {
	.name = "rename",
	.synopsis = "CONTAINER NAME",
	.help = "Give a container another name",
	.min_args = 2,
	.max_args = 2,
	.run = run,
};
