/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/docker/units.h"

#include <string.h>
#include <time.h>

#include "engine/cli/table.h"
#include "lib/buf.h"
#include "lib/own.h"
#include "tests/unit/unit.h"

static void durations(void)
{
	static const struct {
		int64_t seconds;
		const char *text;
	} table[] = {{0, "Less than a second"}, {1, "1 second"}, {59, "59 seconds"},
		{60, "About a minute"}, {119, "About a minute"}, {120, "2 minutes"},
		{3599, "59 minutes"}, {3600, "About an hour"}, {5399, "About an hour"},
		{5400, "2 hours"}, {47 * 3600, "47 hours"}, {48 * 3600, "2 days"},
		{14 * 86400, "2 weeks"}, {60 * 86400, "2 months"}, {730 * 86400, "2 years"}};
	char text[UNITS_TEXT_MAX];

	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		units_duration(table[i].seconds, text);
		UNIT_STRING(text, table[i].text);
	}
	units_age(NULL, text);
	UNIT_STRING(text, "N/A");
}

static void times(void)
{
	struct err err = {0};
	int64_t seconds;
	long nanoseconds;

	UNIT_OK(units_parse_time("1700000000.25", &seconds, &nanoseconds, &err), &err);
	CU_ASSERT_EQUAL(seconds, 1700000000);
	CU_ASSERT_EQUAL(nanoseconds, 250000000);
	UNIT_OK(units_parse_time("2026-11-24T04:25:11Z", &seconds, &nanoseconds, &err), &err);
	CU_ASSERT_EQUAL(seconds, 1795494311);
	UNIT_OK(units_parse_time("10m", &seconds, &nanoseconds, &err), &err);
	CU_ASSERT_TRUE(seconds <= time(NULL) - 599 && seconds >= time(NULL) - 602);
	CU_ASSERT_TRUE(units_parse_time("yesterday", &seconds, &nanoseconds, &err) < 0);
	CU_ASSERT_EQUAL(err.code, E_USAGE);
}

static void tables(void)
{
	own_buf struct buf out = {0};

	table_align("DRIVER\tVOLUME NAME\nlocal\tx\n", &out);
	UNIT_STRING(buf_str(&out), "DRIVER    VOLUME NAME\nlocal     x\n");
	buf_reset(&out);
	table_align("A\tB\tC\n0123456789…\té\tend\n", &out);
	UNIT_STRING(buf_str(&out), "A             B         C\n0123456789…   é         end\n");
}

UNIT_TESTS(units) = {
	{"durations in docker's words, at their bounds", durations},
	{"points in time: seconds, RFC 3339, and back from now", times},
	{"columns are as wide as their widest cell and three, at least ten", tables},
};
UNIT_COUNT(units)
