/* SPDX-License-Identifier: Apache-2.0 */
/* JSON lines of small tools as a plan's steps read them, in docker's words for people. */
#include "engine/verb/tool.h"
#include "tests/fuzz/fuzz.h"

static void tell(const char *text, size_t len)
{
	static const char *const whats[] = {"id", "loaded", "reclaimed"};

	for (size_t i = 0; i < ARRAY_LEN(whats); i++) {
		own_fd int in = fuzz_file(text, len), out = fuzz_file("", 0);
		const char *const argv[] = {"kist", "tell", whats[i], NULL};
		struct err err = {0};
		int r = engine_tool(&(struct tool_io){.in = in, .out = out}, argv, NULL, &err);

		if (r < 0)
			fuzz_check_error(r, &err);
	}
}

/* The log of a runtime: there is always a reason. */
static void exec_failed(const char *text, size_t len)
{
	static char path[] = "/tmp/kist-fuzz-XXXXXX";
	const char *const argv[] = {"kist", "exec-failed", path, NULL};
	struct err err = {0};
	int fd;

	memcpy(path + sizeof(path) - 7, "XXXXXX", 6);
	fd = mkstemp(path);
	if (fd < 0 || io_write_full(fd, text, len) < 0)
		abort();
	close(fd);
	fuzz_check_error(engine_tool(&(struct tool_io){.in = 0, .out = 1}, argv, NULL, &err), &err);
	FUZZ_CHECK(access(path, F_OK) < 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size > JSON_LINE_MAX)
		return 0;
	tell((const char *)data, size);
	exec_failed((const char *)data, size);
	fuzz_repeat(data, size, 256 * 1024, tell);
	return 0;
}
