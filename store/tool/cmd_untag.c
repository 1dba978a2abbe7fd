/* SPDX-License-Identifier: Apache-2.0 */
/* kist-store untag */
#include <string.h>

#include "lib/own.h"
#include "store/tool/cmd.h"

struct untag_options {
	bool keep;
};

static const struct cli_option options[] = {
	OPT_FLAG(struct untag_options, keep, "keep", 0,
		"keep the image without a name when this was its last one"),
};

/* Did the text find the image by its ID, or the front of that? */
static bool is_id(const char *text, const struct image_entry *entry)
{
	const char *hex = strncmp(text, DIGEST_PREFIX, DIGEST_PREFIX_LEN) == 0
		? text + DIGEST_PREFIX_LEN
		: text;

	return strncmp(digest_hex(&entry->id), hex, strlen(hex)) == 0;
}

static int run(const struct cli_call *call, struct err *err)
{
	const struct untag_options *o = call->options;
	const char *text = call->args[0];
	struct store_session *s = tool_session(call, err);
	own_arena struct arena a = {0};
	struct image_entry entry;
	struct reference ref;
	int r;

	if (!s)
		return -err->code;
	store_session_forget_image(s);
	r = reference_parse(text, &ref, &a, err);
	if (r == 0)
		r = image_untag(s->store, reference_canonical(&ref, &a), o->keep, err);
	if (r == 0 || image_lookup(s->store, text, &entry, &a, &(struct err){0}) < 0 ||
		!is_id(text, &entry))
		return r;
	if (o->keep)
		return err_set(
			err, E_USAGE, "'%s' is an image ID: --keep is for one of its names", text);
	return image_remove(s->store, &entry.id, err);
}

const struct cli_command tool_untag = {
	.name = "untag",
	.synopsis = "[OPTIONS] NAME|ID",
	.help = "Remove a name of an image, or an image with all its names",
	.options = options,
	.noptions = ARRAY_LEN(options),
	.options_size = sizeof(struct untag_options),
	.min_args = 1,
	.max_args = 1,
	.run = run,
};
