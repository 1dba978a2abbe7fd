/* SPDX-License-Identifier: Apache-2.0 */
#include "spec/progress_line.h"

#include <string.h>

#include "lib/own.h"

/* What stands on the line; the status is a number outside of this file. */
struct row {
	const char *status;
	struct progress_line line;
};

#define ROW(member, name, kind) FIELD(struct row, line.member, name, kind)

static const struct schema_field fields[] = {
	FIELD(struct row, status, "status", SCHEMA_STRING),
	ROW(reference, "reference", SCHEMA_STRING),
	ROW(default_tag, "default_tag", SCHEMA_BOOL),
	ROW(digest, "digest", SCHEMA_STRING),
	ROW(current, "current", SCHEMA_INT64),
	ROW(total, "total", SCHEMA_INT64),
	ROW(size, "size", SCHEMA_INT64),
	ROW(step, "step", SCHEMA_INT64),
	ROW(steps, "steps", SCHEMA_INT64),
	ROW(text, "text", SCHEMA_STRING),
	ROW(cached, "cached", SCHEMA_BOOL),
	ROW(changed, "changed", SCHEMA_BOOL),
	ROW(error, "error", SCHEMA_STRING),
	ROW(code, "code", SCHEMA_INT64),
};

static const struct schema row_schema = SCHEMA(struct row, fields);

static const char *const names[] = {
	[PROGRESS_RESOLVING] = "resolving",
	[PROGRESS_PUSHING] = "pushing",
	[PROGRESS_WAITING] = "waiting",
	[PROGRESS_DOWNLOADING] = "downloading",
	[PROGRESS_UPLOADING] = "uploading",
	[PROGRESS_UNPACKING] = "unpacking",
	[PROGRESS_EXISTS] = "exists",
	[PROGRESS_DONE] = "done",
	[PROGRESS_PULLED] = "pulled",
	[PROGRESS_PUSHED] = "pushed",
	[PROGRESS_OUTPUT] = "output",
	[PROGRESS_STEP] = "step",
	[PROGRESS_FAILED] = "failed",
};

void progress_line_write(const struct progress_line *line, struct buf *out)
{
	own_arena struct arena a = {0};
	struct json *o;

	if (line->status == PROGRESS_RESULT) {
		o = schema_encode(&descriptor_schema, &line->descriptor, &a);
	} else {
		struct row row = {.status = names[line->status], .line = *line};

		o = schema_encode(&row_schema, &row, &a);
	}
	json_write(o, JSON_COMPACT, out);
	buf_addc(out, '\n');
}

static enum progress_status by_name(const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (names[i] && strcmp(names[i], name) == 0)
			return (enum progress_status)i;
	return PROGRESS_OTHER;
}

int progress_line_read(
	const char *text, size_t len, struct progress_line *line, struct arena *a, struct err *err)
{
	const struct json *o = json_parse(a, text, len, JSON_LINE_MAX, err);
	struct row row;

	if (!o)
		return -err->code;
	if (schema_decode(&row_schema, o, &row, a, err) < 0)
		return -err->code;
	*line = row.line;
	if (row.status) {
		line->status = by_name(row.status);
		return 0;
	}
	*line = (struct progress_line){.status = PROGRESS_RESULT};
	return schema_decode(&descriptor_schema, o, &line->descriptor, a, err);
}

int progress_line_error(const struct progress_line *line, struct err *err)
{
	int code = line->code > 0 && line->code <= INT32_MAX ? (int)line->code : E_CHILD;

	return err_set(err, code, "%s", line->error ? line->error : "it failed without a reason");
}
