/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An image config (first line) and options (the rest): what config_make() makes of them, a runtime
 * accepts.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/own.h"
#include "spec/config_make.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;
	const char *eol = size ? memchr(text, '\n', size) : NULL;
	size_t first = eol ? (size_t)(eol - text) : size;
	size_t rest = eol ? size - first - 1 : 0;
	own_arena struct arena a = {0};
	own_buf struct buf out = {0};
	struct image_config image;
	struct config_options o = {0};
	struct runtime_config c;
	struct err err;
	bool has_image;

	if (size > JSON_DOCUMENT_MAX / 16)
		return 0;
	has_image = image_config_parse(text, first, &image, &a, &err) == 0;
	if (rest &&
		schema_decode_text(&config_options_schema, eol + 1, rest, size, &o, &a, &err) < 0)
		return 0;
	if (config_make(has_image ? &image : NULL, &o, &c, &a, &err) < 0)
		return 0;
	runtime_config_encode(&c, JSON_COMPACT, &out);
	if (out.len < JSON_DOCUMENT_MAX &&
		runtime_config_parse(buf_str(&out), out.len, &c, &a, &err) < 0)
		abort();
	return 0;
}
