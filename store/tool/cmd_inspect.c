/* SPDX-License-Identifier: Apache-2.0 */
/* kist-store inspect */
#include "store/tool/cmd.h"

static int run(const struct cli_call *call, struct err *err)
{
	struct store_session *s = tool_session(call, err);
	const struct image *image = s ? store_session_image(s, call->args[0], err) : NULL;
	own_arena struct arena a = {0};
	own_buf struct buf out = {0};
	struct json *o;

	if (!image)
		return -err->code;
	o = json_new_object(&a);
	if (image->entry.reference)
		json_set_string(&a, o, "reference", image->entry.reference);
	else
		json_set(&a, o, "reference", json_new_null(&a));
	json_set(&a, o, "descriptor",
		schema_encode(&descriptor_schema, &image->entry.descriptor, &a));
	json_set(&a, o, "manifest", json_copy(&a, image->manifest_json));
	json_set(&a, o, "config", json_copy(&a, image->config_json));
	json_write(o, JSON_PRETTY, &out);
	buf_addc(&out, '\n');
	return tool_write(call, out.data, out.len, err);
}

const struct cli_command tool_inspect = {
	.name = "inspect",
	.synopsis = "IMAGE",
	.help = "Print an image's reference, descriptor, manifest and config as JSON",
	.min_args = 1,
	.max_args = 1,
	.run = run,
};
