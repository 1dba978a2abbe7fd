/* SPDX-License-Identifier: Apache-2.0 */
#include "puller/progress.h"

#include "lib/own.h"
#include "tests/unit/unit.h"

static void modes(void)
{
	enum progress_mode mode = PROGRESS_AUTO;
	struct err err;

	UNIT_OK(progress_parse_mode("json", &mode, &err), &err);
	CU_ASSERT_EQUAL(mode, PROGRESS_JSON);
	UNIT_OK(progress_parse_mode("plain", &mode, &err), &err);
	CU_ASSERT_EQUAL(mode, PROGRESS_PLAIN);
	CU_ASSERT_EQUAL(progress_parse_mode("bars", &mode, &err), -E_USAGE);
	CU_ASSERT_EQUAL(progress_parse_mode("", &mode, &err), -E_USAGE);
	CU_ASSERT_EQUAL(mode, PROGRESS_PLAIN);
}

UNIT_TESTS(progress) = {
	{"--progress takes its words only", modes},
};
UNIT_COUNT(progress)
