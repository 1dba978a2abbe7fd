/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/duration.h"

#include "lib/own.h"
#include "tests/unit/unit.h"

static void durations(void)
{
	struct err ignored;
	static const struct {
		const char *text;
		int64_t nanoseconds;
	} good[] = {{"0", 0}, {"5s", 5000000000}, {"1h2m3s", 3723000000000}, {"1.5ms", 1500000},
		{"-2us", -2000}, {"3\xc2\xb5s", 3000}, {"1.000001s", 1000001000},
		{"2562047h47m16.854775807s", INT64_MAX}, {"1h30m", 5400000000000},
		{"250ms", 250000000}, {"10m5s1ns", 605000000001}, {"+.5h", 1800000000000}};
	static const char *const bad[] = {"", "s", "1", "1x", "1..5s", "-", "99999999999999h",
		"1s ", "1h30", "1 h", "1e3s", "0x1s", "nans", "infs"};
	int64_t n;

	for (size_t i = 0; i < ARRAY_LEN(good); i++) {
		CU_ASSERT_EQUAL(duration_parse(good[i].text, &n, &ignored), 0);
		CU_ASSERT_EQUAL(n, good[i].nanoseconds);
	}
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		CU_ASSERT_EQUAL(duration_parse(bad[i], &n, &ignored), -E_SYNTAX);
}

static void formats(void)
{
	static const struct {
		int64_t n;
		const char *text;
	} table[] = {{0, "0s"}, {5000000000, "5s"}, {90000000000, "1m30s"}, {1500000000, "1.5s"},
		{3600000000000, "1h0m0s"}, {1000000, "1ms"}, {1001000, "1.001ms"}, {7, "7ns"}};

	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		own_buf struct buf out = {0};

		duration_format(table[i].n, &out);
		UNIT_STRING(buf_str(&out), table[i].text);
	}
}

UNIT_TESTS(duration) = {
	{"durations are read as Go reads them", durations},
	{"durations are printed as Go prints them", formats},
};
UNIT_COUNT(duration)
