/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/docker/json_log.h"

#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "lib/own.h"
#include "tests/unit/unit.h"

static void lines(void)
{
	static const char text[] =
		"{\"log\":\"a\\u003cb\\u0000\\\"\\ud83d\\ude00\\n\",\"stream\":\"stderr\","
		"\"attrs\":{\"k\":\"v\"},\"time\":\"T\"}";
	own(json_log_line_release) struct json_log_line line = {0};
	struct err err = {0};

	UNIT_OK(json_log_decode(text, strlen(text), &line, &err), &err);
	CU_ASSERT_TRUE(line.is_stderr);
	CU_ASSERT_EQUAL_FATAL(line.log.len, 10);
	CU_ASSERT_EQUAL(memcmp(line.log.data, "a<b\0\"\xf0\x9f\x98\x80\n", 10), 0);
	UNIT_STRING(buf_str(&line.time), "T");
}

static void binary(void)
{
	static const char text[] =
		"{\"log\":\"\\ufffd\",\"log64\":\"AP8K\",\"stream\":\"stdout\",\"time\":\"T\"}";
	own(json_log_line_release) struct json_log_line line = {0};
	struct err err = {0};

	UNIT_OK(json_log_decode(text, strlen(text), &line, &err), &err);
	CU_ASSERT_EQUAL_FATAL(line.log.len, 3);
	CU_ASSERT_EQUAL(memcmp(line.log.data, "\0\xff\n", 3), 0);
}

static void damaged(void)
{
	static const char *const texts[] = {"{\"log\":\"a", "{}", "", "{\"log\":\"x\"}",
		"{\"log\":1}", "{\"log\":\"x\" \"stream\":\"stdout\"}",
		"{\"log\":\"\\q\",\"stream\":\"stdout\"}",
		"{\"log\":\"\\u12\",\"stream\":\"stdout\"}",
		"{\"attrs\":{\"k\":", "{\"log\":\"x\",\"stream\":\"stdout\",\"log64\":\"*\"}"};

	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		own(json_log_line_release) struct json_log_line line = {0};
		struct err err = {0};

		CU_ASSERT_TRUE(json_log_decode(texts[i], strlen(texts[i]), &line, &err) < 0);
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
