/* SPDX-License-Identifier: Apache-2.0 */
/* kist-store record */
#include "lib/own.h"
#include "store/tool/cmd.h"

struct record_options {
	const char *engine;
};

static const struct cli_option options[] = {
	OPT_STRING(struct record_options, engine, "engine", 0, "FILE",
		"put this JSON object into the record's member \"engine\" (- is stdin)"),
};

static int run(const struct cli_call *call, struct err *err)
{
	const struct record_options *o = call->options;
	struct store_session *s = tool_session(call, err);
	unsigned flags = o->engine ? STORED_CONTAINER_LOCK : 0;
	own_arena struct arena a = {0};
	own_buf struct buf out = {0};
	struct container_record record;

	if (!s || store_session_container(s, call->args[0], flags, err) < 0)
		return -err->code;
	if (!o->engine) {
		json_write(s->container.record.source, JSON_PRETTY, &out);
		buf_addc(&out, '\n');
		return tool_write(call, out.data, out.len, err);
	}
	record = s->container.record;
	if (tool_read_object(call, o->engine, "--engine", &record.engine, &a, err) < 0)
		return -err->code;
	return stored_container_write_record(&s->container, &record, STORED_CONTAINER_DURABLE, err);
}

const struct cli_command tool_record = {
	.name = "record",
	.synopsis = "[OPTIONS] CONTAINER",
	.help = "Print a container's record as JSON, or change it",
	.options = options,
	.noptions = ARRAY_LEN(options),
	.options_size = sizeof(struct record_options),
	.min_args = 1,
	.max_args = 1,
	.run = run,
};
