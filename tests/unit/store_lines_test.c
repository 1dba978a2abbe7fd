/* SPDX-License-Identifier: Apache-2.0 */
#include "spec/store_lines.h"

#include <string.h>

#include "lib/own.h"
#include "tests/unit/unit.h"

#define WRITES(schema, line, text)                                                                 \
	do {                                                                                       \
		own_buf struct buf out_ = {0};                                                     \
		store_line_write(schema, line, &out_);                                             \
		UNIT_STRING(buf_str(&out_), text "\n");                                            \
	} while (0)

static void as_documented(void)
{
	const struct image_line untagged = {.digest = "d", .id = "i"};
	const struct loaded_line loaded = {.digest = "d", .id = "i"};
	const struct gc_line gc = {.blobs = 1};
	const struct container_line container = {.id = "i", .name = "n"};
	const struct volume_line volume = {.name = "n", .path = "p", .created = "c"};

	WRITES(&image_line_schema, &untagged,
		"{\"reference\":null,\"digest\":\"d\",\"id\":\"i\",\"size\":0}");
	WRITES(&loaded_line_schema, &loaded, "{\"reference\":null,\"digest\":\"d\",\"id\":\"i\"}");
	WRITES(&gc_line_schema, &gc, "{\"blobs\":1,\"layers\":0,\"temporaries\":0,\"bytes\":0}");
	WRITES(&container_line_schema, &container,
		"{\"id\":\"i\",\"name\":\"n\",\"running\":false}");
	WRITES(&volume_line_schema, &volume,
		"{\"name\":\"n\",\"path\":\"p\",\"created\":\"c\",\"labels\":{},\"anonymous\":"
		"false}");
}

static void read_again(void)
{
	own_arena struct arena a = {0};
	const char *text = "{\"reference\":null,\"id\":\"i\",\"newer\":1}";
	struct loaded_line line;
	struct gc_line gc;
	struct err err;

	UNIT_OK(schema_decode_text(&loaded_line_schema, text, strlen(text), 1000, &line, &a, &err),
		&err);
	CU_ASSERT_PTR_NULL(line.reference);
	UNIT_STRING(line.id, "i");
	CU_ASSERT_EQUAL(
		schema_decode_text(&loaded_line_schema, "{}", 2, 1000, &line, &a, &err), -E_SYNTAX);
	text = "{\"bytes\":-1}";
	CU_ASSERT_EQUAL(
		schema_decode_text(&gc_line_schema, text, strlen(text), 1000, &gc, &a, &err),
		-E_SYNTAX);
}

UNIT_TESTS(store_lines) = {
	{"lines are written as documented, what is missing as null or not at all", as_documented},
	{"lines are read, and odd ones are errors", read_again},
};
UNIT_COUNT(store_lines)
