/* SPDX-License-Identifier: Apache-2.0 */
/* kist-store containers */
#include "store/tool/cmd.h"

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
		struct json *o = json_new_object(&a);

		json_set_string(&a, o, "id", c->id);
		json_set_string(&a, o, "name", c->name);
		json_set_string(&a, o, "created", c->created);
		json_set_string(&a, o, "image", c->image);
		json_set_string(&a, o, "image_id", c->image_id);
		json_set_bool(&a, o, "running", stored_container_running(s->store, c->id));
		json_write(o, JSON_COMPACT, &out);
		buf_addc(&out, '\n');
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
