/* SPDX-License-Identifier: Apache-2.0 */
/* kist-store settle */
#include "spec/exit_record.h"
#include "store/tool/cmd.h"

static int run(const struct cli_call *call, struct err *err)
{
	struct store_session *s = tool_session(call, err);
	own_arena struct arena a = {0};
	struct exit_record record;
	int r;

	if (!s ||
		store_session_container(
			s, call->args[0], STORED_CONTAINER_LOCK | STORED_CONTAINER_TRY, err) < 0)
		return -err->code;
	if (stored_container_running(s->store, s->container.id))
		return err_set(err, E_IN_USE, "container %s is running", s->container.id);
	r = exit_record_read(s->container.dir, "exit.json", &record, &a, err);
	return r > 0 ? 0 : exit_record_settle(s->container.dir, "exit.json", err);
}

const struct cli_command tool_settle = {
	.name = "settle",
	.synopsis = "CONTAINER",
	.help = "Write the exit record of a container whose monitor was killed",
	.min_args = 1,
	.max_args = 1,
	.run = run,
	.details = "Its processes are the caller's to end before. A record that is there stands.",
};
