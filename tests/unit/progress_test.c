/* SPDX-License-Identifier: Apache-2.0 */
#include "puller/progress.h"

#include <string.h>

#include "lib/own.h"
#include "tests/unit/unit.h"

#define DIGEST "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static void bars(void)
{
	own_buf struct buf half = {0}, none = {0}, full = {0}, word = {0};

	progress_bar(DIGEST, "Downloading", 50, 100, 80, &half);
	UNIT_STRING(buf_str(&half),
		"0123456789ab: Downloading [===================>                    ]  50B/100B");
	progress_bar(DIGEST, "Downloading", 0, 100, 79, &none);
	CU_ASSERT_PTR_NOT_NULL(strstr(buf_str(&none), "[   "));
	progress_bar(DIGEST, "Downloading", 100, 100, 79, &full);
	CU_ASSERT_PTR_NOT_NULL(strstr(buf_str(&full), "=>]"));
	progress_bar(DIGEST, "Pull complete", 100, 0, 79, &word);
	UNIT_STRING(buf_str(&word), "0123456789ab: Pull complete");
}

static void narrow(void)
{
	for (int width = 1; width < 200; width++) {
		own_buf struct buf line = {0};

		progress_bar(DIGEST, "Downloading", 12345678, 987654321, width, &line);
		CU_ASSERT_TRUE(line.len <= (size_t)width);
	}
}

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
	{"a bar shows how far it is", bars},
	{"a line never exceeds the terminal's width", narrow},
	{"--progress takes its words only", modes},
};
UNIT_COUNT(progress)
