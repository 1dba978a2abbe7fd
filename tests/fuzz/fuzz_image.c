/* SPDX-License-Identifier: Apache-2.0 */
/* A manifest, an index or an image config that is accepted survives being stored again. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/own.h"
#include "spec/image.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void encode(const struct schema *schema, const void *value, struct arena *a, struct buf *out)
{
	json_write(schema_encode(schema, value, a), JSON_COMPACT, out);
}

static void as_manifest(const char *text, size_t size, struct arena *a)
{
	own_buf struct buf once = {0}, twice = {0};
	struct manifest m;
	struct err err;

	if (manifest_parse(text, size, &m, a, &err) < 0)
		return;
	encode(&manifest_schema, &m, a, &once);
	if (manifest_parse(buf_str(&once), once.len, &m, a, &err) < 0)
		abort();
	encode(&manifest_schema, &m, a, &twice);
	if (strcmp(buf_str(&once), buf_str(&twice)) != 0)
		abort();
}

static void as_index(const char *text, size_t size, struct arena *a)
{
	own_buf struct buf once = {0};
	struct index i;
	struct err err;

	if (index_parse(text, size, &i, a, &err) < 0)
		return;
	index_choose(&i, NULL, &err);
	index_choose(&i, "linux/arm/v7", &err);
	encode(&index_schema, &i, a, &once);
	if (index_parse(buf_str(&once), once.len, &i, a, &err) < 0)
		abort();
}

static void as_image_config(const char *text, size_t size, struct arena *a)
{
	own_buf struct buf once = {0};
	struct image_config c;
	struct err err;

	if (image_config_parse(text, size, &c, a, &err) < 0)
		return;
	encode(&image_config_schema, &c, a, &once);
	if (image_config_parse(buf_str(&once), once.len, &c, a, &err) < 0)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	own_arena struct arena a = {0};

	/* what is written can be longer than what was read: \u0001 for one byte */
	if (size > JSON_DOCUMENT_MAX / 8)
		return 0;
	as_manifest((const char *)data, size, &a);
	as_index((const char *)data, size, &a);
	as_image_config((const char *)data, size, &a);
	return 0;
}
