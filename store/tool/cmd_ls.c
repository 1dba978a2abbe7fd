/* SPDX-License-Identifier: Apache-2.0 */
/* kist-store ls */
#include "store/tool/cmd.h"

#include "spec/store_lines.h"

static void add_line(const struct image_entry *e, struct arena *a, struct buf *out)
{
	const struct image_line line = {
		.reference = e->reference,
		.digest = e->descriptor.digest,
		.id = e->id.text,
		.size = e->size,
		.unpacked_size = e->unpacked_size,
		.created = e->created,
		.repo_digest = e->repo_name ? arena_printf(a, "%s@%s", e->repo_name, e->repo_digest)
					    : NULL,
	};

	store_line_write(&image_line_schema, &line, out);
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
