/* SPDX-License-Identifier: Apache-2.0 */
#include "spec/layer_result.h"

#include <errno.h>
#include <string.h>

#include "lib/own.h"
#include "tests/unit/unit.h"

#define HEX "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static void both_kinds(void)
{
	struct layer_result in = {.diff_id = digest_from_hex(HEX), .size = 0, .entries = 3}, out;
	struct err failed = {0}, err = {0};
	own_buf struct buf text = {0};

	layer_result_write(&in, NULL, &text);
	UNIT_STRING(buf_str(&text), "{\"diff_id\":\"sha256:" HEX "\",\"size\":0,\"entries\":3}\n");
	UNIT_OK(layer_result_read(text.data, text.len, &out, &err), &err);
	CU_ASSERT_TRUE(out.size == 0 && out.entries == 3 && out.skipped == 0);
	UNIT_STRING(out.diff_id.text, in.diff_id.text);
	buf_reset(&text);
	err_set(&failed, ENOSPC, "disk \"full\"");
	layer_result_write(NULL, &failed, &text);
	UNIT_STRING(buf_str(&text), "{\"error\":\"disk \\\"full\\\"\",\"code\":28}\n");
	CU_ASSERT_EQUAL(layer_result_read(text.data, text.len, &out, &err), -ENOSPC);
	UNIT_STRING(err.msg, failed.msg);
}

static void odd_lines(void)
{
	static const char *const odd[] = {"", "{", "[]", "{}", "{\"size\":1,\"entries\":2}",
		"{\"diff_id\":\"sha256:" HEX "\",\"entries\":2}",
		"{\"diff_id\":\"sha256:" HEX "\",\"size\":1}",
		"{\"diff_id\":\"sha256:" HEX "\",\"size\":-1,\"entries\":2}",
		"{\"diff_id\":\"sha256:" HEX "\",\"size\":1,\"entries\":2,\"skipped\":\"x\"}",
		"{\"diff_id\":\"md5:" HEX "\",\"size\":1,\"entries\":2}",
		"{\"error\":\"e\",\"code\":-7}", "{\"error\":\"e\"}"};
	struct layer_result out;
	struct err err;

	for (size_t i = 0; i < ARRAY_LEN(odd); i++)
		CU_ASSERT_EQUAL(layer_result_read(odd[i], strlen(odd[i]), &out, &err), -E_CHILD);
}

UNIT_TESTS(layer_result) = {
	{"a layer or an error comes out as it went in", both_kinds},
	{"half a line, missing members and odd codes are errors", odd_lines},
};
UNIT_COUNT(layer_result)
