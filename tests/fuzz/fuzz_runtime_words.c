/* SPDX-License-Identifier: Apache-2.0 */
/* What a runtime says when it fails, and the records that it keeps. */
#include "runtime/monitor/monitor_error.c"

#include "tests/fuzz/fuzz.h"

static void log_lines(const char *text, size_t len)
{
	own_arena struct arena a = {0};
	own_buf struct buf log = {0};
	struct runtime_log_line line;

	buf_add(&log, text, len);
	if (runtime_log_last_error(buf_str(&log), &line, &a))
		FUZZ_CHECK(line.msg && line.level && code_of(line.msg, 1) > 0);
}

/* What a runtime says a container's state is. */
static void state(const char *text, size_t len)
{
	own_arena struct arena a = {0};
	own_buf struct buf again = {0};
	struct runtime_state said, back;
	struct err err;

	if (schema_decode_text(
		    &runtime_state_schema, text, len, JSON_DOCUMENT_MAX, &said, &a, &err) < 0)
		return;
	json_write(schema_encode(&runtime_state_schema, &said, &a), JSON_COMPACT, &again);
	FUZZ_CHECK(schema_decode_text(&runtime_state_schema, buf_str(&again), again.len,
			   JSON_DOCUMENT_MAX, &back, &a, &err) == 0);
	FUZZ_CHECK(!said.pid == !back.pid && (!said.pid || *said.pid == *back.pid));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	own_fd int fd = fuzz_file(data, size);

	log_lines((const char *)data, size);
	state((const char *)data, size);
	fuzz_repeat(data, size, 256 * 1024, log_lines);
	for (int status = 125; status < 129; status++) {
		struct err err = {0};

		if (lseek(fd, 0, SEEK_SET) == 0 && from_stderr(fd, status, &err))
			FUZZ_CHECK(err.code > 0);
	}
	return 0;
}
