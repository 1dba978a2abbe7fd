/* SPDX-License-Identifier: Apache-2.0 */
#include "spec/log_line.h"

#include <stdlib.h>
#include <string.h>

#include "lib/mem.h"
#include "lib/own.h"
#include "tests/unit/unit.h"

static void record(const char *data, size_t len, const char *expected)
{
	own_buf struct buf out = {0};

	log_line_write(&out, data, len, "stdout", "T");
	UNIT_STRING(buf_str(&out), expected);
}

#define RECORD(data, inner)                                                                        \
	record(data, sizeof(data) - 1,                                                             \
		"{\"log\":\"" inner ",\"stream\":\"stdout\",\"time\":\"T\"}\n")

static void writes_as_docker(void)
{
	RECORD("hello\n", "hello\\n\"");
	RECORD("<a & b>\n", "\\u003ca \\u0026 b\\u003e\\n\"");
	RECORD("q\"b\\t\tr\r\x1b[0m\x7f", "q\\\"b\\\\t\\u0009r\\r\\u001b[0m\x7f\"");
	RECORD("a\0b", "a\\u0000b\"");
	RECORD("gr\xc3\xbc\xc3\x9f \xe2\x82\xac \xf0\x9f\x98\x80",
		"gr\xc3\xbc\xc3\x9f \xe2\x82\xac \xf0\x9f\x98\x80\"");
	RECORD("\xe2\x80\xa8\xe2\x80\xa9\xe2\x80\xaa", "\\u2028\\u2029\xe2\x80\xaa\"");
}

static void keeps_invalid_bytes(void)
{
	RECORD("\xff", "\\ufffd\",\"log64\":\"/w==\"");
	RECORD("a\xc3", "a\\ufffd\",\"log64\":\"YcM=\"");
	RECORD("\xc0\xaf.", "\\ufffd\\ufffd.\",\"log64\":\"wK8u\"");
	RECORD("\xed\xa0\x80", "\\ufffd\\ufffd\\ufffd\",\"log64\":\"7aCA\"");
	RECORD("\xf4\x90\x80\x80", "\\ufffd\\ufffd\\ufffd\\ufffd\",\"log64\":\"9JCAgA==\"");
}

static void lines(void)
{
	static const char text[] =
		"{\"log\":\"a\\u003cb\\u0000\\\"\\ud83d\\ude00\\n\",\"stream\":\"stderr\","
		"\"attrs\":{\"k\":\"v\"},\"time\":\"T\"}";
	own(log_line_release) struct log_line line = {0};
	struct err err = {0};

	UNIT_OK(log_line_read(text, strlen(text), &line, &err), &err);
	CU_ASSERT_TRUE(line.is_stderr);
	CU_ASSERT_EQUAL_FATAL(line.log.len, 10);
	CU_ASSERT_EQUAL(memcmp(line.log.data, "a<b\0\"\xf0\x9f\x98\x80\n", 10), 0);
	UNIT_STRING(buf_str(&line.time), "T");
}

static void binary(void)
{
	static const char text[] =
		"{\"log\":\"\\ufffd\",\"log64\":\"AP8K\",\"stream\":\"stdout\",\"time\":\"T\"}";
	own(log_line_release) struct log_line line = {0};
	struct err err = {0};

	UNIT_OK(log_line_read(text, strlen(text), &line, &err), &err);
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
		own(log_line_release) struct log_line line = {0};
		struct err err = {0};

		CU_ASSERT_TRUE(log_line_read(texts[i], strlen(texts[i]), &line, &err) < 0);
	}
}

/* Whatever a container writes comes back as it was. */
static void round_trip(void)
{
	own(log_line_release) struct log_line line = {0};

	srandom(7);
	for (int i = 0; i < 2000; i++) {
		own_buf struct buf text = {0};
		unsigned char data[64];
		size_t len = 1 + (size_t)random() % sizeof(data);
		struct err err = {0};

		for (size_t k = 0; k < len; k++)
			data[k] = (unsigned char)(random() % 4
					? random() % 256
					: "\n\\\"\xe2\x80\xa8"[random() % 6]);
		log_line_write(&text, (char *)data, len, i & 1 ? "stderr" : "stdout", "T");
		CU_ASSERT_EQUAL_FATAL(text.data[text.len - 1], '\n');
		UNIT_OK(log_line_read(text.data, text.len - 1, &line, &err), &err);
		CU_ASSERT_EQUAL(line.is_stderr, i & 1);
		CU_ASSERT_EQUAL_FATAL(line.log.len, len);
		CU_ASSERT_EQUAL(memcmp(line.log.data, data, len), 0);
	}
}

UNIT_TESTS(log_line) = {
	{"a line is written as docker writes it", writes_as_docker},
	{"bytes that are not UTF-8 are replaced, and kept in base64", keeps_invalid_bytes},
	{"a line has bytes, stream and time", lines},
	{"bytes that are no text come back as they were", binary},
	{"damaged lines are errors", damaged},
	{"what is written is read", round_trip},
};
UNIT_COUNT(log_line)
