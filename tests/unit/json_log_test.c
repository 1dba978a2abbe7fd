/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/json_log.h"

#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "lib/mem.h"
#include "lib/own.h"
#include "tests/unit/unit.h"

static void lines(void)
{
	static const char text[] =
		"{\"log\":\"a\\u003cb\\n\",\"stream\":\"stderr\",\"time\":\"T\"}";
	own_arena struct arena a = {0};
	own_buf struct buf bytes = {0};
	struct json_log_record r;
	struct err err = {0};

	UNIT_OK(json_log_decode(text, strlen(text), &r, &bytes, &a, &err), &err);
	CU_ASSERT_TRUE(r.is_stderr);
	CU_ASSERT_EQUAL(r.len, 4);
	UNIT_STRING(r.data, "a<b\n");
	UNIT_STRING(r.time, "T");
}

static void binary(void)
{
	static const char text[] =
		"{\"log\":\"\\ufffd\",\"log64\":\"AP8K\",\"stream\":\"stdout\",\"time\":\"T\"}";
	own_arena struct arena a = {0};
	own_buf struct buf bytes = {0};
	struct json_log_record r;
	struct err err = {0};

	UNIT_OK(json_log_decode(text, strlen(text), &r, &bytes, &a, &err), &err);
	CU_ASSERT_EQUAL(r.len, 3);
	CU_ASSERT_EQUAL(memcmp(r.data, "\0\xff\n", 3), 0);
}

static void damaged(void)
{
	static const char *const texts[] = {"{\"log\":\"a", "{}", "", "{\"log\":\"x\"}",
		"{\"log\":\"x\",\"stream\":\"stdout\",\"log64\":\"*\"}"};
	struct json_log_record r;

	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		own_arena struct arena a = {0};
		own_buf struct buf bytes = {0};
		struct err err = {0};

		CU_ASSERT_TRUE(
			json_log_decode(texts[i], strlen(texts[i]), &r, &bytes, &a, &err) < 0);
	}
}

static void tail(void)
{
	own_fd int fd = memfd_create("log", 0);
	struct err err = {0};
	char line[32];

	for (int i = 0; i < 20000; i++) {
		int n = snprintf(line, sizeof(line), "%07d\n", i);

		CU_ASSERT_EQUAL(write(fd, line, (size_t)n), n);
	}
	CU_ASSERT_EQUAL(json_log_tail(fd, 0, &err), 160000);
	CU_ASSERT_EQUAL(json_log_tail(fd, 1, &err), 160000 - 8);
	CU_ASSERT_EQUAL(json_log_tail(fd, 15000, &err), 160000 - 15000 * 8);
	CU_ASSERT_EQUAL(json_log_tail(fd, 99999, &err), 0);
}

UNIT_TESTS(json_log) = {
	{"a line has bytes, stream and time", lines},
	{"bytes that are no text come back as they were", binary},
	{"damaged lines are errors", damaged},
	{"the last lines are found from the end", tail},
};
UNIT_COUNT(json_log)
