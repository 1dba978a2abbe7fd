/* SPDX-License-Identifier: Apache-2.0 */
/* kist-store rm */
#include "lib/own.h"
#include "store/tool/cmd.h"

struct rm_options {
	bool force;
};

static const struct cli_option options[] = {
	OPT_FLAG(struct rm_options, force, "force", 'f',
		"also one that cannot be read any more, by its whole ID"),
};

static int run(const struct cli_call *call, struct err *err)
{
	const struct rm_options *o = call->options;
	struct store_session *s = tool_session(call, err);
	const char *text = call->args[0];
	int r = s ? store_session_container(
			    s, text, STORED_CONTAINER_LOCK | STORED_CONTAINER_TRY, err)
		  : -err->code;

	if (s && r < 0 && r != -E_NOT_FOUND && r != -E_IN_USE && o->force &&
		container_id_valid(text))
		return stored_container_remove_damaged(s->store, text, err);
	if (r < 0)
		return r;
	if (stored_container_running(s->store, s->container.id))
		return err_set(
			err, E_IN_USE, "container %s is running: stop it first", s->container.id);
	store_session_drop_mount(s);
	return stored_container_remove(s->store, &s->container, err);
}

const struct cli_command tool_rm = {
	.name = "rm",
	.synopsis = "[OPTIONS] CONTAINER",
	.help = "Remove a container's directory and name",
	.options = options,
	.noptions = ARRAY_LEN(options),
	.options_size = sizeof(struct rm_options),
	.min_args = 1,
	.max_args = 1,
	.run = run,
};
