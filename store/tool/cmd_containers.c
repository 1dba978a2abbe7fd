/* SPDX-License-Identifier: Apache-2.0 */
/* kist-store containers */
#include "store/tool/cmd.h"

#include "spec/store_lines.h"

static int run(const struct cli_call *call, struct err *err)
{
	const struct store_session *s = tool_session(call, err);
	own_arena struct arena a = {0};
	own_buf struct buf out = {0};
	struct container_records list;

	if (!s || stored_container_list(s->store, &list, &a, err) < 0)
		return -err->code;
	for (size_t i = 0; i < list.count; i++) {
		const struct container_record *c = &list.items[i];
		const struct container_line line = {c->id, c->name, c->created, c->image,
			c->image_id, stored_container_running(s->store, c->id)};

		store_line_write(&container_line_schema, &line, &out);
	}
	tool_notice_all(call, &list.damaged);
	return tool_write(call, buf_str(&out), out.len, err);
}

const struct cli_command tool_containers = {
	.name = "containers",
	.synopsis = "",
	.help = "List the containers as JSON lines, oldest first",
	.run = run,
};
