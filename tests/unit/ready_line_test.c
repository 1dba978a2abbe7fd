/* SPDX-License-Identifier: Apache-2.0 */
#include "spec/ready_line.h"

#include <string.h>

#include "lib/own.h"
#include "tests/unit/unit.h"

static void both_kinds(void)
{
	struct err failed = {0}, err = {0};
	own_buf struct buf text = {0};
	int64_t pid = 0;

	ready_line_write(1234, NULL, &text);
	UNIT_STRING(buf_str(&text), "{\"pid\":1234}\n");
	UNIT_OK(ready_line_read(buf_str(&text), text.len, &pid, &err), &err);
	CU_ASSERT_EQUAL(pid, 1234);
	buf_reset(&text);
	err_set(&failed, E_COMMAND_NOT_FOUND, "exec: \"x\": not found");
	ready_line_write(-1, &failed, &text);
	UNIT_STRING(buf_str(&text), "{\"error\":\"exec: \\\"x\\\": not found\",\"code\":1041}\n");
	CU_ASSERT_EQUAL(
		ready_line_read(buf_str(&text), text.len, &pid, &err), -E_COMMAND_NOT_FOUND);
	UNIT_STRING(err.msg, failed.msg);
}

static void odd_lines(void)
{
	struct err err = {0};
	int64_t pid;

	CU_ASSERT_EQUAL(ready_line_read("", 0, &pid, &err), -E_CHILD);
	CU_ASSERT_EQUAL(ready_line_read("{\"pid\":", 7, &pid, &err), -E_SYNTAX);
	CU_ASSERT_EQUAL(ready_line_read("{\"pid\":\"1\"}", 11, &pid, &err), -E_SYNTAX);
	CU_ASSERT_EQUAL(
		ready_line_read("{\"error\":\"e\",\"code\":-1}\n", 24, &pid, &err), -E_CHILD);
	CU_ASSERT_EQUAL(ready_line_read("{\"error\":\"e\"}", 13, &pid, &err), -E_CHILD);
}

static void left(void)
{
	own_buf struct buf text = {0};

	ready_line_write_left(READY_LEFT_KEYS, &text);
	CU_ASSERT_STRING_EQUAL(buf_str(&text), "{\"left\":\"keys\"}\n");
	CU_ASSERT_TRUE(ready_line_left(buf_str(&text), text.len, READY_LEFT_KEYS));
	CU_ASSERT_FALSE(ready_line_left(buf_str(&text), text.len, READY_LEFT_UNREAD));
	CU_ASSERT_FALSE(ready_line_left(buf_str(&text), text.len - 1, READY_LEFT_KEYS));
	CU_ASSERT_FALSE(ready_line_left("", 0, READY_LEFT_KEYS));
	CU_ASSERT_FALSE(ready_line_left("{\"pid\":1}\n", 10, READY_LEFT_KEYS));
}

UNIT_TESTS(ready_line) = {
	{"the second line says why the monitor left", left},
	{"a process id or an error comes out as it went in", both_kinds},
	{"nothing, half a line and odd codes are errors", odd_lines},
};
UNIT_COUNT(ready_line)
