/* SPDX-License-Identifier: Apache-2.0 */
/* Lines of our own programs: progress, kist-store's lists. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/own.h"
#include "spec/progress_line.h"
#include "spec/store_lines.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void progress(const char *text, size_t len)
{
	own_arena struct arena a = {0};
	own_buf struct buf once = {0}, twice = {0};
	struct progress_line line, again;
	struct err err = {0};

	if (progress_line_read(text, len, &line, &a, &err) < 0) {
		if (err.code <= 0)
			abort();
		return;
	}
	if (line.status == PROGRESS_OTHER)
		return;
	progress_line_write(&line, &once);
	if (progress_line_read(once.data, once.len - 1, &again, &a, &err) < 0 ||
		again.status != line.status)
		abort();
	progress_line_write(&again, &twice);
	if (strcmp(buf_str(&once), buf_str(&twice)) != 0)
		abort();
	if (line.status == PROGRESS_FAILED && progress_line_error(&line, &err) >= 0)
		abort();
}

/* The lines of kist-store: what is read is written the same, once unknown members are gone. */
static void store(const struct schema *schema, const char *text, size_t len)
{
	own_arena struct arena a = {0};
	own_buf struct buf once = {0}, twice = {0};
	union {
		struct image_line image;
		struct loaded_line loaded;
		struct gc_line gc;
		struct container_line container;
		struct volume_line volume;
	} line;
	struct err err = {0};

	if (schema_decode_text(schema, text, len, JSON_LINE_MAX, &line, &a, &err) < 0) {
		if (err.code <= 0)
			abort();
		return;
	}
	store_line_write(schema, &line, &once);
	if (schema_decode_text(
		    schema, once.data, once.len - 1, 8 * JSON_LINE_MAX, &line, &a, &err) < 0)
		abort();
	store_line_write(schema, &line, &twice);
	if (strcmp(buf_str(&once), buf_str(&twice)) != 0)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct schema *const schemas[] = {&image_line_schema, &loaded_line_schema,
		&gc_line_schema, &container_line_schema, &volume_line_schema};

	for (size_t i = 0; i < ARRAY_LEN(schemas); i++)
		store(schemas[i], (const char *)data, size);
	progress((const char *)data, size);
	return 0;
}
