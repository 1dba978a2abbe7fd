/* SPDX-License-Identifier: Apache-2.0 */
/* The last lines of a container's log, which may be damaged: as many as there are, and no more. */
#include "engine/docker/json_log.h"
#include "spec/log_line.h"
#include "tests/fuzz/fuzz.h"

static size_t count_lines(const char *text, size_t len)
{
	size_t n = 0;

	for (size_t i = 0; i < len; i++)
		n += text[i] == '\n' || i + 1 == len;
	return n;
}

static void read_log(const char *text, size_t len)
{
	static const uint64_t wanted[] = {0, 1, 2, 10, UINT64_MAX};
	own_fd int fd = fuzz_file(text, len);
	size_t all = count_lines(text, len);

	for (size_t i = 0; i < ARRAY_LEN(wanted); i++) {
		struct err err = {0};
		off_t at = json_log_tail(fd, wanted[i], &err);
		size_t least = wanted[i] < all ? (size_t)wanted[i] : all;

		FUZZ_CHECK(at >= 0 && (size_t)at <= len);
		FUZZ_CHECK(count_lines(text + at, len - (size_t)at) == least);
		FUZZ_CHECK(!at || (size_t)at == len || text[at - 1] == '\n');
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	read_log((const char *)data, size);
	fuzz_repeat(data, size, 256 * 1024, read_log);
	return 0;
}
