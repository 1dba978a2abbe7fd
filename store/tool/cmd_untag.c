/* SPDX-License-Identifier: Apache-2.0 */
/* kist-store untag */
#include "lib/own.h"
#include "store/tool/cmd.h"

struct untag_options {
	bool keep;
};

static const struct cli_option options[] = {
	{.name = "keep",
		.kind = CLI_FLAG,
		.offset = CLI_FIELD(struct untag_options, keep),
		.help = "keep the image without a name when this was its last one"},
};

static int run(const struct cli_call *call, struct err *err)
{
	const struct untag_options *o = call->options;
	own_arena struct arena a = {0};
	struct store_session *s;
	struct reference ref;

	if (reference_parse(call->args[0], &ref, &a, err) < 0)
		return -err->code;
	s = tool_session(call, err);
	if (!s)
		return -err->code;
	store_session_forget_image(s);
	return image_untag(s->store, reference_canonical(&ref, &a), o->keep, err);
}

const struct cli_command tool_untag = {
	.name = "untag",
	.synopsis = "[OPTIONS] NAME",
	.help = "Remove a name of an image",
	.options = options,
	.noptions = ARRAY_LEN(options),
	.options_size = sizeof(struct untag_options),
	.min_args = 1,
	.max_args = 1,
	.run = run,
};
