/* SPDX-License-Identifier: Apache-2.0 */
#include "spec/ready_line.h"

#include <string.h>

#include "lib/own.h"
#include "lib/schema.h"

struct ready_line {
	int64_t pid;
	const char *error; /* NULL: it runs */
	int64_t code;      /* of the error: an errno or one of enum err_code */
	const char *left;  /* READY_LEFT_*, of the second line */
};

static const struct schema_field fields[] = {
	FIELD(struct ready_line, pid, "pid", SCHEMA_INT64),
	FIELD(struct ready_line, error, "error", SCHEMA_STRING),
	FIELD(struct ready_line, code, "code", SCHEMA_INT64),
	FIELD(struct ready_line, left, "left", SCHEMA_STRING),
};

static const struct schema ready_line_schema = SCHEMA(struct ready_line, fields);

static void write_line(const struct ready_line *line, struct buf *out)
{
	own_arena struct arena arena = {0};

	json_write(schema_encode(&ready_line_schema, line, &arena), JSON_COMPACT, out);
	buf_addc(out, '\n');
}

void ready_line_write(int64_t pid, const struct err *error, struct buf *out)
{
	struct ready_line line = {.pid = pid};

	if (error && error->code)
		line = (struct ready_line){.error = error->msg, .code = error->code};
	write_line(&line, out);
}

void ready_line_write_left(const char *why, struct buf *out)
{
	const struct ready_line line = {.left = why};

	write_line(&line, out);
}

int ready_line_read(const char *text, size_t len, int64_t *pid, struct err *err)
{
	own_arena struct arena arena = {0};
	const char *end = memchr(text, '\n', len);
	struct ready_line line;

	if (!len)
		return err_set(err, E_CHILD, "kist-monitor ended before the container was started");
	if (schema_decode_text(&ready_line_schema, text, end ? (size_t)(end - text) : len,
		    JSON_LINE_MAX, &line, &arena, err) < 0)
		return err_wrap(err, "kist-monitor's answer");
	if (line.error)
		return err_set(err,
			line.code > 0 && line.code <= INT32_MAX ? (int)line.code : E_CHILD, "%s",
			line.error);
	*pid = line.pid;
	return 0;
}

bool ready_line_left(const char *text, size_t len, const char *why)
{
	own_arena struct arena arena = {0};
	const char *end = memchr(text, '\n', len);
	struct ready_line line;

	return end &&
		schema_decode_text(&ready_line_schema, text, (size_t)(end - text), JSON_LINE_MAX,
			&line, &arena, &(struct err){0}) == 0 &&
		line.left && strcmp(line.left, why) == 0;
}
