/* SPDX-License-Identifier: Apache-2.0 */
/* kist-store tag */
#include "lib/own.h"
#include "store/tool/cmd.h"

static int run(const struct cli_call *call, struct err *err)
{
	own_arena struct arena a = {0};
	own_fd int lease = -1;
	struct image_tagging tag = {0};
	struct store_session *s;
	struct image_entry entry;
	struct reference ref;

	if (reference_parse(call->args[1], &ref, &a, err) < 0)
		return -err->code;
	if (ref.digest.text[0])
		return err_set(err, E_USAGE, "refusing to create a tag with a digest reference");
	s = tool_session(call, err);
	if (!s)
		return -err->code;
	store_session_forget_image(s);
	/* from before the look: a gc must not take the image away before its name is there */
	lease = store_lease(s->store, STORE_LEASE_ADD, err);
	if (lease < 0 || image_lookup(s->store, call->args[0], &entry, &a, err) < 0 ||
		digest_parse(entry.descriptor.digest, &tag.manifest, err) < 0)
		return -err->code;
	tag.reference = reference_canonical(&ref, &a);
	tag.media_type = entry.descriptor.media_type;
	return image_tag(s->store, &tag, 1, err);
}

const struct cli_command tool_tag = {
	.name = "tag",
	.synopsis = "IMAGE NAME",
	.help = "Give an image another name",
	.min_args = 2,
	.max_args = 2,
	.run = run,
};
