/* SPDX-License-Identifier: Apache-2.0 */
/* kist-store volume create */
#include <string.h>

#include "lib/own.h"
#include "store/tool/cmd.h"
#include "store/volume.h"

struct create_options {
	struct strv label;
};

static const struct cli_option options[] = {
	OPT_LIST(struct create_options, label, "label", 'l', "KEY=VALUE", "set a label"),
};

static int run(const struct cli_call *call, struct err *err)
{
	const struct create_options *o = call->options;
	const struct store_session *s = tool_session(call, err);
	own_arena struct arena a = {0};
	struct string_map labels = {0};
	struct volume volume;

	if (!s)
		return -err->code;
	for (size_t i = 0; i < o->label.count; i++) {
		const char *label = o->label.items[i];
		size_t key = strcspn(label, "=");

		string_map_set(&a, &labels, arena_strndup(&a, label, key),
			label[key] ? label + key + 1 : "");
	}
	if (volume_create(s->store, call->nargs ? call->args[0] : NULL, &labels, &volume, &a, err) <
		0)
		return -err->code;
	return tool_write_line(call, volume.name, err);
}

const struct cli_command tool_volume_create = {
	.name = "volume create",
	.synopsis = "[OPTIONS] [NAME]",
	.help = "Make a volume and print its name",
	.options = options,
	.noptions = ARRAY_LEN(options),
	.options_size = sizeof(struct create_options),
	.max_args = 1,
	.run = run,
	.details = "One that is there stays as it is. Without NAME it is an anonymous one, whose "
		   "name is random.",
};
