/* SPDX-License-Identifier: Apache-2.0 */
/* kist-store wait */
#include "lib/own.h"
#include "lib/seconds.h"
#include "spec/exit_record.h"
#include "store/tool/cmd.h"

#define SECONDS_MAX 2000000 /* 23 days: as milliseconds in an int */

struct wait_options {
	struct optional_seconds timeout;
};

static const struct cli_option options[] = {
	OPT_VALUE(struct wait_options, timeout, "timeout", 't', "SECONDS",
		"not longer than that; -1 is for ever (the default)", seconds_parse),
};

static int run(const struct cli_call *call, struct err *err)
{
	const struct optional_seconds *t = &((const struct wait_options *)call->options)->timeout;
	bool ever = !t->given || t->seconds < 0 || t->seconds > SECONDS_MAX;
	struct store_session *s = tool_session(call, err);
	own_arena struct arena a = {0};
	struct exit_record record;
	int r;

	if (!s || store_session_container(s, call->args[0], 0, err) < 0)
		return -err->code;
	/* whoever ends it may want to change it then */
	stored_container_unlock(&s->container);
	r = stored_container_wait(
		s->store, s->container.id, ever ? -1 : (int)t->seconds * 1000, err);
	if (r == 0)
		return err_set(err, E_IN_USE, "container %s still runs", s->container.id);
	if (r > 0)
		r = exit_record_read(s->container.dir, "exit.json", &record, &a, err);
	if (r <= 0)
		return r;
	return tool_write_json(call, schema_encode(&exit_record_schema, &record, &a), err);
}

const struct cli_command tool_wait = {
	.name = "wait",
	.synopsis = "[OPTIONS] CONTAINER",
	.help = "Wait until a container has ended and is tidied up, and print its exit record",
	.options = options,
	.noptions = ARRAY_LEN(options),
	.options_size = sizeof(struct wait_options),
	.min_args = 1,
	.max_args = 1,
	.run = run,
	.details = "One that does not run is not waited for; without an exit record nothing is "
		   "printed. The exit status is 4 when it still runs after the timeout.",
};
