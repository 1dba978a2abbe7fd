/* SPDX-License-Identifier: Apache-2.0 */
#include "spec/layer_result.h"

#include <string.h>

#include "lib/own.h"
#include "lib/schema.h"

struct line {
	const char *diff_id;
	uint64_t *size, *entries; /* NULL: missing */
	uint64_t skipped;
	const char *error;
	int64_t code;
};

static const struct schema_field fields[] = {
	FIELD(struct line, diff_id, "diff_id", SCHEMA_STRING),
	FIELD(struct line, size, "size", SCHEMA_OPT_UINT64),
	FIELD(struct line, entries, "entries", SCHEMA_OPT_UINT64),
	FIELD(struct line, skipped, "skipped", SCHEMA_UINT64),
	FIELD(struct line, error, "error", SCHEMA_STRING),
	FIELD(struct line, code, "code", SCHEMA_INT64),
};

static const struct schema schema = SCHEMA(struct line, fields);

void layer_result_write(const struct layer_result *result, const struct err *error, struct buf *out)
{
	own_arena struct arena a = {0};
	struct layer_result r;
	struct line line;

	if (error && error->code) {
		line = (struct line){.error = error->msg, .code = error->code};
	} else {
		r = *result;
		line = (struct line){.diff_id = r.diff_id.text,
			.size = &r.size,
			.entries = &r.entries,
			.skipped = r.skipped};
	}
	json_write(schema_encode(&schema, &line, &a), JSON_COMPACT, out);
	buf_addc(out, '\n');
}

int layer_result_read(const char *text, size_t len, struct layer_result *result, struct err *err)
{
	own_arena struct arena a = {0};
	const char *end = memchr(text, '\n', len);
	struct line line;
	struct err why;

	if (schema_decode_text(&schema, text, end ? (size_t)(end - text) : len, JSON_LINE_MAX,
		    &line, &a, &why) < 0)
		return err_set(err, E_CHILD,
			"'kist-layer' gave a result that is not understood: %s", why.msg);
	if (line.error)
		return err_set(err,
			line.code > 0 && line.code <= INT32_MAX ? (int)line.code : E_CHILD, "%s",
			line.error);
	*result = (struct layer_result){.skipped = line.skipped};
	if (!line.diff_id || !line.size || !line.entries ||
		digest_parse(line.diff_id, &result->diff_id, &why) < 0)
		return err_set(err, E_CHILD, "'kist-layer' gave a result that is not understood");
	result->size = *line.size;
	result->entries = *line.entries;
	return 0;
}
