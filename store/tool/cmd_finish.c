/* SPDX-License-Identifier: Apache-2.0 */
/* kist-store finish */
#include "lib/own.h"
#include "store/tool/cmd.h"

struct finish_options {
	bool no_sync;
};

static const struct cli_option options[] = {
	OPT_FLAG(struct finish_options, no_sync, "no-sync", 0, "it need not survive a power cut"),
};

static int run(const struct cli_call *call, struct err *err)
{
	const struct finish_options *o = call->options;
	struct store_session *s = tool_session(call, err);

	if (!s || store_session_container(s, call->args[0], STORED_CONTAINER_LOCK, err) < 0)
		return -err->code;
	return stored_container_finish(
		s->store, &s->container, o->no_sync ? 0 : STORED_CONTAINER_DURABLE, err);
}

const struct cli_command tool_finish = {
	.name = "finish",
	.synopsis = "[OPTIONS] ID",
	.help = "Give an unfinished container its name: from here on it is one",
	.options = options,
	.noptions = ARRAY_LEN(options),
	.options_size = sizeof(struct finish_options),
	.min_args = 1,
	.max_args = 1,
	.run = run,
};
