/* SPDX-License-Identifier: Apache-2.0 */
/* kist-store inspect */
#include "store/tool/cmd.h"

#include "spec/store_lines.h"

static int run(const struct cli_call *call, struct err *err)
{
	struct store_session *s = tool_session(call, err);
	const struct image *image = s ? store_session_image(s, call->args[0], err) : NULL;
	own_arena struct arena a = {0};
	own_buf struct buf out = {0};
	struct image_document document;

	if (!image)
		return -err->code;
	document = (struct image_document){image->entry.reference, image->entry.descriptor,
		image->manifest_json, image->config_json};
	json_write(schema_encode(&image_document_schema, &document, &a), JSON_PRETTY, &out);
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
