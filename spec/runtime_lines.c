/* SPDX-License-Identifier: Apache-2.0 */
#include "spec/runtime_lines.h"

#include <string.h>

static const struct schema_field log_line_fields[] = {
	FIELD(struct runtime_log_line, level, "level", SCHEMA_STRING),
	FIELD(struct runtime_log_line, msg, "msg", SCHEMA_STRING),
	FIELD(struct runtime_log_line, time, "time", SCHEMA_STRING),
	FIELD(struct runtime_log_line, code, "code", SCHEMA_INT64),
};

const struct schema runtime_log_line_schema = SCHEMA(struct runtime_log_line, log_line_fields);

static const struct schema_field state_fields[] = {
	FIELD(struct runtime_state, oci_version, "ociVersion", SCHEMA_STRING),
	FIELD(struct runtime_state, id, "id", SCHEMA_STRING),
	FIELD(struct runtime_state, status, "status", SCHEMA_STRING),
	FIELD(struct runtime_state, pid, "pid", SCHEMA_OPT_INT64),
	FIELD(struct runtime_state, bundle, "bundle", SCHEMA_STRING),
	FIELD(struct runtime_state, rootfs, "rootfs", SCHEMA_STRING),
	FIELD(struct runtime_state, created, "created", SCHEMA_STRING),
	FIELD(struct runtime_state, owner, "owner", SCHEMA_STRING),
	FIELD(struct runtime_state, annotations, "annotations", SCHEMA_STRING_MAP),
};

const struct schema runtime_state_schema = SCHEMA(struct runtime_state, state_fields);

static bool tells_error(const struct runtime_log_line *line)
{
	return line->msg && line->level &&
		(strcmp(line->level, "error") == 0 || strcmp(line->level, "fatal") == 0);
}

bool runtime_log_last_error(const char *log, struct runtime_log_line *line, struct arena *a)
{
	bool found = false;

	while (*log) {
		size_t n = strcspn(log, "\n");
		struct runtime_log_line said;
		struct err ignored;

		if (schema_decode_text(&runtime_log_line_schema, log, n, JSON_LINE_MAX, &said, a,
			    &ignored) == 0 &&
			tells_error(&said)) {
			*line = said;
			found = true;
		}
		log += n + (log[n] == '\n');
	}
	return found;
}
