/* SPDX-License-Identifier: Apache-2.0 */
/* What a runtime says when it fails, and the records that it keeps. */
#include "runtime/monitor/monitor_error.c"

#include "tests/fuzz/fuzz.h"

static void log_lines(const char *text, size_t len)
{
	while (len) {
		const char *lf = memchr(text, '\n', len);
		size_t n = lf ? (size_t)(lf - text) : len;
		struct err err = {0};

		if (take_log_line(text, n, 1, &err))
			FUZZ_CHECK(err.code > 0);
		text += n + !!lf;
		len -= n + !!lf;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	own_fd int fd = fuzz_file(data, size);

	log_lines((const char *)data, size);
	fuzz_repeat(data, size, 256 * 1024, log_lines);
	for (int status = 125; status < 129; status++) {
		struct err err = {0};

		if (lseek(fd, 0, SEEK_SET) == 0 && from_stderr(fd, status, &err))
			FUZZ_CHECK(err.code > 0);
	}
	return 0;
}
