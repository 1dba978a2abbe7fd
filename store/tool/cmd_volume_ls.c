/* SPDX-License-Identifier: Apache-2.0 */
/* kist-store volume ls */
#include "store/tool/cmd.h"
#include "store/volume.h"

static int run(const struct cli_call *call, struct err *err)
{
	const struct store_session *s = tool_session(call, err);
	own_arena struct arena a = {0};
	own_buf struct buf out = {0};
	struct volume_list list;

	if (!s || volume_list(s->store, &list, &a, err) < 0)
		return -err->code;
	for (size_t i = 0; i < list.count; i++)
		tool_volume_line(&list.items[i], &out);
	tool_notice_all(call, &list.damaged);
	return tool_write(call, buf_str(&out), out.len, err);
}

const struct cli_command tool_volume_ls = {
	.name = "volume ls",
	.synopsis = "",
	.help = "List the volumes as JSON lines, sorted by name",
	.run = run,
};
