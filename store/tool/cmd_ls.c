/* SPDX-License-Identifier: Apache-2.0 */
/* kist-store ls */
#include "store/tool/cmd.h"

static void add_line(const struct image_entry *e, struct arena *a, struct buf *out)
{
	struct json *o = json_new_object(a);

	if (e->reference)
		json_set_string(a, o, "reference", e->reference);
	else
		json_set(a, o, "reference", json_new_null(a));
	json_set_string(a, o, "digest", e->descriptor.digest);
	json_set_string(a, o, "id", e->id.text);
	json_set_int(a, o, "size", e->size);
	if (e->unpacked_size)
		json_set_int(a, o, "unpacked_size", e->unpacked_size);
	json_set_string(a, o, "created", e->created);
	if (e->repo_name)
		json_set_string(a, o, "repo_digest",
			arena_printf(a, "%s@%s", e->repo_name, e->repo_digest));
	json_write(o, JSON_COMPACT, out);
	buf_addc(out, '\n');
}

static int run(const struct cli_call *call, struct err *err)
{
	const struct store_session *s = tool_session(call, err);
	own_arena struct arena a = {0};
	own_buf struct buf out = {0};
	struct image_list list;

	if (!s || image_list(s->store, &list, &a, err) < 0)
		return -err->code;
	for (size_t i = 0; i < list.count; i++)
		add_line(&list.items[i], &a, &out);
	tool_notice_all(call, &list.damaged);
	return tool_write(call, buf_str(&out), out.len, err);
}

const struct cli_command tool_ls = {
	.name = "ls",
	.synopsis = "",
	.help = "List the images as JSON lines",
	.run = run,
};
