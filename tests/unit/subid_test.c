/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/subid.h"

#include <string.h>

#include "lib/own.h"
#include "tests/unit/unit.h"

static const struct subid_owner anna = {"anna", 1000, 1000};

/* "first+count ..." */
static void expect(const char *text, const struct subid_owner *owner, const char *wanted)
{
	struct subid_ranges ranges;
	own_buf struct buf got = {0};

	subid_parse(text, strlen(text), owner, &ranges);
	for (size_t i = 0; i < ranges.count; i++)
		buf_addf(&got, "%s%u+%u", i ? " " : "", ranges.items[i].first,
			ranges.items[i].count);
	UNIT_STRING(buf_str(&got), wanted);
}

static void by_name_and_number(void)
{
	const struct subid_owner nameless = {NULL, 1000, 1000};
	static const char text[] = "root:1:1\nanna:100000:65536\nannabel:300000:9\n"
				   "1000:200000:10\n10000:400000:9\nanna:500000:1";

	expect(text, &anna, "100000+65536 200000+10 500000+1");
	expect(text, &nameless, "200000+10");
	expect("", &anna, "");
}

static void damaged(void)
{
	expect("anna\nanna:\nanna:1\nanna:1:\nanna::2\nanna:-1:5\nanna:1:2:3\nanna:x:5\nanna: 7:5\n"
	       ":1:2\n#anna:1:2\nanna:5000:7 \nanna:6000:3\n",
		&anna, "6000+3");
	expect("anna:4294967296:5\nanna:99999999999999999999:5\nanna:1:18446744073709551617\n",
		&anna, "");
	expect("anna:4294967290:5\nanna:4294967290:6\n", &anna, "4294967290+5");
	expect("anna:7:0\n", &anna, "");
}

static void no_id_twice(void)
{
	expect("anna:2000:10\nanna:2005:10\nanna:1995:6\nanna:1990:10\nanna:2010:1\n", &anna,
		"2000+10 1990+10 2010+1");
	expect("anna:999:2\nanna:1000:1\nanna:0:100000\nanna:1001:5\n", &anna, "1001+5");
	/* all there are, and one more */
	expect("anna:1001:4294966294\nanna:1:10\n", &anna, "1001+4294966294 1+10");
}

static void many(void)
{
	own_buf struct buf text = {0};
	struct subid_ranges ranges;

	for (int i = 0; i < 1000; i++)
		buf_addf(&text, "anna:%d:5\n", 100000 + 10 * i);
	subid_parse(text.data, text.len, &anna, &ranges);
	CU_ASSERT_EQUAL(ranges.count, SUBID_RANGES_MAX);
}

static void names(void)
{
	static const char text[] = "root:x:0:0::/root:/bin/sh\n:x:5:5\nbad\nworse:x\nx:x:\n"
				   "anna:x:1000:1000::/:/bin/sh\nlast::7";
	own_mem char *found = subid_name(text, strlen(text), 1000);
	own_mem char *last = subid_name(text, strlen(text), 7);

	UNIT_STRING(found, "anna");
	UNIT_STRING(last, "last");
	CU_ASSERT_PTR_NULL(subid_name(text, strlen(text), 5));
	CU_ASSERT_PTR_NULL(subid_name(text, strlen(text), 1));
	CU_ASSERT_PTR_NULL(subid_name("", 0, 0));
}

static void words(void)
{
	const struct subid_ranges ranges = {.items = {{100000, 10}, {500, 3}}, .count = 2};
	own_strv struct strv v = {0};
	own_buf struct buf line = {0};

	subid_add_words(&ranges, 1000, &v);
	for (size_t i = 0; i < v.count; i++)
		buf_addf(&line, "%s ", v.items[i]);
	UNIT_STRING(buf_str(&line), "0 1000 1 1 100000 10 11 500 3 ");
}

static void missing(void)
{
	struct subid_ranges ranges = {.count = 7};
	struct err err;

	CU_ASSERT_EQUAL(subid_read("/nonexistent/subuid", &anna, &ranges, &err), 0);
	CU_ASSERT_EQUAL(ranges.count, 0);
}

UNIT_TESTS(subid) = {
	{"a user's ranges stand under the name or the number", by_name_and_number},
	{"a user's name stands in passwd", names},
	{"lines that cannot be understood give nothing", damaged},
	{"no id is given twice, the user's own neither", no_id_twice},
	{"more ranges than the kernel takes are cut off", many},
	{"the map begins with the user and has the ranges behind it", words},
	{"a file that is not there gives nothing", missing},
};
UNIT_COUNT(subid)
