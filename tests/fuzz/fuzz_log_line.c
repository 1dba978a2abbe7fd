/* SPDX-License-Identifier: Apache-2.0 */
/* A line of a container's log: what is written is read as it was, and anything else is an error. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/own.h"
#include "spec/log_line.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	own(log_line_release) struct log_line line = {0};
	own_buf struct buf text = {0};
	const char *bytes = (const char *)data;
	struct err err;

	if (!size)
		return 0; /* there is no line of nothing */
	/* as a line that somebody else wrote */
	if (log_line_read(bytes, size, &line, &err) == 0 && !line.stream.len)
		abort();
	/* as what a container writes */
	log_line_write(&text, bytes, size, size & 1 ? "stderr" : "stdout", "2026-01-02T03:04:05Z");
	if (text.data[text.len - 1] != '\n' || memchr(text.data, '\n', text.len - 1))
		abort();
	if (log_line_read(text.data, text.len - 1, &line, &err) < 0 || line.log.len != size ||
		memcmp(line.log.data, data, size) != 0 || line.is_stderr != (size & 1))
		abort();
	/* an overlong line is cut within its limit, and goes on */
	if (size >= LOG_LINE_MAX &&
		(log_line_cut(bytes) == 0 || log_line_cut(bytes) > LOG_LINE_MAX))
		abort();
	return 0;
}
