/* SPDX-License-Identifier: Apache-2.0 */
/* kist-store volume inspect */
#include "store/tool/cmd.h"
#include "store/volume.h"

struct json *tool_volume_json(const struct volume *v, struct arena *a)
{
	struct json *o = json_new_object(a), *labels = json_new_object(a);

	for (size_t i = 0; i < v->labels.count; i++)
		json_set_string(a, labels, v->labels.items[i].key, v->labels.items[i].value);
	json_set_string(a, o, "name", v->name);
	json_set_string(a, o, "path", v->path);
	json_set_string(a, o, "created", v->created);
	json_set(a, o, "labels", labels);
	json_set_bool(a, o, "anonymous", v->anonymous);
	return o;
}

static int run(const struct cli_call *call, struct err *err)
{
	const struct store_session *s = tool_session(call, err);
	own_arena struct arena a = {0};
	struct volume volume;

	if (!s || volume_find(s->store, call->args[0], &volume, &a, err) < 0)
		return -err->code;
	return tool_write_json(call, tool_volume_json(&volume, &a), err);
}

const struct cli_command tool_volume_inspect = {
	.name = "volume inspect",
	.synopsis = "NAME",
	.help = "Print a volume as one JSON line",
	.min_args = 1,
	.max_args = 1,
	.run = run,
};
