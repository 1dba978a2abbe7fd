/* SPDX-License-Identifier: Apache-2.0 */
/* kist-store volume inspect */
#include "spec/store_lines.h"
#include "store/tool/cmd.h"
#include "store/volume.h"

void tool_volume_line(const struct volume *v, struct buf *out)
{
	const struct volume_line line = {v->name, v->path, v->created, v->labels, v->anonymous};

	store_line_write(&volume_line_schema, &line, out);
}

static int run(const struct cli_call *call, struct err *err)
{
	const struct store_session *s = tool_session(call, err);
	own_arena struct arena a = {0};
	own_buf struct buf out = {0};
	struct volume volume;

	if (!s || volume_find(s->store, call->args[0], &volume, &a, err) < 0)
		return -err->code;
	tool_volume_line(&volume, &out);
	return tool_write(call, out.data, out.len, err);
}

const struct cli_command tool_volume_inspect = {
	.name = "volume inspect",
	.synopsis = "NAME",
	.help = "Print a volume as one JSON line",
	.min_args = 1,
	.max_args = 1,
	.run = run,
};
