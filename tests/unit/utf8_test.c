/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/utf8.h"

#include <string.h>

#include "lib/own.h"
#include "tests/unit/unit.h"

/* Every code point is written so that it is read as one character of that length. */
static void there_and_back(void)
{
	own_buf struct buf text = {0};

	for (unsigned c = 1; c <= 0x10ffff; c++) {
		size_t expected = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
		bool surrogate = c >= 0xd800 && c <= 0xdfff;

		text.len = 0;
		utf8_add(&text, c);
		if (text.len != expected ||
			utf8_sequence((const unsigned char *)text.data, text.len) !=
				(surrogate ? 0 : expected))
			CU_FAIL("a code point");
	}
}

static void refused(void)
{
	static const char *const wrong[] = {"\x80", "\xc0\x80", "\xc1\xbf", "\xe0\x9f\xbf",
		"\xed\xa0\x80", "\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xc3",
		"\xe2\x82", "\xe2x\x80", "\xff"};

	for (size_t i = 0; i < ARRAY_LEN(wrong); i++)
		CU_ASSERT_EQUAL(
			utf8_sequence((const unsigned char *)wrong[i], strlen(wrong[i])), 0);
}

UNIT_TESTS(utf8) = {
	{"every code point is written and read", there_and_back},
	{"what is no character is refused", refused},
};
UNIT_COUNT(utf8)
