/* SPDX-License-Identifier: Apache-2.0 */
/* kist-store rm */
#include "lib/own.h"
#include "store/tool/cmd.h"

struct rm_options {
	bool force, unfinished;
};

static const struct cli_option options[] = {
	OPT_FLAG(struct rm_options, force, "force", 'f',
		"also one that cannot be read any more, by its whole ID"),
	OPT_FLAG(struct rm_options, unfinished, "unfinished", 0,
		"what is left of those whose maker or remover was killed"),
};

static int run(const struct cli_call *call, struct err *err)
{
	const struct rm_options *o = call->options;
	struct store_session *s = tool_session(call, err);
	const char *text = call->nargs ? call->args[0] : NULL;
	uint64_t count = 0;
	int r;

	if (!s)
		return -err->code;
	if (!text == !o->unfinished)
		return err_set(err, E_USAGE, "a container, or --unfinished");
	if (!text)
		return stored_container_collect(s->store, &count, err);
	r = store_session_container(s, text, STORED_CONTAINER_LOCK | STORED_CONTAINER_TRY, err);
	if (r < 0 && r != -E_NOT_FOUND && r != -E_IN_USE && o->force && container_id_valid(text))
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
	.synopsis = "[OPTIONS] CONTAINER | --unfinished",
	.help = "Remove a container's directory and name",
	.options = options,
	.noptions = ARRAY_LEN(options),
	.options_size = sizeof(struct rm_options),
	.max_args = 1,
	.run = run,
};
