/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/base64.h"

#include <string.h>

#include "lib/own.h"
#include "tests/unit/unit.h"

static void both_ways(void)
{
	static const char *const texts[] = {"", "f", "fo", "foo", "foob", "fooba", "foobar"};
	static const char *const coded[] = {
		"", "Zg==", "Zm8=", "Zm9v", "Zm9vYg==", "Zm9vYmE=", "Zm9vYmFy"};

	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		own_buf struct buf to = {0}, from = {0};

		base64_encode(texts[i], strlen(texts[i]), &to);
		UNIT_STRING(buf_str(&to), coded[i]);
		CU_ASSERT_EQUAL(base64_decode(coded[i], strlen(coded[i]), &from), 0);
		UNIT_STRING(buf_str(&from), texts[i]);
		buf_reset(&from);
		CU_ASSERT_EQUAL(base64_decode(coded[i], strcspn(coded[i], "="), &from), 0);
		UNIT_STRING(buf_str(&from), texts[i]);
	}
	for (const char *const *bad =
			(const char *const[]){"A", "Zm9v!", "Zm=v", "Zg===", "Zm 9v", NULL};
		*bad; bad++) {
		own_buf struct buf out = {0};

		if (base64_decode(*bad, strlen(*bad), &out) == 0)
			CU_FAIL(*bad);
	}
}

UNIT_TESTS(base64) = {
	{"base64 as in RFC 4648, with or without padding", both_ways},
};
UNIT_COUNT(base64)
