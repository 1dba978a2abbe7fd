/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/json.h"

#include <errno.h>
#include <string.h>

#include "lib/own.h"
#include "tests/unit/unit.h"

static void written_as_read(void)
{
	static const char *const table[] = {
		"null",
		"true",
		"[]",
		"{}",
		"-0.5e+10",
		"123456789012345678901234567890",
		"\"\"",
		"\"\\\"\\\\\\n\\t\\r\\u0001\\u007f\"",
		"\"\xc3\xa4\xe2\x82\xac\xf0\x9f\x90\xb3\"",
		"{\"b\":[1,{\"a\":null}],\"a\":{\"b\":false},\"\":0}",
	};
	struct err err = {0};

	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		own_arena struct arena a = {0};
		own_buf struct buf out = {0};
		const struct json *v = json_parse(
			&a, table[i], strlen(table[i]), JSON_LINE_MAX, &err);

		CU_ASSERT_PTR_NOT_NULL_FATAL(v);
		json_write(v, JSON_COMPACT, &out);
		UNIT_STRING(buf_str(&out), table[i]);
	}
}

static void escapes(void)
{
	static const char text[] = "\"\\u00e4\\ud83d\\udc33\\/\"";
	own_arena struct arena a = {0};
	struct err err = {0};
	const struct json *v = json_parse(&a, text, strlen(text), JSON_LINE_MAX, &err);

	CU_ASSERT_PTR_NOT_NULL_FATAL(v);
	UNIT_STRING(v->text, "\xc3\xa4\xf0\x9f\x90\xb3/");
}

static void malformed(void)
{
	static const char *const table[] = {
		"",
		" ",
		"{",
		"[1,]",
		"{\"a\":1,}",
		"{\"a\"}",
		"{1:2}",
		"01",
		"1.",
		"+1",
		"nul",
		"NaN",
		"'a'",
		"\"a",
		"\"\\x\"",
		"\"\n\"",
		"\"\\u0000\"",
		"{\"\\u0000\":1}",
		"\"\xff\"",
		"\"\xc0\x80\"",
		"\"\xed\xa0\x80\"",
		"\"\\ud800\"",
		"\"\\udc33\"",
		"\"\\ud83dx\"",
		"\"\\ud83d\\u0041\"",
		"\"\\ud83d\\ud83d\\udc33\"",
		"\"\\\\\\ud83d\"",
		"1 2",
		"{}{}",
		"{} x",
		"[1 2]",
		"{\"a\":1,\"a\":2}",
		"{\"a\":1,\"\\u0061\":2}",
		"// c\n1",
		"/* c */ 1",
	};
	struct err err = {0};

	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		own_arena struct arena a = {0};
		const struct json *v = json_parse(
			&a, table[i], strlen(table[i]), JSON_LINE_MAX, &err);

		UNIT_STRING(v ? table[i] : NULL, NULL);
		CU_ASSERT_EQUAL(err.code, E_SYNTAX);
	}
}

static void nul_in_document(void)
{
	own_arena struct arena a = {0};
	struct err err = {0};

	CU_ASSERT_PTR_NULL(json_parse(&a, "1\0", 2, JSON_LINE_MAX, &err));
	CU_ASSERT_PTR_NULL(json_parse(&a, "\"a\0b\"", 5, JSON_LINE_MAX, &err));
}

static void limits(void)
{
	own_arena struct arena a = {0};
	own_buf struct buf deep = {0};
	struct err err = {0};

	for (int i = 0; i < JSON_DEPTH_MAX; i++)
		buf_addc(&deep, '[');
	for (int i = 0; i < JSON_DEPTH_MAX; i++)
		buf_addc(&deep, ']');
	CU_ASSERT_PTR_NOT_NULL(json_parse(&a, deep.data, deep.len, JSON_LINE_MAX, &err));
	buf_reset(&deep);
	for (int i = 0; i <= JSON_DEPTH_MAX; i++)
		buf_addc(&deep, '[');
	CU_ASSERT_PTR_NULL(json_parse(&a, deep.data, deep.len, JSON_LINE_MAX, &err));
	CU_ASSERT_EQUAL(err.code, E_LIMIT);
	CU_ASSERT_PTR_NOT_NULL(json_parse(&a, "[1]", 3, 3, &err));
	CU_ASSERT_PTR_NULL(json_parse(&a, "[1]", 3, 2, &err));
	CU_ASSERT_EQUAL(err.code, E_LIMIT);
}

static void many_values(void)
{
	own_arena struct arena a = {0};
	own_buf struct buf text = {0};
	struct err err = {0};

	buf_addc(&text, '[');
	for (unsigned i = 0; i < JSON_VALUES_MAX - 2; i++)
		buf_adds(&text, "1,");
	buf_adds(&text, "1]");
	CU_ASSERT_PTR_NOT_NULL(json_parse(&a, text.data, text.len, JSON_DOCUMENT_MAX, &err));
	text.len--;
	buf_adds(&text, ",1]");
	CU_ASSERT_PTR_NULL(json_parse(&a, text.data, text.len, JSON_DOCUMENT_MAX, &err));
	CU_ASSERT_EQUAL(err.code, E_LIMIT);
}

static void many_duplicates(void)
{
	own_arena struct arena a = {0};
	own_buf struct buf text = {0};
	struct err err = {0};

	buf_addc(&text, '{');
	for (int i = 0; i < 1000; i++)
		buf_addf(&text, "\"k%d\":1,", i);
	buf_adds(&text, "\"last\":1}");
	CU_ASSERT_PTR_NOT_NULL(json_parse(&a, text.data, text.len, JSON_LINE_MAX, &err));
	text.len -= strlen("\"last\":1}");
	buf_adds(&text, "\"k500\":1}");
	CU_ASSERT_PTR_NULL(json_parse(&a, text.data, text.len, JSON_LINE_MAX, &err));
	CU_ASSERT_PTR_NOT_NULL(strstr(err.msg, "\"k500\" occurs twice"));
}

static void numbers(void)
{
	static const struct {
		const char *text;
		int as_int, as_uint;
	} table[] = {
		{"0", 0, 0},
		{"-1", 0, -ERANGE},
		{"9223372036854775807", 0, 0},
		{"9223372036854775808", -ERANGE, 0},
		{"-9223372036854775808", 0, -ERANGE},
		{"18446744073709551615", -ERANGE, 0},
		{"18446744073709551616", -ERANGE, -ERANGE},
		{"1.0", -EINVAL, -EINVAL},
		{"1e3", -EINVAL, -EINVAL},
		{"\"1\"", -EINVAL, -EINVAL},
		{"null", -EINVAL, -EINVAL},
	};
	own_arena struct arena a = {0};
	struct err err = {0};

	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		const struct json *v = json_parse(
			&a, table[i].text, strlen(table[i].text), JSON_LINE_MAX, &err);
		int64_t n;
		uint64_t u;

		CU_ASSERT_EQUAL(json_int64(v, &n), table[i].as_int);
		CU_ASSERT_EQUAL(json_uint64(v, &u), table[i].as_uint);
	}
	CU_ASSERT_EQUAL(json_int64(NULL, &(int64_t){0}), -EINVAL);
}

static void foreign_bytes(void)
{
	own_buf struct buf out = {0};

	json_write_string("a\xff\xc3\xa4\xe2\x82", 6, &out);
	UNIT_STRING(buf_str(&out), "\"a\\ufffd\xc3\xa4\\ufffd\\ufffd\"");
}

static void built(void)
{
	own_arena struct arena a = {0};
	own_buf struct buf out = {0};
	struct json *o = json_new_object(&a);

	json_set_string(&a, o, "s", "x");
	json_set_string(&a, o, "none", NULL);
	json_set_int(&a, o, "i", INT64_MIN);
	json_set(&a, o, "u", json_new_uint(&a, UINT64_MAX));
	json_set_bool(&a, o, "b", false);
	json_append(json_set(&a, o, "l", json_new_array(&a)), json_new_null(&a));
	json_write(json_copy(&a, o), JSON_COMPACT, &out);
	UNIT_STRING(buf_str(&out),
		"{\"s\":\"x\",\"i\":-9223372036854775808,"
		"\"u\":18446744073709551615,\"b\":false,\"l\":[null]}");
	buf_reset(&out);
	json_write(json_get(o, "l"), JSON_PRETTY, &out);
	UNIT_STRING(buf_str(&out), "[\n    null\n]");
	CU_ASSERT_PTR_NULL(json_get(json_get(o, "s"), "x"));
	CU_ASSERT_PTR_NULL(json_get_string(o, "i"));
}

static void taken_out(void)
{
	static const char text[] = "{\"a\":1,\"b\":2,\"c\":3}";
	own_arena struct arena a = {0};
	own_buf struct buf out = {0};
	struct err err;
	struct json *o = json_parse(&a, text, strlen(text), 100, &err);

	CU_ASSERT_TRUE(json_remove(o, "b"));
	CU_ASSERT_FALSE(json_remove(o, "b"));
	CU_ASSERT_TRUE(json_remove(o, "c"));
	json_set_int(&a, o, "d", 4);
	CU_ASSERT_TRUE(json_remove(o, "a"));
	json_write(o, JSON_COMPACT, &out);
	UNIT_STRING(buf_str(&out), "{\"d\":4}");
	CU_ASSERT_EQUAL(o->count, 1);
	CU_ASSERT_TRUE(json_remove(o, "d"));
	CU_ASSERT(o->count == 0 && !o->first && !o->last);
	CU_ASSERT_FALSE(json_remove(NULL, "a"));
	o = json_parse(&a, "[[1]]", 5, 100, &err);
	CU_ASSERT_FALSE(json_remove(o, "a"));
}

static void among(void)
{
	static const char text[] = "[\"a\",1,\"b\",[\"c\"]]";
	own_arena struct arena a = {0};
	struct err err;
	const struct json *list = json_parse(&a, text, strlen(text), 100, &err);

	CU_ASSERT(json_has_string(list, "a") && json_has_string(list, "b"));
	CU_ASSERT(!json_has_string(list, "1") && !json_has_string(list, "c"));
	CU_ASSERT_FALSE(json_has_string(NULL, "a"));
}

UNIT_TESTS(json) = {
	{"a document is written as it was read", written_as_read},
	{"escapes become UTF-8", escapes},
	{"what is not JSON is refused", malformed},
	{"a NUL byte ends nothing silently", nul_in_document},
	{"depth and size are limited", limits},
	{"the number of values is limited", many_values},
	{"a duplicate key among a thousand is found", many_duplicates},
	{"whole numbers are read within their type", numbers},
	{"bytes that are not UTF-8 are written as U+FFFD", foreign_bytes},
	{"documents are built and copied", built},
	{"members are taken out", taken_out},
	{"a string is found among the elements of a list", among},
};
UNIT_COUNT(json)
