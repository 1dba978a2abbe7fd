/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What kist-layer answers, which has read hostile bytes: its result or its error, and the list of
 * directories that were implied.
 */
#include "tests/fuzz/fuzz.h"

#include "store/layer/layer_worker.c"

static int again(void *arg, const struct implied_directory *directory, struct err *err)
{
	(void)err;
	FUZZ_CHECK(directory->path && *directory->path);
	implied_write(directory, arg);
	return 0;
}

static void read_list(const char *text, size_t len)
{
	own_buf struct buf once = {0}, twice = {0};
	struct err err = {0};
	int r = implied_read(text, len, again, &once, &err);

	if (r < 0) {
		fuzz_check_error(r, &err);
		return;
	}
	FUZZ_CHECK(implied_read(buf_str(&once), once.len, again, &twice, &err) == 0);
	FUZZ_CHECK(strcmp(buf_str(&once), buf_str(&twice)) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	own_arena struct arena a = {0};
	struct layer_result result = {0};
	struct err err = {0};
	const struct json *line;

	read_list((const char *)data, size);
	fuzz_repeat(data, size, 256 * 1024, read_list);
	line = json_parse(&a, (const char *)data, size, JSON_LINE_MAX, &err);
	if (line) {
		int r = read_result(line, &result, &err);

		if (r < 0)
			fuzz_check_error(r, &err);
		else
			FUZZ_CHECK(digest_valid(result.diff_id.text));
	}
	return 0;
}
