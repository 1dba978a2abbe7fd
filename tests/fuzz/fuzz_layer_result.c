/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What kist-layer answers, which has read hostile bytes: its result or its error, and the list of
 * directories that were implied.
 */
#include "tests/fuzz/fuzz.h"

#include <string.h>

#include "lib/own.h"
#include "spec/implied.h"
#include "spec/layer_result.h"

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

/* A result that was understood is written as it was read. */
static void read_result(const char *text, size_t len)
{
	struct layer_result result = {0}, written;
	own_buf struct buf line = {0};
	struct err err = {0};
	int r = layer_result_read(text, len, &result, &err);

	if (r < 0) {
		fuzz_check_error(r, &err);
		return;
	}
	FUZZ_CHECK(digest_valid(result.diff_id.text));
	layer_result_write(&result, NULL, &line);
	FUZZ_CHECK(layer_result_read(line.data, line.len, &written, &err) == 0);
	FUZZ_CHECK(digest_equal(&result.diff_id, &written.diff_id));
	FUZZ_CHECK(result.size == written.size && result.entries == written.entries &&
		result.skipped == written.skipped);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	read_list((const char *)data, size);
	fuzz_repeat(data, size, 256 * 1024, read_list);
	read_result((const char *)data, size);
	return 0;
}
