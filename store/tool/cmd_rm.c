/* SPDX-License-Identifier: Apache-2.0 */
/* kist-store rm */
#include "store/tool/cmd.h"

static int run(const struct cli_call *call, struct err *err)
{
	struct store_session *s = tool_session(call, err);

	if (!s ||
		store_session_container(
			s, call->args[0], STORED_CONTAINER_LOCK | STORED_CONTAINER_TRY, err) < 0)
		return -err->code;
	if (stored_container_running(s->store, s->container.id))
		return err_set(
			err, E_IN_USE, "container %s is running: stop it first", s->container.id);
	store_session_drop_mount(s);
	return stored_container_remove(s->store, &s->container, err);
}

const struct cli_command tool_rm = {
	.name = "rm",
	.synopsis = "CONTAINER",
	.help = "Remove a container's directory and name",
	.min_args = 1,
	.max_args = 1,
	.run = run,
};
